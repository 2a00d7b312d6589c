using System.ComponentModel;
using System.ComponentModel.DataAnnotations;
using Ablation.Harness.Faces;
using Ablation.Harness.Foundations;
using Ablation.Losses.Options;

namespace Ablation.Harness.Protocols;

/// <summary>The combinations of resolutions that a low-resolution test compares.</summary>
public enum LowResolutionCells
{
    /// <summary>Every gallery resolution with every probe resolution.</summary>
    Matrix,

    /// <summary>Both sides at one resolution.</summary>
    Diagonal,

    /// <summary>The gallery as stored, the probe at each resolution.</summary>
    NativeGallery,
}

/// <summary>Any test of pairs or identification with its pictures reduced: synthetic low resolution.</summary>
[Description(
    "A test of pairs, or an identification, at lower resolutions (synthetic): reduced by area to p x p, enlarged by bicubic to the " +
    "network's input; gallery by probe resolution")]
public sealed record LowResolutionOptions : ProtocolOptions
{
    private const int MostPixels = 512;

    [Required, Description("The test; the first image of a pair is the gallery's, the second the probe's")]
    public required ProtocolOptions Test { get; init; }

    [Description("Pixels per side, each 1 .. 512; pictures at stored size are always compared too")]
    public IReadOnlyList<int> Resolutions { get; init; } = [7, 10, 14, 20, 28, 56];

    [Description("matrix: every gallery with every probe resolution; diagonal: both equal; nativeGallery: only the probe is reduced")]
    public LowResolutionCells Cells { get; init; }

    /// <inheritdoc/>
    public override LowResolutionTest Open(DataRoot data)
    {
        const string where = "LowResolution.resolutions";
        if (Resolutions.Count == 0) throw new DataProblem(where, "there are none", "name at least one, in pixels per side");
        foreach (var pixels in Resolutions)
        {
            if (pixels is < 1 or > MostPixels)
                throw new DataProblem(where, $"{pixels} is no resolution",
                    $"choose from 1 to {MostPixels} pixels per side; pictures at stored size are always compared");
        }

        if (Resolutions.Distinct().Count() < Resolutions.Count) throw new DataProblem(where, "one occurs twice", "name each once");
        var test = Test.Open(data);
        if (test is ITwoSidedTest) return new LowResolutionTest(test, Resolutions, Cells);
        test.Dispose();
        throw new DataProblem("LowResolution.test", $"{Catalog.NameOf(Test)} has no gallery and probes of single pictures",
            "name a test of pairs (LfwPairs, Cfp, PairList, ...) or an identification (Identification, TinyFace, MegaFace)");
    }
}
