using System.Linq.Expressions;
using System.Reflection;
using static TorchSharp.torch;

namespace Ablation.Tests.Native.Stress;

/// <summary>An operation with valid arguments, to be called repeatedly.</summary>
/// <param name="Name">The name by <see cref="UsedOperations.NameOf"/>.</param>
/// <param name="Call">Makes the arguments and calls it.</param>
/// <param name="Expected">A digest of its result without forced collections; NaN if it is random or has none.</param>
internal sealed record Operation(string Name, Func<object?> Call, double Expected)
{
    private const int MostTries = 4000;

    /// <summary>Returns the operation with its recipe or the first valid arguments by type; null if there are none.</summary>
    public static Operation? Of(MethodBase method)
    {
        var name = UsedOperations.NameOf(method);
        if (Recipes.All.TryGetValue(name, out var recipe)) return Tried(name, recipe);
        if (!method.IsPublic || method.DeclaringType!.IsAbstract && method.IsConstructor) return null;
        return Choices([.. Slots(method)]).Take(MostTries).Select(arguments => Compiled(method, arguments))
            .Select(call => call is null ? null : Tried(name, call)).FirstOrDefault(found => found is not null);
    }

    /// <summary>Calls it once and returns the error, or null.</summary>
    public string? Check()
    {
        try
        {
            var digest = Digest(Call());
            return double.IsNaN(Expected) || digest.Equals(Expected) ? null : $"{Name}: {digest} instead of {Expected}";
        }
        catch (Exception e)
        {
            return $"{Name}: {e.GetType().Name}: {e.Message.Split('\n')[0]}";
        }
    }

    private static Operation? Tried(string name, Func<object?> call)
    {
        try
        {
            var (first, second) = (Digest(call()), Digest(call()));
            var random = name.Contains(".empty", StringComparison.Ordinal) || name.Contains(".rand", StringComparison.Ordinal)
                || name.StartsWith("cudnn.get_", StringComparison.Ordinal) // a switch of the process, which another operation sets
                || !first.Equals(second);
            return new Operation(name, call, random ? double.NaN : first);
        }
        catch (Exception)
        {
            return null; // not these arguments
        }
    }

    private static IEnumerable<IReadOnlyList<Expression>> Slots(MethodBase method)
    {
        if (!method.IsStatic && !method.IsConstructor) yield return Operands.Receiver(method.DeclaringType!);
        foreach (var parameter in method.GetParameters())
        {
            var plain = parameter.HasDefaultValue ? new[] { Default(parameter) } : [];
            yield return [.. parameter.ParameterType == typeof(Generator)
                ? [] : plain, .. Operands.For(parameter.ParameterType, parameter.Name ?? "")];
        }
    }

    private static Expression Default(ParameterInfo parameter)
    {
        var (type, value) = (parameter.ParameterType, parameter.DefaultValue);
        if (value is null && type.IsValueType && Nullable.GetUnderlyingType(type) is null) return Expression.Default(type);
        return Expression.Constant(value is not null && type.IsEnum ? Enum.ToObject(type, value) : value, type);
    }

    private static IEnumerable<Expression[]> Choices(IReadOnlyList<IReadOnlyList<Expression>> slots)
    {
        if (slots.Any(slot => slot.Count == 0)) yield break;
        var at = new int[slots.Count];
        while (true)
        {
            yield return [.. slots.Select((slot, i) => slot[at[i]])];
            var place = 0;
            while (place < at.Length && ++at[place] == slots[place].Count) at[place++] = 0;
            if (place == at.Length) yield break;
        }
    }

    private static Func<object?>? Compiled(MethodBase method, Expression[] arguments)
    {
        var call = method switch
        {
            ConstructorInfo constructor => (Expression)Expression.New(constructor, arguments),
            { IsStatic: true } => Expression.Call((MethodInfo)method, arguments),
            _ => Expression.Call(arguments[0], (MethodInfo)method, arguments[1..]),
        };
        if (call.Type.IsByRefLike) return null;
        var result = call.Type == typeof(void)
            ? (Expression)Expression.Block(call, Expression.Constant(null)) : Expression.Convert(call, typeof(object));
        return Expression.Lambda<Func<object?>>(result).Compile();
    }

    /// <summary>Returns a number that differs between results: the sum of a tensor's values, each weighted by its place.</summary>
    private static double Digest(object? result)
    {
        switch (result)
        {
            case Tensor tensor:
                using (no_grad())
                {
                    var values = tensor.detach().to(ScalarType.Float64).reshape(-1);
                    return (values * arange(1, values.numel() + 1, ScalarType.Float64)).sum().item<double>();
                }

            case System.Runtime.CompilerServices.ITuple tuple:
                return Enumerable.Range(0, tuple.Length).Sum(i => (i + 1) * Digest(tuple[i]));
            case float[] floats:
                return floats.Select((value, i) => (i + 1.0) * value).Sum();
            case long[] longs:
                return longs.Select((value, i) => (i + 1.0) * value).Sum();
            case IConvertible and not string:
                return Convert.ToDouble(result);
            case IDisposable scope and (not nn.Module and not Tensor):
                scope.Dispose();
                return 0;
            default:
                return 0;
        }
    }
}
