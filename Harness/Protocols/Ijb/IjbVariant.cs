using Ablation.Harness.Foundations;

namespace Ablation.Harness.Protocols.Ijb;

/// <summary>
/// The weights of images in a template, by three letters as in the field's tables ("TestMode(N1D1F2)").
/// N1 keeps an embedding's norm, N0 normalises each embedding before they are added. D1 multiplies it by the detector's score, D0 does not.
/// F2 is the sum of the raw embeddings of image and mirror image, F0 the embedding of the image only.
/// </summary>
/// <remarks>
/// Source: the IJB notebooks of InsightFace (recognition/_evaluation_/ijb). Their F1, the two embeddings concatenated, of twice the
/// dimension, is not offered. Tables of other sources write F1 for the sum.
/// </remarks>
public readonly record struct IjbVariant(bool KeepNorm, bool DetectorScore, bool Flip)
{
    /// <summary>All eight, N0D0F0 first.</summary>
    public static readonly IReadOnlyList<IjbVariant> All =
        [.. from norm in new[] { false, true } from score in new[] { false, true } from flip in new[] { false, true }
            select new IjbVariant(norm, score, flip)];

    public override string ToString() => $"N{(KeepNorm ? 1 : 0)}D{(DetectorScore ? 1 : 0)}F{(Flip ? 2 : 0)}";

    /// <summary>Parses "N1D1F2", several separated by commas, or "all".</summary>
    /// <exception cref="DataProblem">One is unknown or named twice, or there is none.</exception>
    public static IReadOnlyList<IjbVariant> Parse(string text)
    {
        if (text == "all") return All;
        var names = text.Split(',', StringSplitOptions.TrimEntries);
        var variants = new List<IjbVariant>();
        foreach (var name in names)
        {
            var found = All.Where(variant => variant.ToString() == name).ToList();
            if (found.Count == 0)
                throw Problem(name.Contains("F1", StringComparison.Ordinal)
                    ? $"\"{name}\": F1, image and mirror image concatenated, is not offered; their sum is F2"
                    : $"\"{name}\" is no variant");
            if (variants.Contains(found[0])) throw Problem($"\"{name}\" twice");
            variants.Add(found[0]);
        }

        return variants;
    }

    private static DataProblem Problem(string what) =>
        new("the test's variants", what, $"name some of {string.Join(", ", All)} separated by commas, or all");
}
