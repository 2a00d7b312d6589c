using System.Text;
using System.Text.Json;

namespace Ablation.Experiments.Suites;

/// <summary>Explains why a JSON text was refused, and where.</summary>
internal static class JsonProblem
{
    /// <summary>Returns "FILE(LINE,COLUMN): PATH: CAUSE", with line and column counted from 1.</summary>
    /// <param name="error">Thrown by the reader: a <see cref="JsonException"/>, or a <see cref="NotSupportedException"/> for an object
    /// without a type.</param>
    /// <param name="root">The type that the text was read as.</param>
    public static string Describe(string file, string json, Exception error, Type root)
    {
        var (start, path, cause) = Find(json, error, root);
        return $"{TextPlace.Of(file, Encoding.UTF8.GetBytes(json), start)}: {(path.Length > 0 ? $"{path}: " : "")}{cause}";
    }

    /// <summary>
    /// Returns the first problem of the text: its first byte, its path ("$.losses[1].scale") and the cause in terms of suite keys, not of
    /// .NET types. The reader stops at the first error. If <see cref="JsonWalk"/> finds a problem only after that place, the cause is a
    /// converter or a range, whose message is readable already.
    /// </summary>
    /// <inheritdoc cref="Describe" path="/param"/>
    public static (long Start, string Path, string Cause) Find(string json, Exception error, Type root)
    {
        var bytes = Encoding.UTF8.GetBytes(json);
        var (stop, path) = error is JsonException { LineNumber: { } line, BytePositionInLine: { } column } known
            ? (Offset(bytes, line) + column, known.Path ?? "") : (bytes.Length, "");
        return JsonWalk.FirstProblem(bytes, root) is var (start, where, cause) && start <= stop
            ? (start, where, cause)
            // the reader stops after the value
            : (JsonPlaces.Read(bytes)?.At(path)?.Start is { } value && value < stop ? value : Math.Min(stop, bytes.Length), path,
                error.Message);
    }

    private static long Offset(byte[] bytes, long line)
    {
        var at = 0;
        for (; line > 0 && at < bytes.Length; at++)
            if (bytes[at] == '\n') line--;
        return at;
    }
}
