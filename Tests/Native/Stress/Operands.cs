using System.Linq.Expressions;
using System.Reflection;
using TorchSharp;
using TorchSharp.Modules;
using static TorchSharp.torch;

namespace Ablation.Tests.Native.Stress;

/// <summary>
/// Arguments for an operation, by type. Each is created by a call inside the compiled expression, so that it is a temporary on the stack as
/// in <c>x * 0.5</c>, and only the operation refers to it.
/// </summary>
internal static class Operands
{
    private static readonly Tensor Table = arange(16, ScalarType.Float32).div(17).add(0.03).view(4, 4).DetachFromDisposeScope();

    /// <summary>Returns the candidates for a parameter, the likeliest first; empty if its type is unknown.</summary>
    public static IReadOnlyList<Expression> For(Type type, string name)
    {
        if (type == typeof(Tensor)) return [.. (name == "index" ? Enumerable.Reverse(Tensors) : Tensors).Select(Call)];
        if (type == typeof(Scalar)) return [Expression.Convert(Call(nameof(Half)), type), Expression.Convert(Call(nameof(One)), type)];
        if (type == typeof(long[])) return [Array(4L, 4L), Array(1L, 0L), Array(0L), Array(16L), Array(0L, 2L, 3L, 1L)];
        if (type == typeof(Generator)) return [Call(nameof(Seeded))];
        if (Instances.TryGetValue(type, out var maker)) return [Call(maker)];
        if (type == typeof(long) || type == typeof(int))
            return [.. new[] { 1, 0, 4, 2 }.Select(value => Expression.Constant(Convert.ChangeType(value, type, null), type))];
        if (type == typeof(double) || type == typeof(float)) return [Expression.Constant(Convert.ChangeType(0.5, type, null), type)];
        if (type == typeof(bool)) return [Expression.Constant(false), Expression.Constant(true)];
        if (type.IsEnum)
            return [Expression.Constant(type == typeof(ScalarType) ? ScalarType.Float64 : Enum.GetValues(type).GetValue(0), type)];
        if (Nullable.GetUnderlyingType(type) is not null) return [Expression.Constant(null, type)];
        return [];
    }

    /// <summary>What an instance method is called on.</summary>
    public static IReadOnlyList<Expression> Receiver(Type type)
    {
        if (type == typeof(Tensor)) return [.. Tensors.Select(Call)];
        var maker = Instances.FirstOrDefault(one => type.IsAssignableFrom(one.Key)).Value;
        return maker is null ? [] : [Expression.Convert(Call(maker), type)];
    }

    private static readonly Queue<nn.Module> Layers = [];
    private static readonly string[] Tensors = [nameof(Matrix), nameof(Column), nameof(Maps), nameof(Single), nameof(Truths),
        nameof(Indices), nameof(IndexMatrix)];

    private static readonly Dictionary<Type, string> Instances = new()
    {
        [typeof(Linear)] = nameof(LinearLayer),
        [typeof(Conv2d)] = nameof(Convolution),
        [typeof(BatchNorm2d)] = nameof(Norm),
        [typeof(PReLU)] = nameof(Slopes),
        [typeof(LeakyReLU)] = nameof(Leaky),
        [typeof(Sequential)] = nameof(Chain),
        [typeof(BatchNorm1d)] = nameof(NormOfVectors),
        [typeof(MaxPool2d)] = nameof(Largest),
        [typeof(AvgPool2d)] = nameof(Average),
        [typeof(AdaptiveAvgPool2d)] = nameof(GlobalAverage),
        [typeof(Flatten)] = nameof(Flat),
        [typeof(AdamW)] = nameof(Optimiser),
        [typeof(Device)] = nameof(Host),
        [typeof(Size)] = nameof(Shape),
        [typeof(TorchSharp.Utils.TensorAccessor<float>)] = nameof(Floats),
        [typeof(TorchSharp.Utils.TensorAccessor<long>)] = nameof(Longs),
        [typeof(float[])] = nameof(FloatArray),
        [typeof(double[])] = nameof(DoubleArray),
        [typeof(bool[])] = nameof(BoolArray),
        [typeof(Array)] = nameof(AnyArray),
        [typeof(string)] = nameof(Text),
        [typeof(IEnumerable<Tensor>)] = nameof(Sequence),
        [typeof(IEnumerable<Parameter>)] = nameof(Parameters),
    };

    private static MethodCallExpression Call(string maker) =>
        Expression.Call(typeof(Operands).GetMethod(maker, BindingFlags.Static | BindingFlags.Public | BindingFlags.NonPublic)!);

    private static NewArrayExpression Array(params long[] values) =>
        Expression.NewArrayInit(typeof(long), values.Select(value => Expression.Constant(value)));

    public static Tensor Matrix() => Table.clone();
    private static Tensor Column() => Table.select(0, 1).clone();
    private static Tensor Maps() => Table.view(1, 1, 4, 4).expand(2, 4, 4, 4).clone();
    public static Tensor Single() => Table.select(0, 0).narrow(0, 1, 1).clone();
    public static Tensor Truths() => Table > Matrix();
    public static Tensor Indices() => arange(4, ScalarType.Int64);
    private static Tensor IndexMatrix() => arange(16, ScalarType.Int64).view(4, 4).remainder(4);
    private static double Half() => 0.5;
    private static int One() => 1;
    private static Generator Seeded() => new(7);
    private static Device Host() => new(DeviceType.CPU);
    private static Size Shape() => new([4, 4]);
    public static Linear LinearLayer() => Filled(nn.Linear(4, 4));
    private static Conv2d Convolution() => Filled(nn.Conv2d(4, 4, 3, padding: 1));
    private static BatchNorm2d Norm() => Filled(nn.BatchNorm2d(4));
    private static PReLU Slopes() => Held(nn.PReLU(1));
    private static LeakyReLU Leaky() => nn.LeakyReLU(0.1);
    private static Sequential Chain() => nn.Sequential(("first", LinearLayer()), ("second", nn.PReLU(1)));
    private static BatchNorm1d NormOfVectors() => Filled(nn.BatchNorm1d(4));
    private static MaxPool2d Largest() => Held(nn.MaxPool2d(2));
    private static AvgPool2d Average() => Held(nn.AvgPool2d(2));
    private static AdaptiveAvgPool2d GlobalAverage() => Held(nn.AdaptiveAvgPool2d(1));
    private static Flatten Flat() => Held(nn.Flatten());
    public static AdamW Optimiser() => optim.AdamW(Parameters());
    private static TorchSharp.Utils.TensorAccessor<float> Floats() => Column().data<float>();
    private static TorchSharp.Utils.TensorAccessor<long> Longs() => Indices().data<long>();
    private static float[] FloatArray() => [1, 2, 3];
    private static double[] DoubleArray() => [1, 2, 3];
    private static bool[] BoolArray() => [true, false, true];
    private static Array AnyArray() => FloatArray();
    private static string Text() => "name";

    /// <summary>Yields tensors that only the enumeration holds.</summary>
    public static IEnumerable<Tensor> Sequence()
    {
        for (var i = 0; i < 3; i++) yield return Matrix();
    }

    public static IEnumerable<Parameter> Parameters() => [.. Enumerable.Range(0, 3).Select(_ => new Parameter(Matrix()))];

    private static T Filled<T>(T module) where T : nn.Module
    {
        using var grad = no_grad();
        foreach (var parameter in module.parameters()) parameter.fill_(0.25);
        return Held(module);
    }

    /// <summary>Holds a module with its parameters, as a network holds its layers: the module's finaliser frees them.</summary>
    private static T Held<T>(T module) where T : nn.Module
    {
        Layers.Enqueue(module);
        if (Layers.Count > 64) Layers.Dequeue();
        return module;
    }
}
