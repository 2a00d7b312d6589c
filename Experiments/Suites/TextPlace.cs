using System.Text;

namespace Ablation.Experiments.Suites;

/// <summary>Names a place in a text file as compilers do.</summary>
internal static class TextPlace
{
    /// <summary>Returns "FILE(LINE,COLUMN)", both counted from 1, the column in characters.</summary>
    /// <param name="offset">Byte of the text.</param>
    public static string Of(string file, ReadOnlySpan<byte> text, long offset)
    {
        var before = text[..(int)Math.Min(offset, text.Length)];
        var lines = before.Count((byte)'\n');
        var column = Encoding.UTF8.GetCharCount(before[(before.LastIndexOf((byte)'\n') + 1)..]);
        return $"{file}({lines + 1},{column + 1})";
    }
}
