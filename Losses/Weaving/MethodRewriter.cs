using Mono.Cecil;
using Mono.Cecil.Cil;

namespace Ablation.Weaving;

/// <summary>
/// Rewrites one method so that all objects in it live until it returns: its own object, arguments, locals, and values that were only on the
/// stack (a temporary tensor, an array of tensors, a delegate), which are stored in new locals. All are kept alive after each native call,
/// for paths that throw, and before each return, for pointers that are read after the call.
/// </summary>
internal sealed class MethodRewriter(MethodDefinition method, KeepAliveCalls calls)
{
    private readonly MethodBody body = method.Body;
    private readonly List<Instruction> code = [];
    private readonly List<Func<IEnumerable<Instruction>>> kept = [];

    public void Run()
    {
        var original = body.Instructions.ToList();
        if (original.Any(i => i.OpCode.Code is Code.Tail or Code.Jmp))
            throw new InvalidDataException($"{method.FullName} ends in a tail call: nothing can be kept alive after it");
        Arguments(original);
        Locals();
        var stored = original.Where(i => KeptType.Produced(i) is { } type && KeptType.Of(type) == Keeping.Reference)
            .ToDictionary(i => i, _ => Kept());
        foreach (var instruction in original)
        {
            if (instruction.OpCode.Code == Code.Ret)
            {
                Return(instruction);
                continue;
            }

            if (calls.IsLazy(instruction)) Materialise(instruction);
            code.Add(instruction);
            if (stored.TryGetValue(instruction, out var local))
                code.AddRange([Instruction.Create(OpCodes.Dup), Instruction.Create(OpCodes.Stloc, local)]);
            if (NativeUse.IsNativeCall(instruction)) code.AddRange(KeepAll());
        }

        body.Instructions.Clear();
        foreach (var instruction in code) body.Instructions.Add(instruction);
    }

    /// <summary>Copies a sequence into an array that is kept: a sequence may create its tensors while it is enumerated, and then nothing
    /// else refers to them.</summary>
    private void Materialise(Instruction call)
    {
        code.AddRange([Instruction.Create(OpCodes.Call, calls.ToArray!), Instruction.Create(OpCodes.Dup),
            Instruction.Create(OpCodes.Stloc, Kept())]);
        call.Operand = calls.HandlesOfArray;
    }

    private IEnumerable<Instruction> KeepAll() => kept.SelectMany(keep => keep());

    private void Arguments(List<Instruction> original)
    {
        var parameters = method.Parameters.ToList();
        if (method.HasThis && !method.DeclaringType.IsValueType) parameters.Insert(0, body.ThisParameter);
        foreach (var parameter in parameters)
        {
            var keeping = parameter == body.ThisParameter ? Keeping.Reference : KeptType.Of(parameter.ParameterType);
            Add(keeping, OpCodes.Ldarg, OpCodes.Ldarga, parameter);
            var changed = keeping == Keeping.Reference
                && original.Any(i => i.OpCode.Code is Code.Starg or Code.Ldarga && i.Operand == parameter);
            if (changed) code.AddRange([Instruction.Create(OpCodes.Ldarg, parameter), Instruction.Create(OpCodes.Stloc, Kept())]);
        }
    }

    private void Locals()
    {
        foreach (var variable in body.Variables.ToList())
        {
            var keeping = KeptType.Of(variable.VariableType);
            if (keeping == Keeping.Reference) kept.Add(() => [Instruction.Create(OpCodes.Ldloc, variable), Keep()]);
            else if (keeping == Keeping.Structure)
                kept.Add(() => [Instruction.Create(OpCodes.Ldloca, variable), Instruction.Create(OpCodes.Conv_U), KeepValue()]);
        }
    }

    private void Add(Keeping keeping, OpCode load, OpCode address, ParameterDefinition parameter)
    {
        if (keeping == Keeping.Reference) kept.Add(() => [Instruction.Create(load, parameter), Keep()]);
        else if (keeping == Keeping.ByReference)
            kept.Add(() => [Instruction.Create(load, parameter), Instruction.Create(OpCodes.Ldind_Ref), Keep()]);
        else if (keeping == Keeping.Structure)
            kept.Add(() => [Instruction.Create(address, parameter), Instruction.Create(OpCodes.Conv_U), KeepValue()]);
    }

    /// <summary>Adds a local that is kept, for a value that was only on the stack.</summary>
    private VariableDefinition Kept()
    {
        var local = new VariableDefinition(method.Module.TypeSystem.Object);
        body.Variables.Add(local);
        kept.Add(() => [Instruction.Create(OpCodes.Ldloc, local), Keep()]);
        return local;
    }

    /// <summary>Keeps all alive before a return. The return becomes the first of these instructions, since branches lead to it.</summary>
    private void Return(Instruction ret)
    {
        var keeping = KeepAll().ToList();
        if (keeping.Count > 0)
        {
            (ret.OpCode, ret.Operand) = (keeping[0].OpCode, keeping[0].Operand);
            code.Add(ret);
            code.AddRange(keeping.Skip(1));
            ret = Instruction.Create(OpCodes.Ret);
        }

        code.Add(ret);
    }

    private Instruction Keep() => Instruction.Create(OpCodes.Call, calls.Object);

    private Instruction KeepValue() => Instruction.Create(OpCodes.Call, calls.Value);
}
