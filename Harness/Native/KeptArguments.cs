using System.Reflection;
using TorchSharp;

namespace Ablation.Harness.Native;

/// <summary>
/// Knows whether the TorchSharp.dll of this process is the rewritten one, in which no object can be collected while libtorch reads it.
/// With the package's own file a run fails at random, or computes with a number that it was not given.
/// </summary>
public static class KeptArguments
{
    /// <summary>Set to 1, it lets a build with -p:KeepAlive=false run. For measurements.</summary>
    public const string Without = "ABLATION_WITHOUT_KEEPALIVE";

    private const string Mark = "Ablation.KeepsArgumentsAlive"; // the build's tool writes it: Losses/Weaving/KeepAliveWeaver.cs

    /// <summary>True if <paramref name="torchSharp"/> is rewritten.</summary>
    public static bool InForce(Assembly torchSharp) =>
        torchSharp.GetCustomAttributes<AssemblyMetadataAttribute>().Any(entry => entry.Key == Mark);

    /// <summary>Refuses to go on with the package's own file.</summary>
    /// <exception cref="InvalidDataException">It is the package's file, and nobody asked for that.</exception>
    public static void Require() => Require(typeof(torch).Assembly, Environment.GetEnvironmentVariable(Without) == "1", Console.Error);

    internal static void Require(Assembly torchSharp, bool without, TextWriter warnings)
    {
        if (InForce(torchSharp)) return;
        var fault = $"{torchSharp.Location} is not the rewritten TorchSharp.dll: the garbage collector may free numbers and tensors " +
            $"while libtorch reads them, and a run fails at random or computes with a wrong number";
        if (!without)
            throw new InvalidDataException(
                $"{fault}; build or publish the program without -p:KeepAlive=false (dotnet build puts the rewritten file beside it), or " +
                $"set {Without}=1 to measure without it");
        warnings.WriteLine($"warning: {fault}; {Without}=1 allows it, for measurements");
    }
}
