using System.Collections.Concurrent;
using Ablation.Harness.Formats;
using Ablation.Harness.Foundations;

namespace Ablation.Harness.Faces;

/// <summary>Reads the heads of all images of a pack in the order of the file (disks read ahead), on all cores, without an image.</summary>
/// <param name="Labels">Of each image.</param>
/// <param name="Missing">Number of stated classes without an image; 0 if none was stated.</param>
/// <param name="FirstMissing">The lowest of them.</param>
/// <param name="Notes">Where index and records do not match.</param>
internal sealed record PackScan(int[] Labels, int Missing, int FirstMissing, string[] Notes)
{
    private const int Block = 4096;

    /// <param name="offsets">Of all records of the index.</param>
    /// <param name="first">Position of the first image among them.</param>
    /// <param name="images">Images from there.</param>
    /// <param name="classes">Labels are below it; <see cref="int.MaxValue"/> if unknown.</param>
    /// <exception cref="DataProblem">No record starts where the index says, a label is not a class, or two keys name one record; the
    /// first of them in the file.</exception>
    public static PackScan Read(RecordIoFile file, long[] offsets, int first, int images, int classes, CancellationToken cancel)
    {
        var order = Enumerable.Range(0, offsets.Length).ToArray();
        Array.Sort((long[])offsets.Clone(), order);
        var labels = new int[images];
        var (gaps, firstGap) = (0L, long.MaxValue);
        var behind = 0; // pictures that record 0 does not announce
        var problems = new ConcurrentDictionary<int, DataProblem>();
        var blocks = (order.Length + Block - 1) / Block;
        Parallel.For(0, blocks, new ParallelOptions { CancellationToken = cancel }, (block, loop) =>
        {
            try
            {
                for (var place = block * Block; place < Math.Min(order.Length, (block + 1) * Block); place++) ReadHead(place);
            }
            catch (DataProblem problem)
            {
                problems.TryAdd(block, problem);
                loop.Break(); // blocks before this one are still read: theirs would be the first
            }
        });
        if (!problems.IsEmpty) throw problems.MinBy(one => one.Key).Value;
        string[] notes =
        [
            .. gaps > 0 ? [$"the index leaves out {gaps} stretches of {file.Path}, the first at byte {firstGap}: what lies there is not " +
                "read"] : Array.Empty<string>(),
            .. behind > 0 ? [$"{behind} records behind the last image that record 0 announces hold pictures: they are not read; write " +
                "record 0 anew if they belong to the set"] : Array.Empty<string>(),
        ];
        var seen = labels.ToHashSet();
        var missing = classes == int.MaxValue ? 0 : classes - seen.Count;
        return new PackScan(labels, missing, missing == 0
            ? -1 : Enumerable.Range(0, classes).First(identity => !seen.Contains(identity)), notes);

        void ReadHead(int place)
        {
            var (record, offset) = (order[place], offsets[order[place]]);
            var (head, end) = file.ReadHeadAndEnd(offset);
            var next = place + 1 < order.Length ? offsets[order[place + 1]] : file.Length;
            if (next == offset)
                throw new DataProblem(file.Where(offset), "two keys of the index name this record",
                    "rebuild the index from the pack, or download both again");
            if (next != end)
            {
                Interlocked.Increment(ref gaps);
                for (var known = Interlocked.Read(ref firstGap); end < known
                    && Interlocked.CompareExchange(ref firstGap, end, known) != known;) known = Interlocked.Read(ref firstGap);
            }

            if (record < first || record >= first + images)
            {
                if (record >= first && head.HasImage) Interlocked.Increment(ref behind);
                return;
            }

            labels[record - first] = head.Class(classes, file.Where(offset));
        }
    }
}
