using System.Reflection;
using SkiaSharp;
using TorchSharp;

namespace Ablation.Harness.Native;

/// <summary>
/// Checks that the wrappers of native libraries in this process are the rewritten ones, in which no object can be collected while native
/// code reads it. With a package's own file a run or a report fails at random, or computes with wrong numbers.
/// </summary>
public static class KeptArguments
{
    /// <summary>Environment variable that, set to 1, lets a build with -p:KeepAlive=false run, for measurements.</summary>
    public const string Without = "ABLATION_WITHOUT_KEEPALIVE";

    private const string Mark = "Ablation.KeepsArgumentsAlive"; // the build's tool writes it: Losses/Weaving/KeepAliveWeaver.cs

    /// <summary>True if <paramref name="wrapper"/> is rewritten.</summary>
    public static bool InForce(Assembly wrapper) =>
        wrapper.GetCustomAttributes<AssemblyMetadataAttribute>().Any(entry => entry.Key == Mark);

    /// <summary>Refuses to compute with a package's own file.</summary>
    /// <exception cref="InvalidDataException">One is a package's file, and <see cref="Without"/> is not set.</exception>
    public static void Require()
    {
        Require(typeof(torch).Assembly);
        RequireForPictures();
    }

    /// <summary>The same for a process that draws or decodes and may need no tensors.</summary>
    /// <inheritdoc cref="Require()"/>
    public static void RequireForPictures() => Require(typeof(SKObject).Assembly);

    private static void Require(Assembly wrapper) =>
        Require(wrapper, Environment.GetEnvironmentVariable(Without) == "1", Console.Error);

    internal static void Require(Assembly wrapper, bool without, TextWriter warnings)
    {
        if (InForce(wrapper)) return;
        var fault = $"{wrapper.Location} is not the rewritten {wrapper.GetName().Name}.dll: the garbage collector may free objects " +
            $"while native code reads them, and a run fails at random or computes with a wrong number";
        if (!without)
            throw new InvalidDataException(
                $"{fault}; build or publish the program without -p:KeepAlive=false (dotnet build puts the rewritten file beside it), or " +
                $"set {Without}=1 to measure without it");
        warnings.WriteLine($"warning: {fault}; {Without}=1 allows it, for measurements");
    }
}
