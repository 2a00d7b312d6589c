using System.Buffers.Binary;
using Ablation.Harness.Faces;
using Ablation.Harness.Formats;
using Ablation.Harness.Foundations;
using Ablation.Harness.Images;
using Microsoft.Win32.SafeHandles;

namespace Ablation.Harness.Batches;

/// <summary>Writes a <see cref="PackedFile"/>: decodes every picture of a source once, on several threads.</summary>
internal static class PackedWriter
{
    private const int Sampled = 64;
    private const long CheckEvery = 64 << 20;

    /// <summary>Estimates the bytes of a file of all pictures, from a sample.</summary>
    public static long Estimate(FaceSource source)
    {
        long bytes = 0;
        var (sample, read) = (Math.Min(Sampled, source.Count), 0);
        for (var i = 0; i < sample; i++)
        {
            if (TryRead(source, (int)((long)i * source.Count / sample)) is not { } face) continue;
            bytes += face.Image.Rgb.LongLength;
            read++;
        }

        return PackedFile.HeadBytes + (long)source.Count * PackedPicture.Bytes + (read == 0 ? 0 : bytes * source.Count / read);
    }

    /// <summary>Writes the whole file. A picture that does not decode, or has a note, gets an entry of width 0, so that error or note come
    /// from the source.</summary>
    /// <param name="checkSpace">Called from time to time, from any thread; stops writing by an exception.</param>
    /// <exception cref="IOException">The disk is full or fails; the file is unusable.</exception>
    /// <exception cref="OperationCanceledException">On <paramref name="cancel"/>.</exception>
    public static void Write(string path, FaceSource source, ReadOnlySpan<byte> fingerprint, int threads, Action checkSpace,
        CancellationToken cancel)
    {
        using var handle = File.OpenHandle(path, FileMode.Create, FileAccess.Write, FileShare.None);
        var start = new byte[checked(PackedFile.HeadBytes + source.Count * PackedPicture.Bytes)];
        long end = start.Length;
        RandomAccess.Write(handle, start, 0); // without its magic: a half-written file is invalid
        try
        {
            Parallel.For(0, source.Count, new ParallelOptions { MaxDegreeOfParallelism = Math.Max(1, threads), CancellationToken = cancel },
                i =>
            {
                if (TryRead(source, i) is not { } face) return;
                var rgb = face.Image.Rgb;
                var after = Interlocked.Add(ref end, rgb.Length);
                RandomAccess.Write(handle, rgb, after - rgb.Length);
                new PackedPicture(after - rgb.Length, face.Image.Width, face.Image.Height, face.Identity, Crc32C.Compute(rgb))
                    .Write(start.AsSpan(PackedFile.HeadBytes + i * PackedPicture.Bytes));
                if (after / CheckEvery != (after - rgb.Length) / CheckEvery) checkSpace();
            });
        }
        catch (AggregateException several) when (several.InnerExceptions.FirstOrDefault(e => e is IOException) is { } full)
        {
            throw new IOException(full.Message, full);
        }

        Seal(handle, start, end, source.Count, fingerprint);
    }

    private static void Seal(SafeFileHandle handle, byte[] start, long end, int count, ReadOnlySpan<byte> fingerprint)
    {
        PackedFile.Magic.CopyTo(start);
        BinaryPrimitives.WriteInt64LittleEndian(start.AsSpan(8), end);
        BinaryPrimitives.WriteInt32LittleEndian(start.AsSpan(16), count);
        fingerprint.CopyTo(start.AsSpan(24));
        BinaryPrimitives.WriteUInt32LittleEndian(start.AsSpan(20), Crc32C.Compute(start));
        RandomAccess.Write(handle, start, 0);
    }

    private static LabelledFace? TryRead(FaceSource source, int index)
    {
        try
        {
            // one with a note is read from the source each time, and noted again
            return source.Read(index) is { Image.LacksEnd: false } face ? face : null;
        }
        catch (DataProblem)
        {
            return null;
        }
    }
}
