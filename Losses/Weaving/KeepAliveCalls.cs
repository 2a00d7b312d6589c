using Mono.Cecil;
using Mono.Cecil.Cil;

namespace Ablation.Weaving;

/// <summary>References to the methods that the rewritten code calls, through the framework that the module references.</summary>
internal sealed class KeepAliveCalls
{
    private readonly ModuleDefinition module;
    private readonly IMetadataScope runtime;
    private readonly MethodDefinition? lazy;

    public KeepAliveCalls(ModuleDefinition module)
    {
        (this.module, runtime) = (module, module.TypeSystem.CoreLibrary);
        Object = Method("System", "GC", "KeepAlive", isStatic: true, module.TypeSystem.Object);
        var holder = new TypeDefinition("Ablation", "KeptValue",
            TypeAttributes.NotPublic | TypeAttributes.Abstract | TypeAttributes.Sealed, module.TypeSystem.Object);
        Value = new MethodDefinition("At", MethodAttributes.Assembly | MethodAttributes.Static | MethodAttributes.HideBySig,
            module.TypeSystem.Void)
        { NoInlining = true };
        Value.Parameters.Add(new ParameterDefinition("address", ParameterAttributes.None, module.TypeSystem.UIntPtr));
        Value.Body.GetILProcessor().Emit(OpCodes.Ret);
        holder.Methods.Add(Value);
        module.Types.Add(holder);

        if (module.Assembly.Name.Name != "TorchSharp") return;
        lazy = Handles(parameter => parameter is GenericInstanceType { ElementType.Name: "IEnumerable`1" });
        HandlesOfArray = Handles(parameter => parameter is ArrayType);
        var tensor = ((ArrayType)HandlesOfArray.Parameters[0].ParameterType).ElementType;
        var known = module.GetTypes().SelectMany(type => type.Methods).Where(method => method.HasBody)
            .SelectMany(method => method.Body.Instructions)
            .Select(instruction => instruction.Operand).OfType<GenericInstanceMethod>()
            .FirstOrDefault(called => called is { Name: "ToArray", DeclaringType.FullName: "System.Linq.Enumerable" })
            ?? throw new InvalidDataException("it has no call of Enumerable.ToArray");
        ToArray = new GenericInstanceMethod(known.ElementMethod) { GenericArguments = { tensor } };
    }

    /// <summary>GC.KeepAlive(object).</summary>
    public MethodReference Object { get; }

    /// <summary>A method that ignores the address that it is passed. A structure whose address is taken lives to the end of its
    /// method.</summary>
    public MethodDefinition Value { get; }

    /// <summary>Enumerable.ToArray of tensors; null in other files than TorchSharp's.</summary>
    public MethodReference? ToArray { get; }

    /// <summary>TorchSharp's method that returns the handles of an array of tensors; null in other files.</summary>
    public MethodDefinition? HandlesOfArray { get; }

    /// <summary>Returns whether it is a call that reads the handles of a sequence of tensors while enumerating it.</summary>
    public bool IsLazy(Instruction instruction) => lazy is not null && instruction.Operand == lazy;

    public CustomAttribute Metadata(string key, string value)
    {
        var text = module.TypeSystem.String;
        var constructor = Method("System.Reflection", "AssemblyMetadataAttribute", ".ctor", isStatic: false, text, text);
        return new CustomAttribute(constructor) { ConstructorArguments = { new(text, key), new(text, value) } };
    }

    private MethodDefinition Handles(Func<TypeReference, bool> takes) =>
        module.GetType("TorchSharp.OverloadHelper")?.Methods.SingleOrDefault(method => method.Name == "ToHandleArray"
            && takes(method.Parameters[0].ParameterType))
        ?? throw new InvalidDataException(
            "it has no OverloadHelper.ToHandleArray as version 0.107 has; see docs/decisions.md on rewriting TorchSharp");

    private MethodReference Method(string space, string type, string name, bool isStatic, params TypeReference[] parameters)
    {
        var method = new MethodReference(name, module.TypeSystem.Void,
            new TypeReference(space, type, module, runtime))
        { HasThis = !isStatic };
        foreach (var parameter in parameters) method.Parameters.Add(new ParameterDefinition(parameter));
        return method;
    }
}
