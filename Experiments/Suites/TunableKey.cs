using System.Buffers.Binary;
using System.Reflection;
using System.Security.Cryptography;
using System.Text;
using System.Text.Json.Nodes;
using Ablation.Harness.Foundations;
using Ablation.Harness.Training;
using Ablation.Losses;
using Ablation.Losses.Heads;
using Ablation.Losses.Options;

namespace Ablation.Experiments.Suites;

/// <summary>
/// An option that may be searched: any option of a loss, and those of a training that change neither the images nor the number of steps.
/// </summary>
internal sealed class TunableKey
{
    public const string Training = "training";

    // not epochs, batch, augmentation or precision: every loss must get the same images and the same compute
    private static readonly string[] OfTraining = ["training.decay.backbone", "training.decay.fc", "training.decay.proxies",
        "training.learningRate", "training.momentum", "training.proxyMemoryEpochs", "training.proxyRateFactor"];
    private readonly Type type;

    private TunableKey(Type type) => this.type = Nullable.GetUnderlyingType(type) ?? type;

    private bool IsWhole => type == typeof(int) || type == typeof(NegativeCount);

    /// <summary>Returns every key of a loss and its training.</summary>
    public static IReadOnlyList<string> All(LossOptions loss) =>
        [.. loss.GetType().GetProperties().Where(property => property.CanWrite).Select(OptionRanges.SuiteName), .. OfTraining];

    /// <summary>Returns the key; null if there is no such key.</summary>
    public static TunableKey? Find(LossOptions loss, string key)
    {
        if (!All(loss).Contains(key)) return null;
        var path = key.Split('.');
        var type = path[0] == Training ? typeof(TrainingOptions) : loss.GetType();
        foreach (var part in path.Skip(path[0] == Training ? 1 : 0)) type = Property(type, part).PropertyType;
        return new TunableKey(type);
    }

    /// <summary>Whether every loss has the key.</summary>
    public static bool IsOfTraining(string key) => OfTraining.Contains(key);

    /// <summary>Returns what is wrong with the form of a range; null if nothing is.</summary>
    public string? Problem(TuneRange range) => range switch
    {
        { Of: not null } and ({ From: not null } or { To: not null } or { Log: true }) => "of excludes from, to and log; leave them out",
        { Of.Count: < 2 } => "of has fewer than two values; there is nothing to search",
        { Of: not null } => null,
        { From: null } or { To: null } => "give from and to, or of",
        _ when !IsWhole && type != typeof(double) => "is not a number; list its values under of",
        { From: { } from, To: { } to } when !double.IsFinite(from) || !double.IsFinite(to) || from >= to =>
            $"from {from} to {to}; from must be the lower of two numbers",
        { From: { } from, To: { } to } when IsWhole && (from != Math.Floor(from) || to != Math.Floor(to)) =>
            $"from {from} to {to}; both must be whole numbers",
        { Log: true, From: { } from } when from <= 0 || !double.IsNormal(from) =>
            $"from {from} on a logarithmic scale; from must be above 0",
        _ => null,
    };

    /// <summary>
    /// Returns the value at a share 0 .. 1 (1 excluded) of the range, to three digits: the last bits of a logarithm differ between
    /// machines and would change the id of the trial.
    /// </summary>
    public JsonNode? Value(TuneRange range, double share)
    {
        if (range.Of is { } values) return JsonNode.Parse(values[(int)(share * values.Count)].GetRawText());
        var (from, to) = (range.From!.Value, range.To!.Value + (IsWhole ? 1 : 0));
        var value = range.Log
            ? PortableMath.Exp(PortableMath.Log(from) + share * (PortableMath.Log(to) - PortableMath.Log(from)))
            : from + share * (to - from);
        value = IsWhole ? Math.Floor(value + 1e-9) : double.Parse(value.ToString("G3"));
        return Node(Math.Clamp(value, from, range.To!.Value));
    }

    /// <summary>Returns a number as in a suite: 6, not 6.0, so that an option of a whole number accepts it.</summary>
    public static JsonNode Node(double value) =>
        value == Math.Floor(value) && Math.Abs(value) < 1e15 ? JsonValue.Create((long)value) : JsonValue.Create(value);

    /// <summary>Returns the number of the key's random stream.</summary>
    public static long Number(string key) => BinaryPrimitives.ReadInt64LittleEndian(SHA256.HashData(Encoding.UTF8.GetBytes(key)));

    private static PropertyInfo Property(Type type, string name) =>
        type.GetProperties().Single(property => OptionRanges.SuiteName(property) == name);
}
