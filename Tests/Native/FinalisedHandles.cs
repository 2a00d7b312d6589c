using Mono.Cecil;

namespace Ablation.Tests.Native;

/// <summary>
/// Finds the assemblies of a program whose objects free a native one in a finaliser: a collection may do so while native code reads it.
/// </summary>
internal static class FinalisedHandles
{
    /// <summary>Returns the names of such assemblies among a program's and what they refer to, in its folder.</summary>
    public static IReadOnlyList<string> OfProgram(string path)
    {
        var folder = Path.GetDirectoryName(path)!;
        var (found, open, seen) = (new List<string>(), new Queue<string>([path]), new HashSet<string>());
        while (open.TryDequeue(out var file))
        {
            if (!seen.Add(file)) continue;
            using var module = ModuleDefinition.ReadModule(file);
            if (module.GetTypes().Any(IsExposed)) found.Add(module.Assembly.Name.Name);
            foreach (var reference in module.AssemblyReferences.Select(one => Path.Combine(folder, one.Name + ".dll")).Where(File.Exists))
                open.Enqueue(reference);
        }

        return found;
    }

    /// <summary>A class with a finaliser and a native integer or pointer; SafeHandle counts its uses and is not one.</summary>
    private static bool IsExposed(TypeDefinition type)
    {
        var (finalised, native) = (false, false);
        for (var one = type; one is not null; one = Parent(one))
        {
            finalised |= one.Methods.Any(method => method is { Name: "Finalize", HasParameters: false });
            native |= one.Fields.Any(field => !field.IsStatic && (field.FieldType.FullName is "System.IntPtr" or "System.UIntPtr"
                || field.FieldType is PointerType));
            if (one.BaseType?.Name is "SafeHandle" or "CriticalHandle" or "SafeHandleZeroOrMinusOneIsInvalid") return false;
        }

        return finalised && native;
    }

    private static TypeDefinition? Parent(TypeDefinition type) =>
        (type.BaseType as GenericInstanceType)?.ElementType as TypeDefinition ?? type.BaseType as TypeDefinition;
}
