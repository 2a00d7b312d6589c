using System.Text.Json;
using Ablation.Experiments.Store;
using Ablation.Tests.Commands;

namespace Ablation.Tests.Faults;

/// <summary>
/// A small suite in its own folder, run by the program as a user would, and the results that no fault may change.
/// </summary>
internal sealed class FaultRun : IDisposable
{
    public const int Interrupt = 2, Kill = 9;

    /// <summary>Ten trials of a second or two, each with a checkpoint every 20 steps of 240.</summary>
    private static readonly string Suite = """
        {
          "question": "What is left of it?",
          "data": { "type": "Synthetic", "identities": 8, "imagesPerIdentity": 8, "resolution": 32 },
          "tests": [{ "type": "SyntheticPairs", "pairs": 100, "resolution": 32 }],
          "backbones": [{ "type": "Small", "width": 4, "embeddingDimension": 16 }],
          "resolutions": [16],
          "losses": [LOSSES],
          "trainings": [{ "epochs": 60, "batch": 16, "warmUpEpochs": 0.5 }],
          "untrained": false,
          "seeds": [1, 2]
        }
        """;

    public const string FiveLosses =
        """{ "type": "Softmax" }, { "type": "SphereFace" }, { "type": "ArcFace", "scale": 16 }, """ +
        """{ "type": "Npt", "k": 3 }, { "type": "Faulty" }""";
    public const string TwoLosses = """{ "type": "Softmax" }, { "type": "Faulty" }""";

    private readonly TemporaryFolder? own;
    private readonly string plugin;

    /// <param name="folder">Null for a temporary one.</param>
    /// <param name="plugin">The faulty loss, compiled.</param>
    public FaultRun(string plugin, string losses, string? folder = null)
    {
        own = folder is null ? new TemporaryFolder() : null;
        (Folder, this.plugin) = (folder ?? own!.Path, plugin);
        Directory.CreateDirectory(Faults);
        File.WriteAllText(Path.Combine(Folder, "suite.jsonc"), Suite.Replace("LOSSES", losses, StringComparison.Ordinal));
    }

    public string Folder { get; }

    public ResultStore Store => new(Path.Combine(Folder, "results", "suite"));

    private string Faults => Path.Combine(Folder, "faults");

    /// <summary>Makes the faulty loss do this once, or always if the name ends in -always.</summary>
    public void Arm(string fault) => File.WriteAllText(Path.Combine(Faults, fault), "");

    public Cli Start(params string[] more) =>
        StartAny(["run", "suite.jsonc", "--device", "cpu", "--jobs", "2", "--threads", "1", "--checkpoint-steps", "20", .. more]);

    /// <summary>Runs a command in the folder.</summary>
    public Cli StartAny(params string[] arguments) => StartAny(new Dictionary<string, string>(), arguments);

    /// <summary>Runs a command in the folder with more environment variables.</summary>
    public Cli StartAny(IReadOnlyDictionary<string, string> environment, params string[] arguments) =>
        Cli.Start(Folder, new Dictionary<string, string>(environment) { ["ABLATION_PLUGINS"] = plugin, [FaultyLoss.Folder] = Faults },
            arguments);

    /// <summary>Runs to the end.</summary>
    public (int Code, string Output, string Errors) Run(params string[] more)
    {
        using var cli = Start(more);
        var code = cli.End();
        return (code, cli.Output, cli.Errors);
    }

    /// <summary>Returns the ids of the trials that have a folder.</summary>
    public IReadOnlyList<string> Trials() =>
        Directory.Exists(Path.Combine(Store.Folder, "trials"))
        ? [.. Directory.GetDirectories(Path.Combine(Store.Folder, "trials")).Select(path => Path.GetFileName(path))
            .Order(StringComparer.Ordinal)] : [];

    public string Trial(string label, int seed) =>
        Trials().Single(id => Json(Store.Files(id).Spec) is var stored && stored.GetProperty("label").GetString() == label
        && stored.GetProperty("spec").GetProperty("seed").GetInt32() == seed);

    /// <summary>Returns the result as JSON, because this process does not have the faulty loss.</summary>
    public JsonElement Result(string id) => Json(Path.Combine(Store.TrialFolder(id), "result.json"));

    /// <summary>Returns the trials that a running process holds, with the process id.</summary>
    public IReadOnlyList<(string Id, int Process)> Running() =>
        [.. Trials().Select(id => (Id: id, Files: Store.Files(id))).Where(one => TrialLease.IsHeld(one.Files))
            .Select(one => (one.Id, one.Files.ReadLease()?.Process ?? 0)).Where(one => one.Item2 > 0)];

    /// <summary>
    /// Returns what no fault may change: tables, histories, scores, and the hash of the trained weights, by file.
    /// </summary>
    public IReadOnlyDictionary<string, string> Final()
    {
        string[] patterns = ["summary.csv", "table.tex", "history.csv", "scores-*.npz"];
        var files = patterns.SelectMany(pattern => Directory.GetFiles(Store.Folder, pattern, SearchOption.AllDirectories));
        return files.Select(path => (Path.GetRelativePath(Store.Folder, path), Convert.ToHexString(File.ReadAllBytes(path))))
            .Concat(Trials().Where(Store.Has).Select(id => ($"{id} weights", Result(id).GetProperty("weights").GetString()!)))
            .ToDictionary(one => one.Item1, one => one.Item2);
    }

    /// <summary>Checks that each trial has a result, none ended twice, and no temporary file or lease is left.</summary>
    public void AssertWhole()
    {
        foreach (var id in Trials())
        {
            var files = Store.Files(id);
            Assert.That(Store.Has(id), $"{id} has no result");
            Assert.That(files.ReadAttempts()
                .Count(attempt => attempt.Reason is EndReason.Done), Is.LessThanOrEqualTo(1), $"{id} ran to its end twice");
            Assert.That(Directory.GetFiles(files.Folder)
                .Select(Path.GetFileName), Has.None.Match(@"\.tmp$|^running-|^checkpoint-|lease\.json|progress\.json"), id);
        }

        Assert.That(Running(), Is.Empty);
    }

    public void Dispose() => own?.Dispose();

    private static JsonElement Json(string path)
    {
        using var document = JsonDocument.Parse(File.ReadAllText(path));
        return document.RootElement.Clone();
    }
}
