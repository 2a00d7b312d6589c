using System.ComponentModel;
using System.ComponentModel.DataAnnotations;
using Ablation.Harness.Faces;
using Ablation.Harness.Foundations;
using Ablation.Losses.Options;

namespace Ablation.Harness.Protocols;

/// <summary>Which combinations of resolutions a test of low resolution compares.</summary>
public enum LowResolutionCells
{
    /// <summary>Every gallery resolution with every probe resolution.</summary>
    Matrix,

    /// <summary>Both sides at one resolution.</summary>
    Diagonal,

    /// <summary>The gallery as stored, the probe at each resolution.</summary>
    NativeGallery,
}

/// <summary>Any test of pairs with its pictures reduced: synthetic low resolution.</summary>
[Description(
    "A test of pairs at lower resolutions (synthetic): area down to p x p, by bicubic up to the network's input; gallery by probe " +
    "resolution")]
public sealed record LowResolutionOptions : ProtocolOptions
{
    private const int MostPixels = 512;

    [Required, Description("The test of pairs; the first image of a pair is the gallery's, the second the probe's")]
    public required ProtocolOptions Test { get; init; }

    [Description("Pixels per side, each 1 .. 512; pictures as stored are always compared too")]
    public IReadOnlyList<int> Resolutions { get; init; } = [7, 10, 14, 20, 28, 56];

    [Description("matrix: every gallery with every probe resolution; diagonal: both alike; nativeGallery: only the probe is reduced")]
    public LowResolutionCells Cells { get; init; }

    /// <inheritdoc/>
    public override LowResolutionTest Open(DataRoot data)
    {
        const string where = "LowResolution.resolutions";
        if (Resolutions.Count == 0) throw new DataProblem(where, "there are none", "name at least one, in pixels a side");
        foreach (var pixels in Resolutions)
        {
            if (pixels is < 1 or > MostPixels)
                throw new DataProblem(where, $"{pixels} is no resolution",
                    $"choose from 1 to {MostPixels} pixels a side; pictures as stored are always there");
        }

        if (Resolutions.Distinct().Count() < Resolutions.Count) throw new DataProblem(where, "one is there twice", "name each once");
        var test = Test.Open(data);
        if (test is PairProtocol pairs) return new LowResolutionTest(pairs, Resolutions, Cells);
        test.Dispose();
        throw new DataProblem("LowResolution.test", $"{Catalog.NameOf(Test)} is no test of pairs",
            "name one: LfwPairs, Cfp, VerificationBin, PairList, SyntheticPairs");
    }
}
