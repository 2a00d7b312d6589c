using System.Globalization;
using Ablation.Harness.Formats;
using Ablation.Harness.Foundations;

namespace Ablation.Harness.Faces;

/// <summary>Reads the lines of a list of training images: path TAB class. For any other line the error names the actual fault.</summary>
internal static class SplitListLines
{
    public const string Cure = "each line is: path TAB class";
    private const int Shown = 80;

    /// <summary>Returns path with '/' between folders, class, and line number from 1. Skips blank lines at the end.</summary>
    /// <exception cref="DataProblem">There is no such file, or a line is not in the format.</exception>
    public static IEnumerable<(string Path, int Class, int Line)> Read(string list)
    {
        var blank = 0;
        foreach (var (text, line) in ProtocolLines.Untrimmed(list, Cure))
        {
            if (string.IsNullOrWhiteSpace(text))
            {
                if (blank == 0) blank = line;
                continue;
            }

            if (blank > 0) throw new DataProblem($"{list}({blank})", "a blank line before the end of the list, so no TAB", Cure);
            var (path, identity) = Fields(text, $"{list}({line})");
            yield return (path, identity, line);
        }
    }

    private static (string Path, int Class) Fields(string text, string where)
    {
        var fields = text.Split('\t');
        if (fields.Length == 1) throw Problem(NoTab(text));
        if (fields.Length == 3 && IsNumber(fields[0]) && IsNumber(fields[1]) && !IsNumber(fields[2]))
        {
            throw new DataProblem(where,
                $"index TAB label TAB path, as a list of MXNet's im2rec has it, not path TAB class: \"{Short(text)}\"",
                $"{Cure}; write the third column, a TAB and the second column as a whole number");
        }

        if (fields.Length > 2) throw Problem($"{fields.Length - 1} TABs where one is expected: \"{Short(text)}\"");
        if (string.IsNullOrWhiteSpace(fields[0])) throw Problem("nothing before the TAB");
        if (IsWhole(fields[1], out var identity)) return (fields[0].Replace('\\', '/'), identity);
        throw IsWhole(fields[0], out _) ? Problem($"class TAB path, the wrong way round: \"{Short(text)}\"")
            : new DataProblem(where, $"\"{Short(fields[1])}\" is not a class", "classes are whole numbers from 0");

        DataProblem Problem(string what) => new(where, what, Cure);
    }

    private static string NoTab(string text)
    {
        var last = text.TrimEnd().LastIndexOfAny([' ', ',', ';']);
        var found = last > 0 && IsNumber(text[(last + 1)..].Trim())
            ? text[last] switch { ' ' => "a space", ',' => "a comma", _ => "a semicolon" } + " where the TAB should be"
            : "a path without a class";
        return $"no TAB, but {found}: \"{Short(text)}\"";
    }

    private static bool IsWhole(string field, out int number) => int.TryParse(field.Trim(' '), NumberStyles.None, null, out number);

    private static bool IsNumber(string field) => double.TryParse(field, NumberStyles.Float, null, out _);

    private static string Short(string text) => text.Length <= Shown ? text : text[..Shown] + "...";
}
