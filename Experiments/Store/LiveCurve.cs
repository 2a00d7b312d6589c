using System.Globalization;
using System.Text;

namespace Ablation.Experiments.Store;

/// <summary>A log point as it is followed while a trial runs.</summary>
/// <param name="Loss">Mean since the log point before.</param>
public readonly record struct CurvePoint(long Step, double Loss);

/// <summary>
/// <c>curve.csv</c>: the training loss of an unfinished trial, a line per log point, so that it can be followed from another process or
/// machine. A finished trial has history.csv in its place.
/// </summary>
public static class LiveCurve
{
    /// <summary>Opens the file to append to it. Points after a step are dropped: a resumed training passes them again.</summary>
    /// <param name="step">Steps already done; 0 from the start.</param>
    /// <exception cref="IOException">The folder cannot be written.</exception>
    public static StreamWriter Begin(string path, long step)
    {
        var kept = step == 0 ? [] : Read(path).Where(point => point.Step <= step).ToList();
        AtomicFile.Write(path, string.Concat(kept.Select(Line)), isLasting: false);
        var file = new FileStream(path, FileMode.Append, FileAccess.Write, FileShare.ReadWrite | FileShare.Delete);
        return new StreamWriter(file, new UTF8Encoding(false)) { AutoFlush = true, NewLine = "\n" };
    }

    /// <summary>Appends a point with one write, so that a reader sees complete lines.</summary>
    /// <exception cref="IOException">The disk is full.</exception>
    public static void Add(StreamWriter curve, CurvePoint point) => curve.Write(Line(point));

    /// <summary>Reads the complete lines; none if the file is missing.</summary>
    public static IReadOnlyList<CurvePoint> Read(string path)
    {
        try
        {
            if (!File.Exists(path)) return [];
            using var file = new StreamReader(new FileStream(path, FileMode.Open, FileAccess.Read, FileShare.ReadWrite | FileShare.Delete));
            var lines = file.ReadToEnd().Split('\n');
            return [.. lines.SkipLast(1).Select(Point).OfType<CurvePoint>()]; // the last is empty, or half a line
        }
        catch (Exception e) when (e is IOException or UnauthorizedAccessException)
        {
            return [];
        }
    }

    private static string Line(CurvePoint point) => $"{point.Step},{point.Loss:R}\n";

    private static CurvePoint? Point(string line) =>
        line.Split(',') is [var step, var loss] && long.TryParse(step, NumberStyles.None, null, out var at)
        && double.TryParse(loss, NumberStyles.Float, null, out var value) ? new CurvePoint(at, value) : null;
}
