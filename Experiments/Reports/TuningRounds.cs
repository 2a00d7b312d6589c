using Ablation.Experiments.Reports.Tables;
using Ablation.Experiments.Suites;
using Ablation.Experiments.Tuning;
using MathNet.Numerics.Statistics;

namespace Ablation.Experiments.Reports;

/// <summary>
/// Shows whether ranks had settled when a search by rounds left configurations out: if not, it chose by the speed of a start, and a loss
/// that starts late was not tuned.
/// </summary>
internal static class TuningRounds
{
    /// <summary>Returns the table; null for a search of one round.</summary>
    public static TextTable? Build(TuningState state)
    {
        var rounds = state.Rounds.Count;
        if (rounds < 2) return null;
        return new TextTable(
            "Did ranks settle? Spearman's rank correlation of a configuration's validation figure in two rounds, over those that the " +
            "later round kept, with their number, and the place in the first round of the best of the last. Near 1 and first, a longer " +
            "first round would have kept the same; near 0, the search chose by the speed of a start: begin with more epochs, or search " +
            "at random.",
            [new("loss"), .. Enumerable.Range(1, rounds - 1)
                .Select(round => new TextHeader($"rounds {round} and {round + 1}", IsNumber: true)),
                new("best of the last round was", IsNumber: true)],
            [.. state.Plan.Losses.Select((loss, i) => (IReadOnlyList<TextCell>)[new(loss.Label),
                .. Enumerable.Range(0, rounds - 1).Select(round => Agreement(state, round, i)), First(state, i)])])
        { Losses = [.. state.Plan.Losses.Select(loss => loss.Label)] };
    }

    private static TextCell Agreement(TuningState state, int round, int loss)
    {
        var before = state.Judged(round, loss).ToDictionary(one => one.Draw, one => one.Value ?? double.NegativeInfinity);
        var both = state.Judged(round + 1, loss).Where(one => before.ContainsKey(one.Draw))
            .Select(one => (Early: before[one.Draw], Late: one.Value ?? double.NegativeInfinity)).ToList();
        var correlation = both.Count < 2 ? double.NaN : Correlation.Spearman(both.Select(one => one.Early), both.Select(one => one.Late));
        return new TextCell($"{ValueFormat.Number(2).Text(correlation)} ({both.Count})")
        { Value = double.IsFinite(correlation) ? correlation : null };
    }

    private static TextCell First(TuningState state, int loss)
    {
        var (first, last) = (state.Judged(0, loss), state.Judged(state.Rounds.Count - 1, loss));
        if (last.Count == 0) return new TextCell(ValueFormat.Missing);
        var best = Halving.Best(last, 1)[0];
        var order = Halving.Best(first, first.Count);
        return new TextCell($"{order.Index().First(one => one.Item == best).Index + 1} of {order.Count}");
    }
}
