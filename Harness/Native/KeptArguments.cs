using System.Reflection;
using TorchSharp;

namespace Ablation.Harness.Native;

/// <summary>
/// Checks that the TorchSharp.dll of this process is the rewritten one, in which no object can be collected while libtorch reads it.
/// With the package's own file a run fails at random, or computes with wrong numbers.
/// </summary>
public static class KeptArguments
{
    /// <summary>Environment variable that, set to 1, lets a build with -p:KeepAlive=false run, for measurements.</summary>
    public const string Without = "ABLATION_WITHOUT_KEEPALIVE";

    private const string Mark = "Ablation.KeepsArgumentsAlive"; // the build's tool writes it: Losses/Weaving/KeepAliveWeaver.cs

    /// <summary>True if <paramref name="torchSharp"/> is rewritten.</summary>
    public static bool InForce(Assembly torchSharp) =>
        torchSharp.GetCustomAttributes<AssemblyMetadataAttribute>().Any(entry => entry.Key == Mark);

    /// <summary>Refuses to run with the package's own file.</summary>
    /// <exception cref="InvalidDataException">It is the package's file, and <see cref="Without"/> is not set.</exception>
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
