using System.Globalization;
using System.Text.Json;

namespace Ablation.Experiments.Suites;

/// <summary>
/// In place of a value, { "each": [..] } or { "from": 8, "to": 64, "steps": 4, "log": true }: the entry that holds it is written once for
/// every value. Several sweeps in one entry make their grid; the first varies slowest.
/// </summary>
internal static class Sweep
{
    private const string Each = "each", From = "from", To = "to", Steps = "steps", Log = "log";
    private const int MostSteps = 1000;

    /// <summary>Keys of a suite in whose entries a sweep can stand; a list may be one itself. Ranges of tune stay what they are.</summary>
    public static readonly IReadOnlyList<string> Places =
        ["data", "dataSets", "tests", "losses", "backbones", "resolutions", "trainings", "conditions", "seeds"];

    /// <summary>Returns the suite with every sweep written out; the same node if there is none.</summary>
    /// <exception cref="SuiteException">A sweep is not complete, or makes too many entries.</exception>
    public static SuiteNode Expand(SuiteNode suite)
    {
        if (!suite.Any(IsSweep)) return suite;
        return suite with { Children = [.. suite.Children.Select(child => Places.Contains(child.Key) ? Expanded(child) : child)] };
    }

    private static SuiteNode Expanded(SuiteNode part)
    {
        if (!part.Any(IsSweep)) return part;
        if (Count(part) is var count && count > SuiteSize.MostTrials)
            throw new SuiteException(
                $"{part.Origin}: {part.Key}: its sweeps make {count:N0} entries; {SuiteSize.MostTrials:N0} are the most");
        if (part.Key == "data")
            return Variants(part).ToList() is [var only] ? only : SuiteNode.List("dataSets", Variants(part), part.Origin);
        return SuiteNode.List(part.Key, IsSweep(part) ? Variants(part) : part.Children.SelectMany(Variants), part.Origin);
    }

    private static bool IsSweep(SuiteNode node) =>
        node.IsObject && (node.Below(Each) is not null || (node.Below(From) is not null && node.Below(To) is not null));

    /// <summary>Returns the values of a sweep, or the combinations of those within an object or list.</summary>
    private static IEnumerable<SuiteNode> Variants(SuiteNode node)
    {
        if (IsSweep(node)) return Values(node).SelectMany(Variants).Select(value => value with { Key = node.Key });
        if (!node.Any(IsSweep)) return [node];
        IEnumerable<IReadOnlyList<SuiteNode>> combinations = [[]];
        foreach (var child in node.Children)
        {
            var variants = Variants(child).ToList();
            combinations = combinations.SelectMany(begun => variants.Select(variant => (IReadOnlyList<SuiteNode>)[.. begun, variant]));
        }

        return combinations.Select(children => node with { Children = children });
    }

    private static double Count(SuiteNode node) => IsSweep(node) ? Values(node).Sum(Count)
        : node.IsList && Places.Contains(node.Key) ? node.Children.Sum(Count)
        : node.Children.Aggregate(1.0, (product, child) => product * Count(child));

    private static IReadOnlyList<SuiteNode> Values(SuiteNode sweep)
    {
        if (sweep.Below(Each) is { } each)
        {
            Only(sweep, Each);
            return each is { IsList: true, Children.Count: > 0 } ? each.Children
                : throw new SuiteException($"{each.Origin}: each: must be a list with at least one value");
        }

        Only(sweep, From, To, Steps, Log);
        var (from, to, steps) = (Number(sweep, From), Number(sweep, To), Number(sweep, Steps));
        if (steps is not (>= 2 and <= MostSteps) || steps != Math.Floor(steps))
            throw new SuiteException($"{sweep.Origin}: steps: must be a whole number from 2 to {MostSteps}");
        var isLog = sweep.Below(Log) is { } log && (log.Kind is JsonTokenType.True or JsonTokenType.False ? log.Kind == JsonTokenType.True
            : throw new SuiteException($"{log.Origin}: log: must be true or false"));
        if (isLog && (from <= 0 || to <= 0))
            throw new SuiteException($"{sweep.Origin}: log: from and to must be above 0; without log the steps are equal differences");
        return
        [
            .. Enumerable.Range(0, (int)steps).Select(i => i / (steps - 1)).Select(share =>
                isLog ? from * Math.Pow(to / from, share) : from + ((to - from) * share))
                .Select(value => new SuiteNode("", JsonTokenType.Number, Written(value), [], sweep.Origin)),
        ];
    }

    /// <summary>Twelve digits: 8, 16, 32 and 64 are whole however their powers are rounded.</summary>
    private static string Written(double value) =>
        double.Parse(value.ToString("G12", CultureInfo.InvariantCulture), CultureInfo.InvariantCulture)
            .ToString("R", CultureInfo.InvariantCulture);

    private static double Number(SuiteNode sweep, string key) =>
        sweep.Below(key) is { Kind: JsonTokenType.Number } found && double.TryParse(found.Text, CultureInfo.InvariantCulture, out var value)
            && double.IsFinite(value)
            ? value : throw new SuiteException($"{(sweep.Below(key) ?? sweep).Origin}: {key}: must be a number; a sweep is " +
                "{ \"each\": [..] } or { \"from\": 8, \"to\": 64, \"steps\": 4, \"log\": true }");

    private static void Only(SuiteNode sweep, params string[] keys)
    {
        if (sweep.Children.FirstOrDefault(child => !keys.Contains(child.Key)) is { } other)
            throw new SuiteException($"{other.Origin}: unknown key \"{other.Key}\" of a sweep; known: {string.Join(", ", keys)}");
    }
}
