using System.Globalization;
using System.Text;

namespace Ablation.Harness.Foundations;

/// <summary>The comparison of persons' names: what does not count in a name.</summary>
public static class PlainName
{
    /// <summary>
    /// Equal for spellings of one name. Case, spaces, underscores, points and hyphens do not count, nor do the diacritics of U+0300 to
    /// U+036F, whether they stand
    /// in the letter or after it: "José", "JOSE" and "Jose" are one. Letters without a decomposition stay what they are: ø is not o, ł is
    /// not l. Signs of other scripts count.
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
