using System.Security.Cryptography;
using System.Text;
using System.Text.Json;
using Ablation.Experiments.Store;
using Ablation.Harness.Foundations;
using Ablation.Harness.Native;
using Ablation.Harness.Planning;
using Ablation.Harness.Provenance;
using Ablation.Losses;

namespace Ablation.Experiments.Scheduling;

/// <summary>The content of the file of a measured speed.</summary>
public sealed record StoredSpeed(double PerSecond, DateTimeOffset Measured);

/// <summary>
/// Stores speeds measured on this machine, one file each, so that a second plan takes no time. The key of a file is what was measured, the
/// processor with its cores, the GPU, and the build of the program; an unreadable file is replaced.
/// </summary>
/// <param name="folder">Created if it does not exist.</param>
/// <param name="isFresh">Whether to ignore stored speeds and measure again.</param>
public sealed class SpeedCache(string folder, bool isFresh = false)
{
    /// <summary>Returns the cache of the current user.</summary>
    public static SpeedCache OfUser(bool isFresh) => new(LocalCache.Folder("speed"), isFresh);

    /// <summary>Why speeds could not be stored; null if they could.</summary>
    public string? Problem { get; private set; }

    /// <summary>Returns the stored speed, or measures and stores it.</summary>
    /// <param name="one">A record of everything that the speed depends on, except machine and program.</param>
    /// <param name="gpu">Null on the CPU.</param>
    public double GetOrMeasure<TCase>(TCase one, GraphicsCard? gpu, Func<double> measure) where TCase : class
    {
        var path = Path.Combine(folder, $"{Key(one, gpu)}.json");
        if (!isFresh && Read(path) is { } kept) return kept;
        var speed = measure();
        try
        {
            AtomicFile.Write(path, SpecJson.Write(new StoredSpeed(speed, DateTimeOffset.UtcNow)) + "\n");
        }
        catch (IOException e)
        {
            Problem = $"{folder}: could not store speeds, which will be measured again ({e.InnerException?.Message ?? e.Message}); set " +
                $"ABLATION_CACHE to another folder";
        }

        return speed;
    }

    private static double? Read(string path)
    {
        try
        {
            return File.Exists(path)
                && SpecJson.Read<StoredSpeed>(File.ReadAllText(path)).PerSecond is > 0 and < double.PositiveInfinity and var speed
                ? speed : null;
        }
        catch (Exception e) when (e is JsonException or NotSupportedException or IOException or UnauthorizedAccessException)
        {
            return null; // measured again
        }
    }

    private static string Key<TCase>(TCase one, GraphicsCard? gpu)
    {
        // identifies a build by its content too, since "+changes" is the same for all changes
        var program = $"{Machine.Program} {typeof(SpeedProbe).Module.ModuleVersionId} {typeof(FaceLoss).Module.ModuleVersionId}";
        var text = string.Join('\n', typeof(TCase).Name, SpecJson.Write(one), Machine.Model, gpu?.Name, program,
            NativeVersions.Current.Libtorch);
        return Convert.ToHexStringLower(SHA256.HashData(Encoding.UTF8.GetBytes(text)))[..24];
    }
}
