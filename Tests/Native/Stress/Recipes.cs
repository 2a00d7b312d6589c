using Ablation.Harness.Networks;
using Ablation.Losses;
using Ablation.Losses.Heads;
using TorchSharp;
using TorchSharp.Modules;
using static TorchSharp.torch;

namespace Ablation.Tests.Native.Stress;

/// <summary>Calls of the operations that arguments by type do not fit: they need a graph, a derived class, a span or a device.</summary>
internal static class Recipes
{
    /// <summary>The recipes by the name of the operation (<see cref="UsedOperations.NameOf"/>).</summary>
    public static readonly IReadOnlyDictionary<string, Func<object?>> All = new Dictionary<string, Func<object?>>
    {
        ["ModuleExtensionMethods.to<Backbone>(Backbone, Device, Boolean)"] = () => new SmallOptions().Build(16).to(CPU),
        ["ModuleExtensionMethods.to<FaceLoss>(FaceLoss, Device, Boolean)"] = () => Loss().to(CPU),
        ["Tensor.item<Boolean>()"] = () => Operands.Truths().select(0, 0).select(0, 0).item<bool>(),
        ["Tensor.item<Int64>()"] = () => Operands.Indices().select(0, 2).item<long>(),
        ["Tensor.item<Double>()"] = () => Operands.Matrix().to(ScalarType.Float64).select(0, 0).select(0, 2).item<double>(),
        ["Tensor.get_bytes()"] = Bytes,
        ["Tensor.backward()"] = () => Slope(x => (x * x * 0.5).sum().backward()),
        ["Tensor.backward(IList`1, Boolean, Boolean, IList`1)"] = () => Slope(x => (x * x).backward([Operands.Matrix()])),
        ["Tensor.get_grad()"] = () => Slope(x => (x * 3).sum().backward()),
        ["Tensor.amax(ReadOnlySpan`1, Boolean, Tensor)"] = () => Operands.Matrix().amax([0, 1]),
        ["Tensor.index(TensorIndex[])"] = () => Operands.Matrix().index(TensorIndex.Ellipsis, TensorIndex.Slice(step: 2)),
        ["torch.cat(ReadOnlySpan`1, Int64)"] = () => cat([Operands.Matrix(), Operands.Matrix() * 2]),
        ["torch.empty(ReadOnlySpan`1, Nullable`1, Device, Boolean, String[])"] = () => empty([3L, 4L]),
        ["Module.Dispose(Boolean)"] = Disposed,
        ["Module.RegisterComponents()"] = () => new OneLayer().forward(Operands.Matrix()),
        ["Module`2..ctor(String)"] = () => new OneLayer().call(Operands.Matrix()),
        ["Module`3..ctor(String)"] = () => Loss().forward(Operands.Matrix(), Operands.Indices()),
        ["ILearningRateController.set_LearningRate(Double)"] = () => Step(optimiser => optimiser.ParamGroups.First().LearningRate = 0.25),
        ["StateDictionary.get_State()"] = () => Operands.Optimiser().state_dict().State.Count,
        ["optim.AdamW(IEnumerable`1, Double, Double, Double, Double, Double, Boolean, Boolean)"] = () => Step(_ => { }),
        ["Optimizer.step(Func`1)"] = () => Step(_ => { }),
        ["Sequential.append(String, IModule`2)"] = () => nn.Sequential(("first", nn.PReLU(1))).append("second", Operands.LinearLayer())
            .call(Operands.Matrix()),
        ["nn.Sequential(ValueTuple`2[])"] = () => nn.Sequential(("first", Operands.LinearLayer()), ("second", nn.PReLU(1)))
            .call(Operands.Matrix()),
        ["torch.full(ReadOnlySpan`1, Scalar, Nullable`1, Device, Boolean, String[])"] = () => full([3L, 4L], 0.5),
        ["torch.stack(IEnumerable`1, Int64)"] = () => stack(Operands.Sequence()),
        ["torch.set_num_threads(Int32)"] = () => { set_num_threads(1); return null; },
        ["torch.manual_seed(Int64)"] = () => { manual_seed(3); return null; },
        ["cuda.synchronize(Device)"] = () => { if (cuda.is_available()) cuda.synchronize(); return null; },
        ["Tensor.pin_memory()"] = () => cuda.is_available() ? Operands.Matrix().pin_memory() : null,
        ["HookableModule`2.register_forward_hook(Func`4)"] = Hooked,
    };

    private static FaceLoss Loss()
    {
        var loss = new CosFaceOptions { Scale = 8, CosineMargin = 0.2 }.Build(new LossShape(4, 4));
        using var grad = no_grad();
        loss.proxies.copy_(Operands.Matrix());
        return loss;
    }

    private static object Bytes()
    {
        using var values = Operands.Matrix(); // the tensor must live as long as its bytes
        return System.Runtime.InteropServices.MemoryMarshal.Cast<byte, float>(values.bytes).ToArray();
    }

    private static Tensor Slope(Action<Tensor> backward)
    {
        var x = Operands.Matrix().requires_grad_();
        backward(x);
        return x.grad!;
    }

    private static object? Disposed()
    {
        using var layer = new OneLayer();
        return null;
    }

    private static object Hooked()
    {
        var (layer, called) = (Operands.LinearLayer(), 0);
        layer.register_forward_hook((_, _, output) => { called++; return output; });
        layer.call(Operands.Matrix());
        return called;
    }

    /// <summary>Takes a step of AdamW on three parameters and returns their sum.</summary>
    private static Tensor Step(Action<AdamW> change)
    {
        var parameters = Operands.Parameters().ToList();
        var optimiser = optim.AdamW([new AdamW.ParamGroup(parameters, 0.1)], 0.1);
        change(optimiser);
        foreach (var parameter in parameters) (parameter * parameter).sum().backward();
        optimiser.step();
        return stack(parameters.Select(parameter => parameter.detach() * 2.0));
    }

    private sealed class OneLayer : nn.Module<Tensor, Tensor>
    {
        private readonly Linear layer = Operands.LinearLayer();

        public OneLayer() : base(nameof(OneLayer)) => RegisterComponents();

        public override Tensor forward(Tensor input) => layer.call(input);
    }
}
