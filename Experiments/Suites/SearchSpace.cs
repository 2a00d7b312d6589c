using System.Text.Json;
using System.Text.Json.Nodes;
using Ablation.Harness.Foundations;
using Ablation.Harness.Training;
using Ablation.Losses;
using Ablation.Losses.Heads;
using Ablation.Losses.Options;

namespace Ablation.Experiments.Suites;

/// <summary>One setting of a loss and of its training.</summary>
/// <param name="Draw">0 is the suite's own setting.</param>
/// <param name="Values">What was drawn, by key; empty for draw 0.</param>
public sealed record Configuration(int Draw, IReadOnlyDictionary<string, string> Values, LossOptions Loss, TrainingOptions Training);

/// <summary>What is searched for one loss. Values are put in through JSON, so the reader of suites checks each of them.</summary>
public sealed class SearchSpace
{
    /// <summary>In <c>space</c>: every loss.</summary>
    public const string EveryLoss = "*";

    private const int MostAttempts = 1000; // at a draw that differs from those before
    private readonly LossOptions loss;
    private readonly TrainingOptions training;
    private readonly SortedDictionary<string, TuneRange> ranges = new(StringComparer.Ordinal);

    /// <summary>The ranges of all losses, and those of this one, which go before.</summary>
    public SearchSpace(TuneOptions tune, LossOptions loss, TrainingOptions training)
    {
        (this.loss, this.training) = (loss, training);
        foreach (var name in (string[])[EveryLoss, Catalog.NameOf(loss)])
            foreach (var (key, range) in tune.Space.GetValueOrDefault(name) ?? new Dictionary<string, TuneRange>()) ranges[key] = range;
    }

    /// <summary>Keys that are searched, in order.</summary>
    public IReadOnlyCollection<string> Keys => ranges.Keys;

    /// <summary>Every key, range or value that does not fit the loss or the training.</summary>
    public IEnumerable<string> Problems()
    {
        var name = Catalog.NameOf(loss);
        if (ranges.Count == 0) yield return $"{name} has nothing to search; give it ranges, or training keys under \"{EveryLoss}\"";
        foreach (var (key, range) in ranges)
        {
            if (TunableKey.Find(loss, key) is not { } tunable)
                yield return $"unknown key \"{key}\" of {name}; known: {string.Join(", ", TunableKey.All(loss))}";
            else if (tunable.Problem(range) is { } wrong) yield return $"{name}: {key}: {wrong}";
            else foreach (var problem in Ends(range).Select(value => Refusal(key, value)).OfType<string>().Distinct())
                yield return $"{name}: {key}: {problem}";
        }
    }

    /// <summary>
    /// The suite's own setting, then so many others, all different. A key has the same share of its range for every loss that has it.
    /// </summary>
    /// <exception cref="SuiteException">The space has fewer.</exception>
    public IReadOnlyList<Configuration> Draw(int count, int seed)
    {
        var drawn = new List<Configuration> { new(0, new Dictionary<string, string>(), loss, training) };
        var seen = new HashSet<string> { Text(loss, training) };
        while (drawn.Count < count)
        {
            var next = Enumerable.Range(0, MostAttempts).Select(attempt => Draw(drawn.Count, attempt, seed))
                .FirstOrDefault(one => seen.Add(Text(one.Loss, one.Training)));
            drawn.Add(next
                ?? throw new SuiteException(
                    $"tune: the space of {Catalog.NameOf(loss)} has {drawn.Count} different configurations, the suite's own included, " +
                    $"for {count} trials; widen it, or lower trials"));
        }

        return drawn;
    }

    private Configuration Draw(int draw, int attempt, int seed)
    {
        var values = ranges.ToDictionary(range => range.Key, range =>
            TunableKey.Find(loss, range.Key)!.Value(range.Value,
                new RandomStream(seed, StreamPurpose.TuningDraw, (long)draw * MostAttempts + attempt, TunableKey.Number(range.Key))
                    .NextUnit()));
        return Put(draw, values);
    }

    private Configuration Put(int draw, IReadOnlyDictionary<string, JsonNode?> values)
    {
        var (own, way) = Nodes(values);
        return new Configuration(draw, values.ToDictionary(one => one.Key, one => one.Value?.ToString() ?? "none"),
            own.Deserialize<LossOptions>(SpecJson.Options)!, way.Deserialize<TrainingOptions>(SpecJson.Options)!);
    }

    /// <summary>The loss and its training as JSON, with the values put in.</summary>
    private (JsonNode Loss, JsonNode Training) Nodes(IReadOnlyDictionary<string, JsonNode?> values)
    {
        var (own, way) = (JsonSerializer.SerializeToNode(loss, SpecJson.Options)!,
            JsonSerializer.SerializeToNode(training, SpecJson.Options)!);
        foreach (var (key, value) in values)
        {
            var path = key.Split('.');
            var node = path[0] == TunableKey.Training ? way : own;
            foreach (var part in path.Skip(path[0] == TunableKey.Training ? 1 : 0).SkipLast(1)) node = node[part]!;
            node[path[^1]] = value?.DeepClone();
        }

        return (own, way);
    }

    /// <summary>Why the reader refuses a value; null where it takes it.</summary>
    private string? Refusal(string key, JsonNode? value)
    {
        var values = new Dictionary<string, JsonNode?> { [key] = value };
        try
        {
            var put = Put(1, values);
            return put.Loss.Problems(new LossShape(int.MaxValue, 2)).FirstOrDefault(); // more classes than any k asks for
        }
        catch (JsonException e)
        {
            var (own, way) = Nodes(values);
            var (json, type) = TunableKey.IsOfTraining(key) ? (way, typeof(TrainingOptions)) : (own, typeof(LossOptions));
            return JsonProblem.Find(json.ToJsonString(SpecJson.Options), e, type).Cause; // line and path are none of the suite's
        }
    }

    private static IEnumerable<JsonNode?> Ends(TuneRange range) =>
        range.Of is { } values ? values.Select(value => (JsonNode?)JsonNode.Parse(value.GetRawText()))
        : ((double[])[range.From!.Value, range.To!.Value]).Select(value => (JsonNode?)TunableKey.Node(value));

    private static string Text(LossOptions loss, TrainingOptions training) => $"{SpecJson.Write(loss)}\n{SpecJson.Write(training)}";
}
