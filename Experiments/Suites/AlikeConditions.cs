using Ablation.Harness.Foundations;

namespace Ablation.Experiments.Suites;

/// <summary>Returns one object for conditions of equal content, and for equal parts of them: records that contain lists do not compare by
/// content.</summary>
internal sealed class AlikeConditions
{
    private readonly Dictionary<string, object> known = new(StringComparer.Ordinal);

    /// <summary>Returns the first condition of this content that was asked for.</summary>
    public Condition One(Condition condition) => First(condition with
    {
        Backbone = First(condition.Backbone),
        Training = First(condition.Training),
        Data = First(condition.Data),
    });

    private T First<T>(T part) where T : class
    {
        var key = $"{typeof(T).Name} {SpecJson.Write(part)}";
        if (known.TryGetValue(key, out var first)) return (T)first;
        known.Add(key, part);
        return part;
    }
}
