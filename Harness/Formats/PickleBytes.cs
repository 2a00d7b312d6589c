using System.Globalization;
using System.Text;
using Ablation.Harness.Foundations;

namespace Ablation.Harness.Formats;

/// <summary>How a string of a pickle is written in the file.</summary>
internal enum PickleForm
{
    /// <summary>Bytes as they are: Python 3 bytes and Python 2 str.</summary>
    Raw,

    /// <summary>Python 2 str of protocol 0: a quoted literal with escapes.</summary>
    Quoted,

    /// <summary>UTF-8 text.</summary>
    Text,

    /// <summary>Text of protocol 0: Latin-1 bytes with \uXXXX escapes.</summary>
    EscapedText,

    /// <summary>Bytes that Python 3 wrote as text under protocols 0 to 2, every byte as the character of its number.</summary>
    BytesInText,

    /// <summary>The same over <see cref="EscapedText"/>.</summary>
    BytesInEscapedText,
}

/// <summary>A string by its place in the pickle, so that images are not copied before they are needed.</summary>
internal sealed record PickleBytes(int Offset, int Length, PickleForm Form)
{
    public bool IsText => Form is PickleForm.Text or PickleForm.EscapedText;

    /// <summary>Returns the bytes: a view of the file where they are stored raw, otherwise decoded.</summary>
    /// <exception cref="DataProblem">An escape or a character stands for no byte.</exception>
    public ReadOnlySpan<byte> Read(byte[] file, string path)
    {
        var stored = file.AsSpan(Offset, Length);
        return Form switch
        {
            PickleForm.Raw => stored,
            PickleForm.Quoted => Unquoted(stored, path),
            PickleForm.BytesInText => FromUtf8(stored, path),
            PickleForm.BytesInEscapedText => Unescaped(stored, path, 'u', 4),
            _ => throw new DataProblem($"{path}@{Offset}", "text where bytes should be", "write the file again with bytes"),
        };
    }

    /// <summary>Returns the value as a short word (a type's name, an encoding); empty if it is too long for one.</summary>
    public string Word(byte[] file) => Length > 64 ? "" : Encoding.Latin1.GetString(file, Offset, Length).Trim('\'', '"');

    private byte[] FromUtf8(ReadOnlySpan<byte> text, string path)
    {
        var bytes = new byte[text.Length];
        var count = 0;
        for (var i = 0; i < text.Length; i++)
        {
            // the characters 0x80 .. 0xff are two bytes each, the first of them 0xc2 or 0xc3
            if (text[i] < 0x80) bytes[count++] = text[i];
            else if ((text[i] & 0xfe) == 0xc2 && i + 1 < text.Length && (text[i + 1] & 0xc0) == 0x80)
                bytes[count++] = (byte)((text[i] & 3) << 6 | text[++i] & 0x3f);
            else throw Problem(i, path);
        }

        return bytes[..count];
    }

    private byte[] Unquoted(ReadOnlySpan<byte> literal, string path)
    {
        if (literal.Length < 2 || literal[0] is not ((byte)'\'' or (byte)'"') || literal[^1] != literal[0]) throw Problem(0, path);
        return Unescaped(literal[1..^1], path, 'x', 2);
    }

    /// <summary>Undoes \xHH (or \uHHHH) and, in a quoted literal, the one-letter escapes.</summary>
    private byte[] Unescaped(ReadOnlySpan<byte> text, string path, char letter, int digits)
    {
        var bytes = new byte[text.Length];
        var count = 0;
        for (var i = 0; i < text.Length; i++)
        {
            if (text[i] != '\\')
            {
                bytes[count++] = text[i];
                continue;
            }

            if (++i >= text.Length) throw Problem(i - 1, path);
            if (text[i] == letter)
            {
                if (i + digits >= text.Length) throw Problem(i, path);
                var hex = Encoding.Latin1.GetString(text.Slice(i + 1, digits));
                var isByte = int.TryParse(hex, NumberStyles.AllowHexSpecifier, null, out var value) && value < 256;
                bytes[count++] = isByte ? (byte)value : throw Problem(i, path);
                i += digits;
                continue;
            }

            if (letter == 'u') throw Problem(i, path); // a backslash itself is \u005c there
            bytes[count++] = text[i] switch
            {
                (byte)'n' => (byte)'\n',
                (byte)'r' => (byte)'\r',
                (byte)'t' => (byte)'\t',
                (byte)'\\' or (byte)'\'' or (byte)'"' => text[i],
                _ => throw Problem(i, path),
            };
        }

        return bytes[..count];
    }

    private DataProblem Problem(int at, string path) =>
        new($"{path}@{Offset + at}", "the pickled string is damaged", "download the file again");
}
