using System.Reflection;
using Mono.Cecil;

namespace Ablation.Tests.Native.Stress;

/// <summary>Every operation of TorchSharp that the product calls, read from the IL of its assemblies.</summary>
internal static class UsedOperations
{
    private static readonly string[] Product = ["Losses", "Harness", "Benchmarks", "ablation"];

    /// <summary>The methods, properties and constructors with the product's type arguments, in the order of their
    /// names.</summary>
    public static IReadOnlyList<MethodBase> All()
    {
        var found = new Dictionary<string, MethodBase>(StringComparer.Ordinal);
        foreach (var assembly in Product.Select(name => Assembly.LoadFrom(Path.Combine(AppContext.BaseDirectory, name + ".dll"))))
        {
            using var definition = AssemblyDefinition.ReadAssembly(assembly.Location);
            foreach (var method in definition.MainModule.GetTypes().SelectMany(type => type.Methods).Where(method => method.HasBody))
            {
                foreach (var called in method.Body.Instructions.Select(instruction => instruction.Operand).OfType<MethodReference>()
                    .Where(called => called.DeclaringType.Scope.Name == "TorchSharp"))
                    found.TryAdd(called.FullName, assembly.ManifestModule.ResolveMethod(called.MetadataToken.ToInt32(), [], [])!);
            }
        }

        return [.. found.OrderBy(one => one.Key, StringComparer.Ordinal).Select(one => one.Value)];
    }

    /// <summary>How an operation is named in recipes and messages.</summary>
    public static string NameOf(MethodBase operation) =>
        $"{operation.DeclaringType!.Name}.{operation.Name}" +
        $"{(operation.IsGenericMethod ? $"<{operation.GetGenericArguments()[0].Name}>" : "")}" +
        $"({string.Join(", ", operation.GetParameters().Select(parameter => parameter.ParameterType.Name))})";
}
