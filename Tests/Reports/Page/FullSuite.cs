using Ablation.Experiments.Reports;
using Ablation.Experiments.Store;
using Ablation.Experiments.Suites;
using Ablation.Harness;
using Ablation.Harness.Metrics;
using Ablation.Losses;
using Ablation.Tests.Scheduling;
using Ablation.Tests.Store;

namespace Ablation.Tests.Reports.Page;

/// <summary>A report of usual size, of made-up results: eight losses, four tests, three seeds, a claim, theory.</summary>
internal sealed class FullSuite : IDisposable
{
    private const int Pairs = 600;
    private static readonly string[] Tests = ["frontal pairs", "profile pairs", "pairs across age", "small pictures"];

    private static readonly Dictionary<string, double> Separation = new()
    {
        [Labels.Untrained] = 0.8,
        ["Softmax"] = 2.6,
        ["NormalisedSoftmax"] = 2.7,
        ["SphereFace"] = 2.9,
        ["CosFace"] = 3.0,
        ["ArcFace"] = 3.1,
        ["CurricularFace"] = 3.0,
        ["ProxyTriplet"] = 2.2,
        ["Npt"] = 1.6,
    };

    private readonly TemporaryFolder folder = new();

    public FullSuite()
    {
        Suite = TinySuite.Of(new SoftmaxOptions(), new NormalisedSoftmaxOptions(), new SphereFaceOptions(), new CosFaceOptions(),
            new ArcFaceOptions(), new CurricularFaceOptions(), new ProxyTripletOptions(), new NptOptions()) with
        {
            Name = "full",
            Question = "Does NPT verify better than softmax losses?",
            Baseline = "ArcFace",
            Claim = new ClaimOptions { Subject = "Npt" },
            Seeds = [1, 2, 3],
            Untrained = true,
        };
        Store = new ResultStore(folder.File("full"));
        foreach (var (trial, number) in Suite.Trials().Select((trial, i) => (trial, i))) Store.Save(Output(trial, number));
        Page = File.ReadAllText(SuiteReport.Write(Suite, Store));
    }

    public Suite Suite { get; }

    public ResultStore Store { get; }

    /// <summary>The page's text.</summary>
    public string Page { get; }

    public void Dispose() => folder.Dispose();

    private static TrialOutput Output(PlannedTrial trial, int number)
    {
        var scores = Tests.Select((test, place) => Scores(test, place, trial)).ToList();
        var output = ExampleOutput.Of(trial.Spec, trial.Label, number, trial.Label == Labels.Untrained
            ? ExampleOutput.Pairing with { Batches = null } : null);
        output = output with
        {
            Result = output.Result with
            {
                Metrics = [.. scores.SelectMany(one => VerificationMetrics.Metrics(one, VerificationMetrics.FalseAcceptRates))],
            },
            Scores = [.. scores],
        };
        return trial.Label == Labels.Untrained ? output : ExampleTheory.With(output, number % 7, trial.Label == "Npt");
    }

    private static PairScores Scores(string test, int place, PlannedTrial trial)
    {
        var random = new Random(1000 * place + 100 * trial.Spec.Seed + trial.Label.Length);
        var separation = Separation[trial.Label] + 0.06 * trial.Spec.Seed - 0.3 * place;
        var (distance, same, fold) = (new float[Pairs], new bool[Pairs], new int[Pairs]);
        for (var i = 0; i < Pairs; i++)
        {
            (same[i], fold[i]) = (i % 2 == 0, i % 10);
            var noise = Enumerable.Range(0, 12).Sum(_ => random.NextDouble()) - 6;
            distance[i] = (float)Math.Clamp(2 + 0.25 * (noise - (same[i] ? separation : 0)), 0, 4);
        }

        return new PairScores(test, distance, same, fold, 10);
    }
}
