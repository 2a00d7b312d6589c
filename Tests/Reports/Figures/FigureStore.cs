using Ablation.Experiments.Reports;
using Ablation.Experiments.Reports.Tables;
using Ablation.Experiments.Store;
using Ablation.Experiments.Suites;
using Ablation.Harness;
using Ablation.Losses;
using Ablation.Tests.Scheduling;
using Ablation.Tests.Store;

namespace Ablation.Tests.Reports.Figures;

/// <summary>
/// A grid of CosFace (two scales x two margins) and Softmax in two batch sizes, three seeds, generated results: one cell diverged, one did
/// not run, one lacks a seed.
/// </summary>
internal sealed class FigureStore : IDisposable
{
    public static readonly double[] Scales = [16, 8], Margins = [0.3, 0.1];
    private readonly TemporaryFolder folder = new();

    public FigureStore(params FigureOptions[]? figures)
    {
        Store = new ResultStore(folder.Path);
        LossOptions[] losses = [new SoftmaxOptions(), .. from scale in Scales from margin in Margins
            select new CosFaceOptions { Scale = scale, CosineMargin = margin }];
        Suite = TinySuite.Of(losses) with
        {
            Name = "figures",
            Seeds = [1, 2, 3],
            Untrained = true,
            Trainings = [TinySuite.Training, TinySuite.Training with { Batch = 32, LearningRate = 0.2 }],
            Figures = figures,
        };
        foreach (var (trial, output) in Outputs())
        {
            if (output is not null) Store.Save(output);
        }
    }

    public Suite Suite { get; }

    public ResultStore Store { get; }

    /// <summary>Returns every trial, without an output if it did not run.</summary>
    public IEnumerable<(PlannedTrial Trial, TrialOutput? Output)> Outputs() => Suite.Trials().Select((trial, i) => (trial, trial.Spec switch
    {
        { Loss: CosFaceOptions { Scale: 16, CosineMargin: 0.3 }, Training.Batch: 16 } => ExampleOutput.Diverged(trial.Spec, trial.Label),
        { Loss: CosFaceOptions { Scale: 8, CosineMargin: 0.3 }, Training.Batch: 32 } => null,
        { Loss: CosFaceOptions { Scale: 8, CosineMargin: 0.1 }, Seed: 2 } => null,
        _ => ExampleOutput.Of(trial.Spec, trial.Label, i, trial.Label == Labels.Untrained
            ? ExampleOutput.Pairing with { Batches = null } : null),
    }));

    /// <summary>Returns the mean accuracy of a grid cell in percent, as tables print it.</summary>
    public string Accuracy(Func<PlannedTrial, bool> which) =>
        ValueFormat.Percent.Text(Outputs().Where(one => which(one.Trial)).Select(one => one.Output).OfType<TrialOutput>()
        .Select(output =>
            output.Result.Metrics.First(metric => metric.Name == "accuracy"
                && metric.Estimator.Contains("grid", StringComparison.Ordinal)).Value!.Value).Average());

    /// <summary>Writes the report and returns the page in Markdown.</summary>
    public string Report()
    {
        SuiteReport.Write(Suite, Store);
        return File.ReadAllText(Path.Combine(Store.Folder, "report.md"));
    }

    /// <summary>Returns the names of the written plots without extension, in order.</summary>
    public IReadOnlyList<string> Plots() =>
        [.. Directory.GetFiles(Path.Combine(Store.Folder, "plots"), "*.svg").Select(file => Path.GetFileNameWithoutExtension(file))
            .Order(StringComparer.Ordinal)];

    public string Svg(string name) => File.ReadAllText(Path.Combine(Store.Folder, "plots", name + ".svg"));

    public void Dispose() => folder.Dispose();
}
