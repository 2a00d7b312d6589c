using System.Globalization;
using System.Text;

namespace Ablation.Harness.Foundations;

/// <summary>Compares names of persons, without what does not count in a name.</summary>
public static class PlainName
{
    /// <summary>
    /// Returns the same text for all spellings of a name. Case, spaces, underscores, points and hyphens do not count, nor do the
    /// diacritics U+0300 to U+036F, within the letter or after it: "José", "JOSE" and "Jose" are equal. Letters without a decomposition
    /// are kept: ø is not o, ł is not l. Signs of other scripts count.
    /// </summary>
    public static string Normalise(string name)
    {
        var plain = new StringBuilder(name.Length);
        foreach (var rune in UnicodeForm.Decomposed(name).EnumerateRunes())
        {
            if (Counts(rune)) plain.Append(Rune.ToUpperInvariant(rune).ToString());
        }

        return plain.ToString();
    }

    private static bool Counts(Rune rune) => Rune.IsLetterOrDigit(rune)
        || (Rune.GetUnicodeCategory(rune) is UnicodeCategory.NonSpacingMark or UnicodeCategory.SpacingCombiningMark
            && rune.Value is < 0x0300 or > 0x036F);
}
