using System.Text;
using System.Text.Json;

namespace Ablation.Experiments.Suites;

/// <summary>Explains why a JSON text was refused, and where.</summary>
internal static class JsonProblem
{
    /// <summary>Returns "FILE(LINE): PATH: CAUSE", with the line counted from 1.</summary>
    /// <param name="error">Thrown by the reader: a <see cref="JsonException"/>, or a <see cref="NotSupportedException"/> for an object
    /// without a type.</param>
    /// <param name="root">The type that the text was read as.</param>
    public static string Describe(string file, string json, Exception error, Type root)
    {
        var (line, path, cause) = Find(json, error, root);
        return $"{file}({line + 1}): {(path.Length > 0 ? $"{path}: " : "")}{cause}";
    }

    /// <summary>
    /// Returns the first problem of the text: its line from 0, its path ("$.losses[1].scale") and the cause in terms of suite keys, not of
    /// .NET types. The reader stops at the first error. If <see cref="JsonWalk"/> finds a problem only after that place, the cause is a
    /// converter or a range, whose message is readable already.
    /// </summary>
    /// <inheritdoc cref="Describe" path="/param"/>
    public static (long Line, string Path, string Cause) Find(string json, Exception error, Type root)
    {
        var bytes = Encoding.UTF8.GetBytes(json);
        var (stop, path) = error is JsonException { LineNumber: { } line, BytePositionInLine: { } column } known
            ? (Offset(bytes, line) + column, known.Path ?? "") : (bytes.Length, "");
        return JsonWalk.FirstProblem(bytes, root) is var (start, where, cause) && start <= stop
            ? (Lines(bytes.AsSpan(0, (int)start)), where, cause)
            : (Lines(bytes.AsSpan(0, (int)Math.Min(stop, bytes.Length))), path, error.Message);
    }

    private static long Lines(ReadOnlySpan<byte> bytes) => bytes.Count((byte)'\n');

    private static long Offset(byte[] bytes, long line)
    {
        var at = 0;
        for (; line > 0 && at < bytes.Length; at++)
            if (bytes[at] == '\n') line--;
        return at;
    }
}
