using Mono.Cecil;
using Mono.Cecil.Cil;

namespace Ablation.Weaving;

/// <summary>How a value is kept alive: by reference, by the address of its structure, or not at all because it refers to nothing.</summary>
internal enum Keeping { Nothing, Reference, ByReference, Structure }

internal static class KeptType
{
    public static Keeping Of(TypeReference type) => type switch
    {
        // a reference to anything but an object reference is kept alive by its owner
        ByReferenceType inner => Of(inner.ElementType) == Keeping.Reference ? Keeping.ByReference : Keeping.Nothing,
        PinnedType inner => Of(inner.ElementType), // pinned is alive
        PointerType or FunctionPointerType => Keeping.Nothing,
        ArrayType => Keeping.Reference,
        IModifierType inner => Of(inner.ElementType),
        GenericParameter parameter => parameter.HasNotNullableValueTypeConstraint ? Keeping.Nothing : Keeping.Structure,
        GenericInstanceType generic when generic.IsValueType =>
            generic.GenericArguments.Any(argument => Of(argument) != Keeping.Nothing) ? Keeping.Structure : Keeping.Nothing,
        { MetadataType: MetadataType.String } => Keeping.Nothing,
        { IsValueType: false, IsPrimitive: false } => Keeping.Reference,
        TypeDefinition { IsEnum: false } structure =>
            structure.Fields.Any(field => !field.IsStatic && Of(field.FieldType) != Keeping.Nothing) ? Keeping.Structure : Keeping.Nothing,
        _ => Keeping.Nothing, // numbers, and structures of the framework, which have no references here
    };

    /// <summary>Returns the type of the value that an instruction leaves on the stack if it may be an object, else null.</summary>
    public static TypeReference? Produced(Instruction instruction) => instruction.OpCode.Code switch
    {
        Code.Newobj => ((MethodReference)instruction.Operand).DeclaringType,
        Code.Call or Code.Callvirt => Result((MethodReference)instruction.Operand),
        Code.Ldfld or Code.Ldsfld =>
            Closed(((FieldReference)instruction.Operand).FieldType, ((FieldReference)instruction.Operand).DeclaringType, null),
        Code.Newarr => new ArrayType((TypeReference)instruction.Operand),
        Code.Ldelem_Any or Code.Ldobj or Code.Unbox_Any => (TypeReference)instruction.Operand,
        Code.Ldelem_Ref or Code.Ldind_Ref => instruction.Operand as TypeReference ?? Anything,
        _ => null,
    };

    private static readonly TypeReference Anything = new("System", "Object", null, null);

    private static TypeReference? Result(MethodReference called) =>
        called.ReturnType.MetadataType == MetadataType.Void
        ? null : Closed(called.ReturnType, called.DeclaringType, called as GenericInstanceMethod);

    /// <summary>Returns the type argument of the call or field for a type parameter, else the type.</summary>
    private static TypeReference Closed(TypeReference type, TypeReference declaring, GenericInstanceMethod? method) => type switch
    {
        GenericParameter { Type: GenericParameterType.Method } parameter when method is not null =>
            method.GenericArguments[parameter.Position],
        GenericParameter { Type: GenericParameterType.Type } parameter when declaring is GenericInstanceType generic =>
            generic.GenericArguments[parameter.Position],
        _ => type,
    };
}
