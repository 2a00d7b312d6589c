using Ablation.Experiments.Reports.Comparing;
using Ablation.Experiments.Suites;

namespace Ablation.Tests.Reports.Comparing;

/// <summary>A suite and the same with more epochs, in which ArcFace gets better and nothing else changes for certain.</summary>
internal sealed class TwoSuites : IDisposable
{
    public TwoSuites(Func<PlannedTrial, int?>? later = null, Func<Suite, Suite>? change = null)
    {
        Before = new KnownSuite(16);
        After = new KnownSuite(16);
        Before.Suite = Before.Suite with { Seeds = [1, 2, 3, 4, 5] };
        After.Suite = (change ?? Longer)(Before.Suite) with { Name = "longer" };
        Before.Save();
        After.Save(later ?? Wrong, result => result with { Provenance = result.Provenance with { Commit = "fedcba987654" } });
    }

    public KnownSuite Before { get; }

    public KnownSuite After { get; }

    public ComparedSide A => ComparedSide.OfSuite(Before.Suite, Before.Store, null);

    public ComparedSide B => ComparedSide.OfSuite(After.Suite, After.Store, null);

    public SideBySide Both => SideBySide.Of(A, B);

    public static Suite Longer(Suite suite) => suite with { Trainings = [suite.Trainings[0] with { Epochs = 7 }] };

    /// <summary>ArcFace has some eight wrong pairs fewer; the others differ by a pair up or down.</summary>
    public static int? Wrong(PlannedTrial trial) => KnownSuite.Wrong(trial) + (trial.Label == "ArcFace" ? -7 : 0)
        + (trial.Spec.Seed % 2 == 0 ? 1 : -1);

    public void Dispose()
    {
        Before.Dispose();
        After.Dispose();
    }
}
