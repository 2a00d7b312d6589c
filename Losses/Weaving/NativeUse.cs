using Mono.Cecil;
using Mono.Cecil.Cil;

namespace Ablation.Weaving;

/// <summary>
/// Finds the methods that use native memory: those that call a native function, or have a local, field, argument or result of a call that
/// is a native integer, a pointer or a structure of them. A handle can reach native code only through one of these. Methods of objects with
/// a finaliser count too.
/// </summary>
internal static class NativeUse
{
    public static bool Touches(MethodDefinition method) => method.HasBody
        && (IsFinalised(method) || method.Body.Variables.Any(variable => IsNative(variable.VariableType))
            || method.Body.Instructions.Any(Touches));

    /// <summary>Returns whether it belongs to an object with a finaliser, which frees objects of its fields: a module's frees its
    /// parameters.</summary>
    private static bool IsFinalised(MethodDefinition method)
    {
        if (method.IsStatic) return false;
        for (var type = method.DeclaringType; type is not null; type = type.BaseType is { } parent
            ? (parent as GenericInstanceType)?.ElementType as TypeDefinition ?? parent as TypeDefinition : null)
        {
            if (type.Methods.Any(one => one.Name == "Finalize")) return true;
        }

        return false;
    }

    /// <summary>Returns whether it is a call that leaves managed code.</summary>
    public static bool IsNativeCall(Instruction instruction) => instruction.OpCode.Code == Code.Calli
        || (instruction.OpCode.FlowControl == FlowControl.Call && instruction.Operand is MethodReference called
            && called is MethodDefinition { IsPInvokeImpl: true });

    private static bool Touches(Instruction instruction) => IsNativeCall(instruction) || instruction.Operand switch
    {
        MethodReference called => IsNative(called.ReturnType) || called.Parameters.Any(parameter => IsNative(parameter.ParameterType)),
        FieldReference field => IsNative(field.FieldType),
        _ => false,
    };

    private static bool IsNative(TypeReference type) => type switch
    {
        PointerType or FunctionPointerType => true,
        GenericInstanceType generic => generic.GenericArguments.Any(IsNative) || IsNative(generic.ElementType),
        TypeSpecification inner => IsNative(inner.ElementType),
        TypeDefinition { IsValueType: true, IsEnum: false } structure =>
            structure.Fields.Any(field => !field.IsStatic && IsNative(field.FieldType)),
        _ => type.FullName is "System.IntPtr" or "System.UIntPtr",
    };

}
