using Ablation.Experiments.Suites;
using Ablation.Harness;
using Ablation.Harness.Theory;

namespace Ablation.Tests.Reports;

/// <summary>Generated theory for stored trials: each figure depends on the number of the trial.</summary>
internal static class ExampleTheory
{
    /// <summary>Returns the output with figures, and with angles at its log points.</summary>
    /// <param name="number">Number of the trial from 0; every third bound is void.</param>
    /// <param name="isHinge">Whether there are no gaps.</param>
    public static TrialOutput With(TrialOutput output, int number, bool isHinge) => output with
    {
        Result = output.Result with { Theory = Figures(number) },
        History = [.. output.History.Select((point, look) =>
            point with
            {
                Angles = Angles(80 - 10 * look - number, isHinge ? null : new LogSumExpGap(0.05 / (look + 1), 0.2)) with
                {
                    Hinges = isHinge ? new HingeActivity(1.0 / (look + 1), 2.5 / (look + 1)) : null,
                },
                Motion = new ProxyMotion(40 - 8 * look + number, isHinge ? 0.5 : 1, isHinge ? 0.25 : 0.75, 0.01 * (look + 1)),
            })],
    };

    /// <summary>Stores every trial of a suite, all but the untrained network with theory.</summary>
    public static void Save(StoredSuite stored)
    {
        foreach (var ((trial, output), number) in stored.Outputs().Select((one, i) => (one, i)))
            stored.Store.Save(trial.Label == Labels.Untrained ? output : With(output, number % 7, trial.Label == "Npt"));
    }

    public static TheoryFigures Figures(int number)
    {
        var bins = new int[40];
        (bins[18 - number % 4], bins[20], bins[23]) = (1, 20 + number, 7);
        var separability = new SeparabilityBound(0.25 + 0.01 * number, 0.75, (0.75 - 0.01 * number) / 0.75, 1.25 + 0.01 * number,
            (BoundVerdict)(number % 3), 0.25, number % 3 == 0 ? null : 0.875);
        return new TheoryFigures(8, 16, 64, new DistanceSpread(Spread(1.25 + 0.01 * number), bins), new DistanceSpread(Spread(0.75), bins),
            Spread(0.875), Spread(0.75), 0.96875, separability,
            new MiningAgreement(0.5 + 0.01 * number, 0.25, 64, 1.0 / 7));
    }

    private static ProxyAngles Angles(double own, LogSumExpGap? gap) =>
        new(32, new AngleSpread(own - 10, own, own + 10, own + 1), new AngleSpread(70, 75, 82, 76), 0.75, gap);

    private static Spread Spread(double min) =>
        new(min, min, min + 0.01, min + 0.02, min + 0.05, min + 0.08, min + 0.1, min + 0.2, min + 0.06, 0.015);
}
