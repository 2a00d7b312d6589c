using System.Buffers.Text;
using System.Text;
using Ablation.Harness.Foundations;

namespace Ablation.Harness.Formats;

/// <summary>Reads the columns of one line from left to right, as bytes, separated by runs of spaces and tabs or by single commas.</summary>
internal ref struct LineFields(string path, int index, ReadOnlySpan<byte> line, byte separator)
{
    private const int MostShown = 40;
    private static readonly UTF8Encoding Strict = new(false, throwOnInvalidBytes: true);
    private readonly ReadOnlySpan<byte> line = line;
    private ReadOnlySpan<byte> rest = line;
    private int taken;

    /// <summary>Number of columns.</summary>
    public readonly int Columns
    {
        get
        {
            if (separator == ',') return line.Count((byte)',') + 1;
            var (columns, before) = (0, true);
            foreach (var letter in line)
            {
                if (!IsBlank(letter) && before) columns++;
                before = IsBlank(letter);
            }

            return columns;
        }
    }

    /// <summary>Checks the number of columns, so that a shifted column of a long line is not reported as a bad number.</summary>
    /// <exception cref="DataProblem">The line has another number of columns.</exception>
    public readonly void Require(int count, string columns)
    {
        if (Columns != count) throw Problem($"{Columns} columns where {count} are expected", $"a line holds {columns}");
    }

    /// <summary>Reads the next column.</summary>
    /// <param name="columns">What the line should hold, for the error: "image, template, media".</param>
    /// <exception cref="DataProblem">It is missing or empty.</exception>
    public ReadOnlySpan<byte> Next(string columns)
    {
        int end;
        if (separator == ',')
        {
            end = rest.IndexOf((byte)',');
        }
        else
        {
            while (!rest.IsEmpty && IsBlank(rest[0])) rest = rest[1..];
            for (end = 0; end < rest.Length && !IsBlank(rest[end]);) end++;
        }

        var field = end < 0 ? rest : rest[..end];
        rest = rest[Math.Min(rest.Length, field.Length + 1)..];
        taken++;
        return field.IsEmpty
            ? throw (line.IsEmpty
                ? Problem("the line is empty", $"a line holds {columns}")
                : Problem($"column {taken} of {Columns} is missing", $"a line holds {columns}")) : field;
    }

    /// <summary>Reads the next column as a whole number from 0.</summary>
    /// <inheritdoc cref="Next"/>
    public int Whole(string columns)
    {
        var field = Next(columns);
        long number = 0;
        foreach (var letter in field)
        {
            if (letter is < (byte)'0' or > (byte)'9' || (number = number * 10 + letter - '0') > int.MaxValue)
                throw Problem($"\"{Shown(field)}\" is not a whole number from 0 to {int.MaxValue}", $"a line holds {columns}");
        }

        return (int)number;
    }

    /// <summary>Reads the next column as a number in <paramref name="least"/> .. <paramref name="most"/>.</summary>
    /// <inheritdoc cref="Next"/>
    public float Real(string columns, float least, float most)
    {
        var field = Next(columns);
        if (!Utf8Parser.TryParse(field, out double number, out var used) || used != field.Length)
            throw Problem($"\"{Shown(field)}\" is not a number", $"a line holds {columns}");
        return number >= least && number <= most ? (float)number // NaN fails both
            : throw Problem($"{Shown(field)} is outside {least} .. {most}", $"a line holds {columns}");
    }

    /// <summary>Reads the next column as an image's name: a path below the folder of the images, with '/' between folders.</summary>
    /// <inheritdoc cref="Next"/>
    public string Name(string columns)
    {
        var field = Next(columns);
        string name;
        try
        {
            name = Strict.GetString(field);
        }
        catch (DecoderFallbackException)
        {
            throw Problem($"the image's name \"{Shown(field)}\" is not in UTF-8", "download the file again");
        }

        var isValid = !name.StartsWith('/') && !name.AsSpan().ContainsAny("\\:*?\"<>|") && !name.AsSpan().ContainsAnyInRange('\0', '\u001f')
            && !name.Split('/').Any(part => part is "" or "." or "..");
        return isValid
            ? name : throw Problem($"\"{Shown(field)}\" is not an image's name",
                "an image is named by its path below loose_crop/, with / between folders");
    }

    /// <summary>Checks that nothing is left on the line.</summary>
    /// <exception cref="DataProblem">The line has more columns.</exception>
    public readonly void End(string columns)
    {
        foreach (var letter in rest)
        {
            if (!IsBlank(letter)) throw Problem($"{Columns} columns where {taken} are expected", $"a line holds {columns}");
        }
    }

    public readonly DataProblem Problem(string what, string cure) => new($"{path}({index + 1})", what, cure);

    private static bool IsBlank(byte letter) => letter is (byte)' ' or (byte)'\t';

    /// <summary>Returns a field for an error message, in visible ASCII.</summary>
    private static string Shown(ReadOnlySpan<byte> field)
    {
        var text = new StringBuilder();
        foreach (var letter in field[..Math.Min(field.Length, MostShown)]) text.Append(letter is > 31 and < 127 ? (char)letter : '?');
        return text.Append(field.Length > MostShown ? "..." : "").ToString();
    }
}
