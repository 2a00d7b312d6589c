using System.Runtime.CompilerServices;

namespace Ablation.Harness.Statistics;

/// <summary>
/// A loss against the baseline in one column of a table. Table, figure, sentence and mark are all written from it, so that they cannot
/// contradict one another. Differences are candidate minus baseline, in the units of the metric.
/// </summary>
/// <param name="N">Number of seeds that both have.</param>
/// <param name="Verdict">What may be said of the loss.</param>
public sealed record LossComparison(int N, Verdict Verdict)
{
    private static readonly ConditionalWeakTable<LossComparison, StrongBox<double>> Known = []; // not part of what records compare

    public bool HigherIsBetter { get; init; } = true;

    /// <summary>Mean over the common seeds; null without one.</summary>
    public double? Difference { get; init; }

    /// <summary>s_l, the sample deviation of this loss's differences; null below two seeds.</summary>
    public double? OwnDeviation { get; init; }

    /// <summary>s~_l, the same with scatter borrowed from the other losses; null below two seeds.</summary>
    public double? Deviation { get; init; }

    /// <summary>f_l, of <see cref="Deviation"/>; null with it.</summary>
    public int? DegreesOfFreedom { get; init; }

    /// <summary>The 95 % interval that holds for all comparisons of the family together; null below two seeds, after a collapse, and in a
    /// column that is only described.</summary>
    public Bounds? Simultaneous { get; init; }

    /// <summary>The 95 % interval of this one difference.</summary>
    public Bounds? Alone { get; init; }

    /// <summary>The standard error of <see cref="Difference"/>; null with <see cref="Deviation"/>.</summary>
    public double? StandardError => Deviation / Math.Sqrt(N);

    /// <summary>Dunnett's p, corrected over the family; below 0.05 if and only if <see cref="Simultaneous"/> excludes 0. Null below three
    /// seeds, and in a column that is only described. Takes a millisecond the first time.</summary>
    public double? AdjustedP => this is { N: >= Decision.FewestSeeds, Simultaneous: not null }
        ? Known.GetValue(this, one => new StrongBox<double>(one.Family!.AdjustedP(Math.Abs(one.Difference!.Value)
            / one.StandardError!.Value, one.DegreesOfFreedom!.Value))).Value : null;

    /// <summary>Numbers of seeds with the loss above and below the baseline; null below two seeds.</summary>
    public SeedSigns? Signs { get; init; }

    /// <summary>The practical margin of the metric; null if the suite declares none.</summary>
    public double? Margin { get; init; }

    /// <summary>Whether these seeds could show a difference of 0 to be smaller than <see cref="Margin"/>; null without one, or below three
    /// seeds.</summary>
    public bool? IsMarginInReach { get; init; }

    /// <summary>The smallest true difference that these seeds find at power 0.8; null in a column that is only described, and where no
    /// interval is right.</summary>
    public double? SmallestFound => Simultaneous is null ? null
        : DunnettPower.SmallestNoncentrality(Family!.Critical(DegreesOfFreedom!.Value), DegreesOfFreedom.Value) * StandardError;

    /// <summary>Seeds that find a true difference of the observed size at power 0.8, if the deviation stays as it is; null with
    /// <see cref="SmallestFound"/>, and for a difference of 0. Takes up to a second the first time.</summary>
    public NeededSeeds? SeedsNeeded => Simultaneous is null || Difference == 0 ? null
        : DunnettPower.SeedsNeeded(Math.Abs(Difference!.Value) / Deviation!.Value, Family!);

    /// <summary>The interval for other people than those of this test; null if persons are not known.</summary>
    public PeopleInterval? People { get; init; }

    /// <summary>The test within the only common seed; null for any other number of seeds.</summary>
    public OneSeedComparison? OneSeed { get; init; }

    /// <summary>Seeds of the loss that diverged or stayed at chance; its mean is over the others.</summary>
    public int Collapsed { get; init; }

    /// <summary>The same of the baseline.</summary>
    public int BaselineCollapsed { get; init; }

    /// <summary>What all comparisons of the column have in common; null in a column that is only described.</summary>
    public ComparedFamily? Family { get; init; }

    /// <summary>Half of <see cref="Simultaneous"/>, or of <see cref="Alone"/> in a column that is only described; the longer half if they
    /// differ.</summary>
    public double? HalfWidth => (Simultaneous ?? Alone) is { } interval && Difference is { } difference
        ? Math.Max(interval.High - difference, difference - interval.Low) : null;

    /// <summary>Whether the verdict is that the loss is better or worse, by however little.</summary>
    public bool IsDecided => Verdict is Verdict.Better or Verdict.BetterByLess or Verdict.Worse or Verdict.WorseByLess;

    /// <summary>Whether the verdict is that the loss is better, by however little.</summary>
    public bool IsBetter => Verdict is Verdict.Better or Verdict.BetterByLess;
}
