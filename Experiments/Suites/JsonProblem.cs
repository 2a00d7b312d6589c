using System.Text;
using System.Text.Json;
using Ablation.Harness.Foundations;

namespace Ablation.Experiments.Suites;

/// <summary>Why a JSON text was refused, and where.</summary>
/// <param name="Line">From 0, as the reader counts.</param>
/// <param name="Path">"$.losses[1].scale".</param>
/// <param name="Cause">In the words of a suite: keys and what is known, no types of .NET.</param>
internal sealed record JsonProblem(long Line, string Path, string Cause)
{
    /// <summary>"FILE(LINE): PATH: CAUSE", with the line counted from 1.</summary>
    /// <param name="error">What the reader threw: a <see cref="JsonException"/>, or a <see cref="NotSupportedException"/> for an object
    /// without its type.</param>
    /// <param name="root">The type that the text was read as.</param>
    public static string Describe(string file, string json, Exception error, Type root)
    {
        var (line, path, cause) = Find(json, error, root);
        return $"{file}({line + 1}): {(path.Length > 0 ? $"{path}: " : "")}{cause}";
    }

    /// <summary>
    /// The first problem of the text. The reader stops at the first error: what <see cref="JsonWalk"/> finds behind that place is not the
    /// cause, and the cause is then a converter's or a range's, whose message is in plain words already.
    /// </summary>
    /// <inheritdoc cref="Describe" path="/param"/>
    public static JsonProblem Find(string json, Exception error, Type root)
    {
        var bytes = Encoding.UTF8.GetBytes(json);
        var (stop, path) = error is JsonException { LineNumber: { } line, BytePositionInLine: { } column } known
            ? (Offset(bytes, line) + column, known.Path ?? "") : (bytes.Length, "");
        return JsonWalk.FirstProblem(bytes, root) is var (start, where, cause) && start <= stop
            ? new JsonProblem(Lines(bytes.AsSpan(0, (int)start)), where, cause)
            : new JsonProblem(Lines(bytes.AsSpan(0, (int)Math.Min(stop, bytes.Length))), path, error.Message);
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
