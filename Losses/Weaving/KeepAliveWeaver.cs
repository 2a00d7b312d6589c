using Mono.Cecil;
using Mono.Cecil.Rocks;

namespace Ablation.Weaving;

/// <summary>
/// Writes a copy of an assembly in which no object can be collected while native code reads it. TorchSharp, SkiaSharp and HarfBuzzSharp
/// pass <c>x.Handle</c>, a number, to native code. After that nothing refers to <c>x</c>, and a garbage collection may run its finaliser,
/// which frees the native object. docs/decisions.md has the rule and its reasons.
/// </summary>
public static class KeepAliveWeaver
{
    /// <summary>Key of the assembly metadata that marks a rewritten file. <c>KeptArguments</c> in Harness reads it.</summary>
    public const string Mark = "Ablation.KeepsArgumentsAlive";

    private const string Already = "it is already rewritten; give the file of the package";

    /// <summary>Rewrites the file and returns the number of rewritten methods. Replaces <paramref name="target"/> by a rename.</summary>
    /// <exception cref="InvalidDataException">The assembly has something that the rule does not cover.</exception>
    public static int Weave(string source, string target)
    {
        using var assembly = AssemblyDefinition.ReadAssembly(source, new ReaderParameters { InMemory = true });
        var module = assembly.MainModule;
        if (assembly.CustomAttributes.Any(a => a.AttributeType.Name == "AssemblyMetadataAttribute"
            && Equals(a.ConstructorArguments[0].Value, Mark)))
            throw new InvalidDataException(Already);
        var calls = new KeepAliveCalls(module);
        var woven = module.GetTypes().SelectMany(type => type.Methods).Where(NativeUse.Touches).ToList();
        foreach (var method in woven) Rewrite(method, calls);
        if (assembly.Name.Name == "TorchSharp") LibrariesGate.Add(module);
        assembly.CustomAttributes.Add(calls.Metadata(Mark, $"{woven.Count}"));
        Directory.CreateDirectory(Path.GetDirectoryName(Path.GetFullPath(target))!);
        var temporary = $"{target}.{Environment.ProcessId}";
        assembly.Write(temporary, new WriterParameters { DeterministicMvid = true });
        File.Move(temporary, target, overwrite: true);
        return woven.Count;
    }

    private static void Rewrite(MethodDefinition method, KeepAliveCalls calls)
    {
        method.NoInlining = true; // inlined into a caller, an argument's lifetime may end earlier
        method.AggressiveInlining = false;
        method.Body.InitLocals = true;
        method.Body.SimplifyMacros();
        new MethodRewriter(method, calls).Run();
        method.Body.OptimizeMacros();
    }
}
