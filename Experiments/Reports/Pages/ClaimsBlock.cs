using System.Text;
using System.Text.Json;
using System.Text.Json.Serialization;
using Ablation.Experiments.Reports.Tables;
using Ablation.Experiments.Suites;
using Ablation.Harness.Statistics;

namespace Ablation.Experiments.Reports.Pages;

/// <summary>Claims with what was measured of each, a verdict in words, the published figures, and the suite that measures it.</summary>
public sealed class ClaimsBlock : IPageBlock
{
    private const string Holds = "**holds here**", DoesNot = "**does not hold here**", Given = "(given)";
    private static readonly ValueFormat Format = ValueFormat.Percent;

    private static readonly JsonSerializerOptions Options = new()
    {
        PropertyNamingPolicy = JsonNamingPolicy.CamelCase,
        ReadCommentHandling = JsonCommentHandling.Skip,
        AllowTrailingCommas = true,
        UnmappedMemberHandling = JsonUnmappedMemberHandling.Disallow,
    };

    public string Name => "claims";

    public string Arguments => "FILE";

    public string Write(IReadOnlyList<string> arguments, string folder)
    {
        var path = Path.Combine(folder, arguments[0]);
        IReadOnlyList<Claim> claims;
        try
        {
            claims = JsonSerializer.Deserialize<IReadOnlyList<Claim>>(File.ReadAllBytes(path), Options) ?? [];
        }
        catch (JsonException e)
        {
            throw new InvalidDataException($"{arguments[0]}: {e.Message}", e);
        }

        var text = new StringBuilder("\n| claim | measured here | verdict here | published | measured by |\n");
        text.Append("| --- | --- | --- | --- | --- |\n");
        foreach (var claim in claims)
            foreach (var row in Rows(claim, Path.GetDirectoryName(path)!).Select((row, i) => i == 0 ? row : Below(row)))
                text.Append($"| {string.Join(" | ", row.Select(cell => cell.Replace("|", "\\|", StringComparison.Ordinal)))} |\n");
        return text.Append('\n').ToString();
    }

    /// <summary>The row without what the first of its claim has said.</summary>
    private static string[] Below(string[] row) => ["", row[1], row[2], "", ""];

    private static IEnumerable<string[]> Rows(Claim claim, string folder)
    {
        if (claim.Suites.FirstOrDefault(suite => !SuiteFile.Shipped.Contains(suite)) is { } unknown)
            throw new InvalidDataException($"\"{claim.Says}\": {unknown}: no suite of this name");
        var made = $"{string.Join(", ", claim.Suites.Select(suite => $"`{suite}`"))}; {claim.Time}";
        if (!MeasuredStudies.Exist(folder, claim.Files))
        {
            yield return [claim.Says, claim.Meaning, "not measured yet", Published(claim), made];
            yield break;
        }

        var studies = new MeasuredStudies(folder, claim.Files, new MeasuredFigure(claim.Figure, claim.Test, claim.Estimator, claim.Where));
        foreach (var loss in claim.Losses.Concat(claim.Beside))
        {
            if (!studies.Losses.Contains(loss))
                throw new InvalidDataException($"{claim.Files} has no loss {loss}; it has {string.Join(", ", studies.Losses)}");
            var (measured, verdict) = claim.Needs == ClaimNeeds.AtLeast ? Figure(claim, studies, loss) : Comparison(claim, studies, loss);
            if (claim.Beside.Contains(loss)) verdict = "for comparison";
            else if (studies.Count < claim.Studies) verdict += $" (after {studies.Count} of {claim.Studies} studies)";
            var meaning = loss == claim.Losses[0] ? $". {claim.Meaning}, n = {studies.N}" : "";
            yield return [claim.Says, $"{loss} {measured}{meaning}", verdict, Published(claim), made];
        }
    }

    private static (string Measured, string Verdict) Comparison(Claim claim, MeasuredStudies studies, string loss)
    {
        var than = claim.Than switch
        {
            null => throw new InvalidDataException($"\"{claim.Says}\": than is missing"),
            Given => MeasuredStudies.AsGiven(loss),
            var other => other,
        };
        if (!studies.Losses.Contains(than))
            throw new InvalidDataException($"{claim.Files} has no loss {than}; it has {string.Join(", ", studies.Losses)}");
        // a claim against one loss is judged in the family of all that are compared with it; one against its own setting, alone
        List<string> family = MeasuredStudies.AsGiven(loss) == than ? [loss]
            : [.. studies.Losses.Where(other => other != than && MeasuredStudies.IsTuned(other) == MeasuredStudies.IsTuned(than))];
        if (loss == than || !family.Contains(loss))
            throw new InvalidDataException($"\"{claim.Says}\": {loss} and {than}: compare two tuned rows, two as given, or a tuned row " +
                $"with {Given}");
        if (MeasuredStudies.AsGiven(loss) == than && Enumerable.Range(0, studies.Count).All(study => studies.IsOwnSetting(study, loss)))
            return ($"({Format.Text(studies.Mean(loss))} %) keeps its setting as given: the search found no better one",
                claim.Needs == ClaimNeeds.NoGain ? Holds : DoesNot);
        var found = studies.Against(than, family).Single(one => one.Loss == loss);
        var measured = $"({Format.Text(studies.Mean(loss))} %) {found.Words.Replace(than, $"{than} ({Format.Text(studies.Mean(than))} %)",
            StringComparison.Ordinal)}";
        var untold = found.SeedsNeeded is { } seeds ? $"cannot be told; about {seeds} seeds would find a difference of this size"
            : "cannot be told";
        if (found.Interval is not { } interval) return (measured, "cannot be told");
        if (claim.Needs == ClaimNeeds.Better) return (measured, found.IsBetter ? Holds : found.IsWorse ? DoesNot : untold);
        var bound = claim.Bound ?? throw new InvalidDataException($"\"{claim.Says}\": bound is missing");
        return (measured, interval.High < bound ? Holds : interval.Low >= bound ? DoesNot : untold);
    }

    private static (string Measured, string Verdict) Figure(Claim claim, MeasuredStudies studies, string loss)
    {
        var bound = claim.Bound ?? throw new InvalidDataException($"\"{claim.Says}\": bound is missing");
        var seeds = studies.Distinct(loss);
        if (studies.CollapsedSeeds(loss) is > 0 and var collapsed)
            return ($"has {Format.WithUnit(studies.Mean(loss))} in the others; it collapsed in {ComparisonWords.Seeds(collapsed)}",
                "cannot be told");
        var mean = StudyInterval.Of([.. seeds.Select(study => study.Values)]);
        if (mean is null || mean.Seeds < Decision.FewestSeeds)
            return ($"has {Format.WithUnit(studies.Mean(loss))}, with too few seeds for a verdict", "cannot be told");
        var ends = Bounds.OfShare(mean.Mean, mean.Interval.High - mean.Mean);
        var over = $"{(mean.Studies > 1 ? $"{mean.Studies} studies and " : "")}{ComparisonWords.Seeds(mean.Seeds)}";
        return ($"has {Format.WithUnit(mean.Mean)} (95 % interval {Format.Text(ends.Low)} to {Format.Text(ends.High)}, {over})",
            ends.Low >= bound ? Holds : ends.High < bound ? DoesNot : "cannot be told");
    }

    private static string Published(Claim claim)
    {
        if (claim.Published is not { } asked) return "";
        var column = new PublishedColumn { Benchmark = asked.Benchmark, Metric = asked.Metric };
        var (own, other) = (Find(asked.Loss, asked.Setting), Find(asked.Than, null));
        return $"{Format.Quoted(own)} against {Format.Quoted(other)} % of {asked.Than}, {asked.Benchmark} ({asked.Table})";

        double Find(string loss, string? setting) =>
            PublishedFigures.Find(asked.Table, new PublishedRow { Loss = loss, Setting = setting }, column)?.Raw
            ?? throw new InvalidDataException($"\"{claim.Says}\": {asked.Table} has no {asked.Benchmark} {asked.Metric} of {loss}");
    }
}
