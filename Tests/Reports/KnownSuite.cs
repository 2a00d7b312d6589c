using Ablation.Experiments.Reports.Tables;
using Ablation.Experiments.Store;
using Ablation.Experiments.Suites;
using Ablation.Harness;
using Ablation.Harness.Foundations;
using Ablation.Harness.Metrics;
using Ablation.Losses;
using Ablation.Tests.Scheduling;
using Ablation.Tests.Store;

namespace Ablation.Tests.Reports;

/// <summary>
/// A suite whose trials have a chosen accuracy: the given number of 200 pairs is wrong at every relevant threshold.
/// </summary>
internal sealed class KnownSuite : IDisposable
{
    public const int Pairs = 200;

    private readonly TemporaryFolder folder = new();

    public KnownSuite(params int[] resolutions)
    {
        Suite = TinySuite.Of(new SoftmaxOptions(), new ArcFaceOptions(), new NptOptions()) with
        {
            Name = "known",
            Seeds = [1, 2, 3, 4, 5, 6],
            Untrained = true,
            Resolutions = resolutions
        };
        Store = new ResultStore(folder.File("known"));
    }

    public Suite Suite { get; set; }

    public ResultStore Store { get; }

    public string Results => folder.Path;

    /// <summary>Number of people in the test; 0 for a test that does not know them.</summary>
    public int People { get; set; }

    /// <summary>
    /// Softmax has some twenty wrong pairs, ArcFace some ten, Npt about as many as Softmax; the untrained network is
    /// the best.
    /// </summary>
    public static int Wrong(PlannedTrial trial)
    {
        int[] softmax = [20, 22, 24, 21, 23, 25], arcFace = [8, 10, 13, 9, 12, 13], npt = [21, 21, 25, 20, 24, 24];
        var seed = trial.Spec.Seed - 1;
        return trial.Label switch { "Softmax" => softmax[seed], "ArcFace" => arcFace[seed], "Npt" => npt[seed], _ => 1 };
    }

    /// <summary>Stores the trials for which <paramref name="wrong"/> is not null.</summary>
    public KnownSuite Save(Func<PlannedTrial, int?>? wrong = null, Func<TrialResult, TrialResult>? change = null)
    {
        foreach (var trial in Suite.Trials())
        {
            if ((wrong ?? (one => Wrong(one)))(trial) is { } count) Store.Save(Output(trial, count, change));
        }

        return this;
    }

    public string Answer() => Experiments.Reports.Tables.Answer.Build(Summary.Read(Suite, Store)).Text;

    /// <summary>Writes the suite as a file beside its results.</summary>
    public string WriteFile()
    {
        var path = folder.File("known.jsonc");
        File.WriteAllText(path, SpecJson.Write(Suite));
        return path;
    }

    public void Dispose() => folder.Dispose();

    private TrialOutput Output(PlannedTrial trial, int wrong, Func<TrialResult, TrialResult>? change)
    {
        var (distance, same, fold) = (new float[Pairs], new bool[Pairs], new int[Pairs]);
        for (var i = 0; i < Pairs; i++)
        {
            same[i] = i % 2 == 0;
            fold[i] = i % 10;
            distance[i] = same[i] == i >= wrong ? 0.5f : 3;
        }

        var scores = new PairScores("pairs", distance, same, fold, 10);
        if (People > 0)
        {
            scores = scores with
            {
                FirstPerson = [.. Enumerable.Range(0, Pairs).Select(i => i / 2 % People)],
                SecondPerson = [.. Enumerable.Range(0, Pairs).Select(i => (i / 2 + (same[i] ? 0 : 1)) % People)],
                PersonsFrom = PairScores.PersonsFromNames,
            };
        }

        var output = ExampleOutput.Of(trial.Spec, trial.Label, 1, trial.Label == Labels.Untrained
            ? ExampleOutput.Pairing with { Batches = null } : null);
        var result = output.Result with { Metrics = VerificationMetrics.Metrics(scores, VerificationMetrics.FalseAcceptRates) };
        return output with { Result = change?.Invoke(result) ?? result, Scores = [scores] };
    }
}
