using Ablation.Experiments.Suites;

namespace Ablation.Experiments.Reports.Comparing;

/// <summary>Which condition of one suite stands beside which of the other: the equal one, one of the same name, or the only one
/// left.</summary>
/// <param name="Pairs">In the order of A.</param>
internal sealed record PairedConditions(IReadOnlyList<(Condition A, Condition B)> Pairs)
{
    public static PairedConditions Of(ComparedSide a, ComparedSide b)
    {
        var (left, right) = (Present(a), Present(b));
        var pairs = new List<(Condition A, Condition B)>();
        Match((one, other) => one == other);
        Match((one, other) => a.Trials.ConditionLabels[one] == b.Trials.ConditionLabels[other]);
        if (left.Count == 1 && right.Count == 1) Match((_, _) => true);
        var order = Present(a);
        return new PairedConditions([.. pairs.OrderBy(pair => order.IndexOf(pair.A))]);

        void Match(Func<Condition, Condition, bool> isSame)
        {
            foreach (var one in left.ToList())
            {
                if (right.FirstOrDefault(other => isSame(one, other)) is not { } other) continue;
                pairs.Add((one, other));
                left.Remove(one);
                right.Remove(other);
            }
        }
    }

    /// <summary>Says which conditions stand alone.</summary>
    public IEnumerable<string> Notes(ComparedSide a, ComparedSide b) =>
    [
        .. Alone(a, [.. Pairs.Select(pair => pair.A)], b.Name), .. Alone(b, [.. Pairs.Select(pair => pair.B)], a.Name),
    ];

    private static IEnumerable<string> Alone(ComparedSide side, IReadOnlyList<Condition> paired, string other) => Present(side)
        .Where(condition => !paired.Contains(condition))
        .Select(condition => $"{side.Trials.ConditionLabels[condition]} of {side.Name} has nothing beside it in {other}.");

    private static List<Condition> Present(ComparedSide side) => [.. side.Trials.All.Select(trial => trial.Plan.Condition).Distinct()];
}
