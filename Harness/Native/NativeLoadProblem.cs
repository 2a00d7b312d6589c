namespace Ablation.Harness.Native;

/// <summary>Explains in one line why libtorch could not be loaded. TorchSharp's own message always speaks of a missing package.</summary>
public static class NativeLoadProblem
{
    /// <summary>Returns the problem and what to do; null if <paramref name="error"/> does not come from loading libtorch.</summary>
    public static string? Explain(Exception error) => Explain(error, VisualCRuntime.Problem());

    internal static string? Explain(Exception error, string? runtimeProblem)
    {
        var chain = new List<Exception>();
        for (var e = error; e is not null; e = e.InnerException) chain.Add(e);
        if (!chain.Any(IsOfLoading)) return null;
        var cause = chain[^1].Message.Split('\n')[0].Trim();
        return runtimeProblem
            ?? $"libtorch could not be loaded ({cause}); build the program again (dotnet build), or install it again if it came as a tool";
    }

    private static bool IsOfLoading(Exception e) => e switch
    {
        TypeInitializationException failed => failed.TypeName.StartsWith("TorchSharp.", StringComparison.Ordinal),
        DllNotFoundException or BadImageFormatException => Names(e, "torch") || Names(e, "c10"),
        NotSupportedException => e.Source == "TorchSharp",
        _ => false,
    };

    private static bool Names(Exception e, string library) => e.Message.Contains(library, StringComparison.OrdinalIgnoreCase);
}
