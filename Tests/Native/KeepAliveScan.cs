using Mono.Cecil;
using Mono.Cecil.Cil;

namespace Ablation.Tests.Native;

/// <summary>
/// Reads the IL of a wrapper of a native library and lists where an object may be collected while native code reads it. It is independent
/// of the build tool that it checks.
/// </summary>
internal static class KeepAliveScan
{
    /// <summary>Returns one line per fault; empty if all objects are kept alive.</summary>
    public static (int Methods, IReadOnlyList<string> Faults) Of(string path)
    {
        using var assembly = AssemblyDefinition.ReadAssembly(path);
        var methods = assembly.MainModule.GetTypes().SelectMany(type => type.Methods)
            .Where(method => method.HasBody && method.Body.Instructions.Any(TakesHandle)).ToList();
        return (methods.Count, [.. methods.SelectMany(Faults)]);
    }

    /// <summary>Returns whether this is a native call or reads an object's handle.</summary>
    private static bool TakesHandle(Instruction instruction) => IsNative(instruction)
        || (instruction.Operand is MethodReference { ReturnType.FullName: "System.IntPtr", HasThis: true } getter
            && getter.Name.StartsWith("get_", StringComparison.Ordinal))
        || (instruction.OpCode.Code == Code.Ldfld && instruction.Operand is FieldReference { FieldType.FullName: "System.IntPtr" });

    private static bool IsNative(Instruction instruction) =>
        instruction.OpCode.Code == Code.Call && instruction.Operand is MethodDefinition { IsPInvokeImpl: true };

    private static IEnumerable<string> Faults(MethodDefinition method)
    {
        if (!method.NoInlining) yield return $"{method.FullName}: may be inlined";
        var (code, needed) = (method.Body.Instructions, Needed(method));
        for (var i = 0; i < code.Count; i++)
        {
            if (IsNative(code[i]))
            {
                foreach (var slot in needed.Except(KeptAfter(code, Produces(code[i]) ? i + 3 : i + 1)))
                    yield return $"{method.FullName}: {slot} may be gone during {((MethodReference)code[i].Operand).Name}";
            }
            else if (code[i].OpCode.Code == Code.Ret)
            {
                foreach (var slot in needed.Except(KeptBefore(code, i - 1)))
                    yield return $"{method.FullName}: {slot} may be gone before the return";
            }

            if (Produces(code[i])
                && (i + 2 >= code.Count || code[i + 1].OpCode.Code != Code.Dup || Slot(code[i + 2], Code.Stloc) is not { } kept
                    || !needed.Contains(kept)))
                yield return $"{method.FullName}: nothing holds what {code[i]} gives";
            if (code[i].Operand is MethodReference { Name: "ToHandleArray" } handles
                && handles.Parameters[0].ParameterType.Name == "IEnumerable`1")
                yield return $"{method.FullName}: nothing holds the tensors of a sequence";
        }
    }

    /// <summary>"this", arguments and locals that refer to an object or hold a structure that does.</summary>
    private static HashSet<string> Needed(MethodDefinition method)
    {
        var slots = method.Parameters.Where(parameter => Refers(parameter.ParameterType))
            .Select(parameter => $"argument {parameter.Sequence}").ToHashSet();
        if (method.HasThis && !method.DeclaringType.IsValueType) slots.Add("argument 0");
        slots.UnionWith(method.Body.Variables.Where(variable => Refers(variable.VariableType))
            .Select(variable => $"local {variable.Index}"));
        return slots;
    }

    private static bool Refers(TypeReference type) => type switch
    {
        // pinned is held; a caller holds the others
        ByReferenceType or PointerType or FunctionPointerType or PinnedType or GenericParameter => false,
        RequiredModifierType or OptionalModifierType => Refers(((TypeSpecification)type).ElementType),
        ArrayType => true,
        GenericInstanceType { IsValueType: true } generic => generic.GenericArguments.Any(Refers),
        { IsValueType: true } =>
            type is TypeDefinition { IsEnum: false } structure && structure.Fields.Any(field => !field.IsStatic && Refers(field.FieldType)),
        _ => type.MetadataType != MetadataType.String,
    };

    /// <summary>Returns whether the instruction pushes a new reference that no slot holds yet.</summary>
    private static bool Produces(Instruction instruction) => instruction.OpCode.Code switch
    {
        Code.Newobj => !((MethodReference)instruction.Operand).DeclaringType.IsValueType,
        Code.Call or Code.Callvirt => IsObject(((MethodReference)instruction.Operand).ReturnType),
        Code.Ldfld or Code.Ldsfld => IsObject(((FieldReference)instruction.Operand).FieldType),
        Code.Ldelem_Ref or Code.Newarr => true,
        _ => false,
    };

    private static bool IsObject(TypeReference type) =>
        type.MetadataType != MetadataType.Void && !type.IsValueType && !type.IsPrimitive && Refers(type);

    private static HashSet<string> KeptAfter(IList<Instruction> code, int at)
    {
        var kept = new HashSet<string>();
        while (KeptAt(code, at) is var (slot, length))
        {
            kept.Add(slot);
            at += length;
        }

        return kept;
    }

    private static HashSet<string> KeptBefore(IList<Instruction> code, int end)
    {
        var kept = new HashSet<string>();
        while (true)
        {
            var found = new[] { 2, 3 }.Select(length => end - length + 1 >= 0 && KeptAt(code, end - length + 1) is { } one
                && one.Length == length ? one : ((string Slot, int Length)?)null).FirstOrDefault(one => one is not null);
            if (found is not { } last) return kept;
            kept.Add(last.Slot);
            end -= last.Length;
        }
    }

    /// <summary>Returns the slot that the KeepAlive call at <paramref name="at"/> holds.</summary>
    private static (string Slot, int Length)? KeptAt(IList<Instruction> code, int at)
    {
        bool Calls(int place, string name) =>
            place < code.Count && code[place].OpCode.Code == Code.Call && ((MethodReference)code[place].Operand).FullName == name;
        if (at >= code.Count) return null;
        if ((Slot(code[at], Code.Ldarg) ?? Slot(code[at], Code.Ldloc)) is { } slot)
        {
            if (Calls(at + 1, "System.Void System.GC::KeepAlive(System.Object)")) return (slot, 2);
            return Calls(at + 2, "System.Void System.GC::KeepAlive(System.Object)") && code[at + 1].OpCode.Code == Code.Ldind_Ref
                ? (slot, 3) : null;
        }

        return (Slot(code[at], Code.Ldarga) ?? Slot(code[at], Code.Ldloca)) is { } address
            && Calls(at + 2, "System.Void Ablation.KeptValue::At(System.UIntPtr)") ? (address, 3) : null;
    }

    /// <summary>Returns the slot of an instruction of this kind, in any of its short forms.</summary>
    private static string? Slot(Instruction instruction, Code kind)
    {
        var name = instruction.OpCode.Code.ToString();
        if (!name.StartsWith(kind.ToString(), StringComparison.Ordinal)
            || (kind is Code.Ldarg or Code.Ldloc && name[kind.ToString().Length..].StartsWith('a'))) return null;
        return instruction.Operand switch
        {
            ParameterDefinition parameter => $"argument {(parameter.Index < 0 ? 0 : parameter.Sequence)}",
            VariableDefinition variable => $"local {variable.Index}",
            _ => kind is Code.Ldarg ? $"argument {name[^1]}" : $"local {name[^1]}",
        };
    }
}
