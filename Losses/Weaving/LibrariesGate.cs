using Mono.Cecil;
using Mono.Cecil.Cil;

namespace Ablation.Weaving;

/// <summary>
/// Lets the program load libtorch itself: TorchSharp's loader returns at once if the process has set <see cref="Key"/>. Without that it
/// loads the libraries beside the program, by their paths, and a second libtorch would compute beside the first.
/// </summary>
internal static class LibrariesGate
{
    /// <summary>Name in <see cref="AppContext"/>. <c>LibtorchFolder</c> in Harness sets it.</summary>
    public const string Key = "Ablation.LibtorchIsLoaded";

    private const string Loader = "LoadNativeBackend";

    /// <exception cref="InvalidDataException">TorchSharp has another loader.</exception>
    public static void Add(ModuleDefinition module)
    {
        var loader = module.GetType("TorchSharp.torch")?.Methods.FirstOrDefault(method => method.Name == Loader
            && method.Parameters.Count == 2 && method.Parameters[1].ParameterType.IsByReference)
            ?? throw new InvalidDataException($"torch.{Loader}(bool, out StringBuilder) is not there; see {nameof(LibrariesGate)}.cs");
        var types = module.TypeSystem;
        var data = new MethodReference("GetData", types.Object, new TypeReference("System", "AppContext", module, types.CoreLibrary));
        data.Parameters.Add(new ParameterDefinition(types.String));
        var (body, first) = (loader.Body.GetILProcessor(), loader.Body.Instructions[0]);
        foreach (var instruction in (Instruction[])
            [body.Create(OpCodes.Ldarg, loader.Parameters[1]), body.Create(OpCodes.Ldnull), body.Create(OpCodes.Stind_Ref),
            body.Create(OpCodes.Ldstr, Key), body.Create(OpCodes.Call, data), body.Create(OpCodes.Brfalse, first),
            body.Create(OpCodes.Ret)])
            body.InsertBefore(first, instruction);
    }
}
