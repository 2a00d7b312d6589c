using Ablation.Harness.Metrics;

namespace Ablation.Experiments.Reports.Tables;

/// <summary>
/// The scores of one test of a stored trial. They are in memory while the report has room for them, and are read again otherwise: those of
/// ten thousand trials would take a quarter of a gigabyte for figures that each use them once.
/// </summary>
public sealed class HeldScores : ITestPart
{
    private readonly ScoreRoom room;
    private readonly Func<TestScores> read;
    private readonly TestScores? kept;
    private readonly WeakReference<TestScores> last;

    /// <param name="bytes">About what the scores take.</param>
    /// <param name="read">Reads the same scores again.</param>
    internal HeldScores(TestScores scores, long bytes, ScoreRoom room, Func<TestScores> read)
    {
        (Test, GalleryPixels, ProbePixels, Kind) = (scores.Test, scores.GalleryPixels, scores.ProbePixels, scores.GetType());
        (this.room, this.read, last) = (room, read, new WeakReference<TestScores>(scores));
        kept = room.Takes(bytes) ? scores : null;
    }

    public string Test { get; }

    public int? GalleryPixels { get; }

    public int? ProbePixels { get; }

    /// <summary>The type of the scores.</summary>
    public Type Kind { get; }

    /// <exception cref="InvalidDataException">The file was changed since the report began.</exception>
    public TestScores Read()
    {
        if (kept is not null) return kept;
        if (last.TryGetTarget(out var scores)) return scores;
        scores = read();
        last.SetTarget(scores);
        room.Remember(scores);
        return scores;
    }
}

/// <summary>The memory that a report may use for scores.</summary>
/// <param name="bytes">Of scores that stay.</param>
internal sealed class ScoreRoom(long bytes)
{
    private readonly TestScores[] recent = new TestScores[256]; // a table asks for the same scores column by column
    private long taken;
    private int next;

    /// <summary>Whether scores of this size may stay.</summary>
    public bool Takes(long size) => Interlocked.Add(ref taken, size) <= bytes;

    /// <summary>Keeps scores in memory until as many others were read.</summary>
    public void Remember(TestScores scores) => recent[(uint)Interlocked.Increment(ref next) % recent.Length] = scores;
}
