using System.Runtime.CompilerServices;
using System.Runtime.Loader;
using Ablation.Experiments.Suites;
using Ablation.Harness.Native;
using TorchSharp;

namespace Ablation.Tests.Native.Stress;

/// <summary>
/// The stress in a separate process, because libtorch may crash it: <c>Tests.dll stress SECONDS [first]
/// [TorchSharp.dll]</c>.
/// "first" ends it at the first error. A path loads that file instead of the program's, which is not in its deps.json.
/// </summary>
internal static class StressProgram
{
    public const string Verb = "stress";

    public static int Run(string seconds, string[] more)
    {
        var length = TimeSpan.FromSeconds(double.Parse(seconds));
        Load(more);
        return Run(length, more.Contains("first"));
    }

    /// <summary>Takes a file among the arguments instead of the program's, which is not in its deps.json.</summary>
    public static void Load(string[] arguments)
    {
        if (arguments.FirstOrDefault(one => one.EndsWith(".dll", StringComparison.Ordinal)) is not { } original) return;
        AssemblyLoadContext.Default.Resolving += (context, name) => name.Name == Path.GetFileNameWithoutExtension(original)
            ? context.LoadFromAssemblyPath(Path.GetFullPath(original)) : null;
    }

    [MethodImpl(MethodImplOptions.NoInlining)] // names types of TorchSharp
    private static int Run(TimeSpan length, bool first)
    {
        TorchNative.Prepare();
        torch.set_num_threads(1); // a second thread does not help with tiny tensors
        Plugins.Load();
        var outcome = StressRun.For(length, first);
        foreach (var error in outcome.Errors.Take(20)) Console.WriteLine(error);
        Console.WriteLine(outcome);
        return outcome.Errors.Count == 0 ? 0 : 1;
    }
}
