using System.Text.Json;
using System.Text.Json.Nodes;
using Ablation.Harness.Foundations;
using Ablation.Harness.Training;
using Ablation.Losses;
using Ablation.Losses.Heads;
using Ablation.Losses.Options;

namespace Ablation.Experiments.Suites;

/// <summary>One setting of a loss and of its training.</summary>
/// <param name="Draw">0 is the setting of the suite.</param>
/// <param name="Values">The drawn values, by key; empty for draw 0.</param>
public sealed record Configuration(int Draw, IReadOnlyDictionary<string, string> Values, LossOptions Loss, TrainingOptions Training);

/// <summary>The search space of one loss. Values are inserted through JSON, so the reader of suites checks each of them.</summary>
public sealed class SearchSpace
{
    /// <summary>The key in <c>space</c> for every loss.</summary>
    public const string EveryLoss = "*";

    private const int MostAttempts = 1000; // to draw a configuration that differs from the earlier ones
    private readonly LossOptions loss;
    private readonly string label;
    private readonly TrainingOptions training;
    private readonly SortedDictionary<string, TuneRange> ranges = new(StringComparer.Ordinal);

    /// <summary>Combines the ranges of all losses, those of its kind and those under its label; the later take precedence.</summary>
    /// <param name="label">Name of the loss in the suite: "Npt", or "Npt (k 6)" where there are several.</param>
    public SearchSpace(TuneOptions tune, LossOptions loss, string label, TrainingOptions training)
    {
        (this.loss, this.label, this.training) = (loss, label, training);
        foreach (var name in (string[])[EveryLoss, Catalog.NameOf(loss), label])
            foreach (var (key, range) in tune.Space.GetValueOrDefault(name) ?? new Dictionary<string, TuneRange>()) ranges[key] = range;
    }

    /// <summary>Returns every key, range or value that does not fit the loss or the training.</summary>
    public IEnumerable<string> Problems()
    {
        if (ranges.Count == 0) yield return $"{label} has nothing to search; give it ranges, or training keys under \"{EveryLoss}\"";
        foreach (var (key, range) in ranges)
        {
            if (TunableKey.Find(loss, key) is not { } tunable)
                yield return $"unknown key \"{key}\" of {label}; known: {string.Join(", ", TunableKey.All(loss))}";
            else if (tunable.Problem(range) is { } wrong) yield return $"{label}: {key}: {wrong}";
            else foreach (var problem in Ends(range).Select(value => Refusal(key, value)).OfType<string>().Distinct())
                yield return $"{label}: {key}: {problem}";
        }
    }

    /// <summary>
    /// Returns the setting of the suite and random ones, all different. A key gets the same share of its range for every loss that has it.
    /// </summary>
    /// <exception cref="SuiteException">The space has fewer configurations.</exception>
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
                    $"tune: the space of {label} has {drawn.Count} different configurations, with the suite's setting, " +
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
        var (lossNode, trainingNode) = Nodes(values);
        return new Configuration(draw, values.ToDictionary(one => one.Key, one => one.Value?.ToString() ?? "none"),
            lossNode.Deserialize<LossOptions>(SpecJson.Options)!, trainingNode.Deserialize<TrainingOptions>(SpecJson.Options)!);
    }

    /// <summary>Returns the loss and its training as JSON with the values inserted.</summary>
    private (JsonNode Loss, JsonNode Training) Nodes(IReadOnlyDictionary<string, JsonNode?> values)
    {
        var (lossNode, trainingNode) = (JsonSerializer.SerializeToNode(loss, SpecJson.Options)!,
            JsonSerializer.SerializeToNode(training, SpecJson.Options)!);
        foreach (var (key, value) in values)
        {
            var path = key.Split('.');
            var node = path[0] == TunableKey.Training ? trainingNode : lossNode;
            foreach (var part in path.Skip(path[0] == TunableKey.Training ? 1 : 0).SkipLast(1)) node = node[part]!;
            node[path[^1]] = value?.DeepClone();
        }

        return (lossNode, trainingNode);
    }

    /// <summary>Returns why the reader refuses a value; null if it accepts it.</summary>
    private string? Refusal(string key, JsonNode? value)
    {
        var values = new Dictionary<string, JsonNode?> { [key] = value };
        try
        {
            var put = Put(1, values);
            return put.Loss.Problems(new LossShape(int.MaxValue, 2)).FirstOrDefault(); // more classes than any k needs
        }
        catch (JsonException e)
        {
            var (lossNode, trainingNode) = Nodes(values);
            var (json, type) = TunableKey.IsOfTraining(key)
                ? (trainingNode, typeof(TrainingOptions)) : (lossNode, typeof(LossOptions));
            return JsonProblem.Find(json.ToJsonString(SpecJson.Options), e, type).Cause; // line and path are not those of the suite
        }
    }

    private static IEnumerable<JsonNode?> Ends(TuneRange range) =>
        range.Of is { } values ? values.Select(value => (JsonNode?)JsonNode.Parse(value.GetRawText()))
        : ((double[])[range.From!.Value, range.To!.Value]).Select(value => (JsonNode?)TunableKey.Node(value));

    private static string Text(LossOptions loss, TrainingOptions training) => $"{SpecJson.Write(loss)}\n{SpecJson.Write(training)}";
}
