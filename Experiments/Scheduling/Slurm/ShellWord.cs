using System.Text.RegularExpressions;

namespace Ablation.Experiments.Scheduling.Slurm;

/// <summary>Texts as words of a shell and of an #SBATCH line.</summary>
internal static partial class ShellWord
{
    /// <summary>In single quotes where a shell would see more than a word.</summary>
    public static string Quote(string text) => Safe().IsMatch(text) ? text : $"'{text.Replace("'", "'\\''", StringComparison.Ordinal)}'";

    public static string Line(IEnumerable<string> words) => string.Join(' ', words.Select(Quote));

    /// <summary>A value in an #SBATCH line, which has no escapes of its own that could be relied on.</summary>
    /// <exception cref="ArgumentException">It has a quote, a backslash or a line end.</exception>
    public static string Directive(string text) => Safe().IsMatch(text) ? text
        : text.IndexOfAny(['"', '\\', '\n', '\r']) < 0 ? $"\"{text}\""
        : throw new ArgumentException(
            $"{text}: SLURM takes no name with quotes, backslashes or line ends; choose another folder or suite name");

    [GeneratedRegex("^[A-Za-z0-9_./:=,@%+-]+$")]
    private static partial Regex Safe();
}
