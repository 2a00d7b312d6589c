using Ablation.Experiments.Reports.Tables;
using Ablation.Experiments.Suites;
using Ablation.Experiments.Tuning;
using MathNet.Numerics.Statistics;

namespace Ablation.Experiments.Reports;

/// <summary>
/// Shows how far ranks had settled when a search by rounds left configurations out: if they had not, it chose by the speed of a start. Only
/// those that were kept can be seen twice.
/// </summary>
internal static class TuningRounds
{
    private const int Fewest = 5; // with four, a correlation is nearly noise

    /// <summary>Returns the table; null for a search of one round.</summary>
    public static TextTable? Build(TuningState state)
    {
        var rounds = state.Rounds.Count;
        if (rounds < 2) return null;
        return new TextTable(
            "Did ranks settle? Spearman's rank correlation of the validation figures of two rounds, over the configurations that the " +
            $"later round kept (their number; n/a below {Fewest}), and the place in the first round of the best of the last. A best that " +
            "was not among the first, or a correlation near 0, says that the search went by the speed of a start: begin with more " +
            "epochs, or search at random. The opposite proves nothing: what was left out early cannot be judged.",
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
        var correlation = both.Count < Fewest ? double.NaN
            : Correlation.Spearman(both.Select(one => one.Early), both.Select(one => one.Late));
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
