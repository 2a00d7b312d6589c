using System.Text.RegularExpressions;
using Ablation.Experiments.Store;
using Ablation.Experiments.Suites;
using Ablation.Harness;
using Ablation.Losses;
using Ablation.Tests.Scheduling;
using Ablation.Tests.Store;

namespace Ablation.Tests.Reports;

/// <summary>A suite of three rows and three seeds with generated results, so that its report needs no training.</summary>
internal sealed class StoredSuite : IDisposable
{
    private readonly TemporaryFolder folder = new();

    public StoredSuite() => Store = new ResultStore(folder.Path);

    public Suite Suite { get; } = TinySuite.Of(new SoftmaxOptions(), new ArcFaceOptions { Scale = 8 }, new NptOptions()) with
    {
        Name = "stored",
        Seeds = [1, 2, 3],
        Untrained = true,
        Resolutions = [16, 32],
    };

    public ResultStore Store { get; }

    public IEnumerable<(PlannedTrial Trial, TrialOutput Output)> Outputs() => Suite.Trials().Select((trial, i) =>
        (trial, ExampleOutput.Of(trial.Spec, trial.Label, i, trial.Label == Labels.Untrained
            ? ExampleOutput.Pairing with { Batches = null } : null)));

    /// <summary>Stores the trials that are <paramref name="chosen"/>.</summary>
    public StoredSuite Save(Func<PlannedTrial, bool>? chosen = null)
    {
        foreach (var (trial, output) in Outputs())
        {
            if (chosen?.Invoke(trial) != false) Store.Save(output);
        }

        return this;
    }

    public string Text(string file) => File.ReadAllText(Path.Combine(Store.Folder, file));

    /// <summary>Reads summary.csv, one dictionary per row.</summary>
    public List<Dictionary<string, string>> SummaryRows()
    {
        var lines = Text("summary.csv").TrimEnd('\n').Split('\n').Select(line =>
            Regex.Matches(line, "(?:^|,)(?:\"([^\"]*)\"|([^,\"]*))").Select(cell => cell.Groups[1].Value + cell.Groups[2].Value).ToList())
            .ToList();
        return [.. lines.Skip(1).Select(cells => lines[0].Zip(cells).ToDictionary(pair => pair.First, pair => pair.Second))];
    }

    /// <summary>Returns every file of the report by its path.</summary>
    public Dictionary<string, byte[]> Written() => Directory.GetFiles(Store.Folder, "*", SearchOption.AllDirectories)
        .Select(file => Path.GetRelativePath(Store.Folder, file)).Where(file => !file.StartsWith("trials", StringComparison.Ordinal))
        .ToDictionary(file => file, file => File.ReadAllBytes(Path.Combine(Store.Folder, file)));

    public void Dispose() => folder.Dispose();
}
