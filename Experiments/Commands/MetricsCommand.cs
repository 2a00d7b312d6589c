using System.CommandLine;
using Ablation.Experiments.Evaluating;
using Ablation.Experiments.Store;
using Ablation.Harness.Foundations;
using Ablation.Harness.Metrics;

namespace Ablation.Experiments.Commands;

/// <summary><c>ablation metrics FILE...</c>: computes every figure from stored scores, without data and without a device.</summary>
public sealed class MetricsCommand : ISubcommand
{
    public Command Build()
    {
        var files = new Argument<FileInfo[]>("scores")
        {
            Description = "score files (.npz) of trials or evaluations",
            Arity = ArgumentArity.OneOrMore
        };
        var (draws, seed) = (EmbeddingOptions.Draws(), EmbeddingOptions.Seed());
        var csv = new Option<FileInfo?>("--csv") { Description = "also writes every figure to this file" };
        var curves = EmbeddingOptions.Curves();
        var command = new Command("metrics", "computes every figure again from stored scores") { files, draws, seed, csv, curves };
        command.SetAction(parsed =>
        {
            var all = new List<Metric>();
            foreach (var file in parsed.GetRequiredValue(files))
            {
                if (!file.Exists) throw new ArgumentException(Missing(file));
                var scores = ScoresFile.Read(file.FullName);
                var metrics = scores.AllMetrics(EmbeddingOptions.DrawsFor(scores, parsed.GetValue(draws)), parsed.GetValue(seed));
                all.AddRange(metrics);
                if (parsed.GetValue(curves) is { } folder) CurveFiles.Write(folder.FullName, scores);
                Console.WriteLine(scores.Test);
                foreach (var line in MetricLines.Write(metrics)) Console.WriteLine(line);
            }

            if (parsed.GetValue(csv) is { } table) AtomicFile.Write(table.FullName, MetricLines.Csv(all));
            return 0;
        });
        return command;
    }

    private static string Missing(FileInfo file)
    {
        string[] there = file.Directory is { Exists: true } folder
            ? [.. folder.GetFiles("*.npz").Select(one => one.Name).Order(StringComparer.Ordinal)] : [];
        var hint = there.Length > 0 ? NearName.Hint(file.Name, there)
            : "the scores of a trial are in RESULTS/SUITE/trials/ID/scores-TEST.npz; ablation status SUITE lists the ids";
        return $"{file.FullName}: no such file; {hint}";
    }
}
