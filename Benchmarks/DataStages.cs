using System.Diagnostics;
using Ablation.Harness.Batches;
using Ablation.Harness.Faces;
using Ablation.Harness.Formats;
using Ablation.Harness.Foundations;
using Ablation.Harness.Images;

namespace Ablation.Benchmarks;

/// <summary>
/// Measures images per second of each stage of data loading separately, on as many threads as the loop uses for decoding: reading the
/// records (from the system's cache), decoding them, and turning decoded pictures into network input.
/// </summary>
public sealed record DataStages(double Read, double Decode, double Augment)
{
    private const int Most = 512; // distinct pictures: more than a processor's cache holds

    /// <param name="pack">A .rec file, or its folder.</param>
    /// <param name="pixels">Side of the network's input.</param>
    /// <param name="seconds">About how long each stage is measured.</param>
    /// <exception cref="DataProblem">The pack cannot be read.</exception>
    public static DataStages Measure(string pack, int pixels, AugmentOptions augment, int threads, double seconds)
    {
        var files = PackFiles.At(pack);
        using var records = new RecordIoFile(files.Records);
        var offsets = RecordIoIndex.Read(files.Index, long.MaxValue).Offsets.Where(offset => records.ReadHead(offset).HasImage).Take(Most)
            .ToArray();
        var stored = Array.ConvertAll(offsets, offset =>
        {
            using var payload = records.Read(offset);
            return payload.Bytes[RecordHead.Parse(payload.Bytes, payload.Bytes.Length, records.Where(offset)).ImageAt..].ToArray();
        });
        var decoded = Array.ConvertAll(stored, bytes => ImageDecoder.Decode(bytes, files.Records));

        var read = Rate(threads, offsets.Length, seconds, () => i => records.Read(offsets[i]).Dispose());
        var decode = Rate(threads, stored.Length, seconds, () => i => ImageDecoder.Decode(stored[i], files.Records));
        var change = Rate(threads, decoded.Length, seconds, () =>
        {
            var planes = new float[3 * pixels * pixels];
            return i => Harness.Batches.Augment.Apply(decoded[i], augment, pixels, new RandomStream(1, StreamPurpose.Augment, 0, i),
                planes);
        });
        return new DataStages(read, decode, change);
    }

    /// <summary>
    /// Runs the work repeatedly on all threads, one instance per thread, after one warm-up round. Returns items per second.
    /// </summary>
    private static double Rate(int threads, int items, double seconds, Func<Action<int>> work)
    {
        var warm = work();
        for (var i = 0; i < items; i++) warm(i);
        long done = 0;
        var clock = Stopwatch.StartNew();
        var running = Enumerable.Range(0, threads).Select(first => new Thread(() =>
        {
            var run = work();
            long own = 0;
            for (var i = first; clock.Elapsed.TotalSeconds < seconds || own == 0; i += threads, own++) run(i % items);
            Interlocked.Add(ref done, own);
        })).ToList();
        foreach (var thread in running) thread.Start();
        foreach (var thread in running) thread.Join();
        return done / clock.Elapsed.TotalSeconds;
    }
}
