using Ablation.Harness.Batches;
using Ablation.Harness.Faces;
using Ablation.Harness.Foundations;
using Ablation.Harness.Planning;
using Ablation.Harness.Provenance;
using Ablation.Harness.Training;
using Ablation.Losses.Kernels;
using static TorchSharp.torch;

namespace Ablation.Harness;

/// <summary>Chooses where a trial holds its training images: in a cache on disk, in memory, or all of them on the device.</summary>
public static class TrialImages
{
    private const long CacheBytes = 4L << 30;
    private const long ResidentBytes = 4L << 30; // of a device's memory

    /// <summary>Returns everything that the memory of a trial's training depends on, including images held in memory.</summary>
    public static MemoryCase MemoryCase(TrialSpec spec, FaceSource source, TrialPlace place) =>
        new(spec.Backbone, spec.Resolution, spec.Training, source.Identities, KeptBytes(spec, source, place),
            spec.Loss.RowsPerIdentity());

    /// <summary>Wraps the source in a cache of decoded images, which owns it; disposes the source on failure.</summary>
    internal static FaceSource Cached(FaceSource source, TrialPlace place, CancellationToken cancel)
    {
        try
        {
            return place.Cache?.Open(source, place.Threads, cancel) ?? (FaceSource)new CachedSource(source, CacheBytes);
        }
        catch
        {
            source.Dispose();
            throw;
        }
    }

    /// <summary>
    /// Copies the whole set to a device other than the CPU if augmentation can at most flip and the set is not too large; else null.
    /// </summary>
    internal static ResidentImages? Resident(FaceSource source, TrialSpec spec, BatchOptions options, Device device,
        CancellationToken cancel)
    {
        if (!IsResident(source, spec, device)) return null;
        var faces = new ResidentFaces(source, spec.Resolution, new SeedStreams(spec.Seed).Pictures, spec.Training.Augment,
            options, ResidentBytes, cancel);
        return new ResidentImages(faces, spec.Resolution, options.BatchSize, device);
    }

    /// <summary>Returns the bytes of decoded images held in this process's memory, and of a set on the device with its host copy.</summary>
    private static long KeptBytes(TrialSpec spec, FaceSource source, TrialPlace place)
    {
        var resident = IsResident(source, spec, place.Device) ? 2 * ResidentFaces.BytesOf(source.Count, spec.Resolution) : 0;
        if (place.Cache is not null || source.Count == 0) return resident;
        long image;
        try
        {
            image = source.Read(0).Image.Rgb.LongLength;
        }
        catch (DataProblem)
        {
            image = 3L * spec.Resolution * spec.Resolution; // training stops at it, or skips it
        }

        return resident + Math.Min(CacheBytes, source.Count * image);
    }

    private static bool IsResident(FaceSource source, TrialSpec spec, Device device) =>
        !CpuPath.IsTaken(device) && ResidentFaces.Suits(spec.Training.Augment)
        && ResidentFaces.BytesOf(source.Count, spec.Resolution) <= ResidentBytes;
}
