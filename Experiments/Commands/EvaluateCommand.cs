using System.CommandLine;
using Ablation.Experiments.Evaluating;
using Ablation.Experiments.Store;
using Ablation.Harness;
using Ablation.Harness.Metrics;
using Ablation.Harness.Protocols;
using Ablation.Harness.Provenance;

namespace Ablation.Experiments.Commands;

/// <summary>
/// <c>ablation evaluate SUBJECT --on TEST...</c>: evaluates a finished trial, a foreign network or a file of embeddings on tests, and
/// stores the scores.
/// </summary>
public sealed class EvaluateCommand : ISubcommand
{
    public Command Build()
    {
        var trial = new Argument<string>(
            "trial")
        {
            Description = SubjectArgument.Description
        };
        var on = new Option<string[]>("--on")
        {
            Description = TestArgument.Description + "; by default the tests of the trial",
            AllowMultipleArgumentsPerToken = true
        };
        var (results, data, device, threads) = (CommandOptions.Results(), CommandOptions.Data(), CommandOptions.Device(),
            CommandOptions.Threads());
        var (cache, noCache) = (EmbeddingOptions.Cache(), EmbeddingOptions.NoCache());
        var input = new InputOptions();
        var (draws, seed) = (EmbeddingOptions.Draws(), EmbeddingOptions.Seed());
        var csv = new Option<FileInfo?>("--csv") { Description = "also writes every figure to this file" };
        var curves = EmbeddingOptions.Curves();
        var dry = new Option<bool>("--no-store") { Description = "prints the figures without storing scores" };
        var command = new Command("evaluate",
            "evaluates a finished trial, a network of others or a file of embeddings on tests: every figure, estimator and interval; " +
            "stores scores")
        {
            trial, on, results, data, device, threads, cache, noCache, draws, seed, csv, curves, dry,
        };
        input.AddTo(command);
        command.SetAction((parsed, cancel) => MainThread.Run(() =>
        {
            var place = CommandOptions.Place(parsed.GetRequiredValue(data), parsed.GetRequiredValue(device), parsed.GetValue(threads));
            var kept = EmbeddingOptions.Open(parsed.GetValue(cache), parsed.GetValue(noCache));
            using var subject = SubjectArgument.Open(new SubjectRequest(parsed.GetRequiredValue(trial),
                parsed.GetRequiredValue(results).FullName, place, kept, input.Read(parsed)));
            var tests = parsed.GetValue(on) is { Length: > 0 } named
                ? named.SelectMany(text => TestArgument.Read(text, place.Data)).ToList() : subject.OwnTests;
            if (tests.Count == 0) throw new ArgumentException("evaluate: name a test with --on; only a trial has default tests");
            Console.WriteLine(subject.Name);
            foreach (var remark in subject.Remarks) Console.WriteLine($"  {remark}");
            var (all, names) = (new List<Metric>(), new HashSet<string>(StringComparer.Ordinal));
            foreach (var options in tests)
            {
                using var test = options.Open(place.Data);
                if (test.Parts.FirstOrDefault(part => !names.Add(StoredName.FileName(part))) is { } twice)
                    throw new ArgumentException(
                        $"--on: two tests have scores called \"{twice}\", or stored as {StoredName.FileName(twice)}; evaluate one at a " +
                        $"time, or rename one");
                if (subject.Ask(test, cancel) is { Count: > 0 } question)
                {
                    foreach (var line in question) Console.WriteLine(line);
                    return 2;
                }

                test.ForEveryEstimator = true;
                var embeddings = subject.Embed(test, cancel);
                var (print, overlap) = (DataFingerprint.Compute(test), subject.Overlap(test));
                var parts = test.Score(embeddings, cancel);
                if (overlap?.Warning() is { } warning) Console.WriteLine($"\n{test.Name}: {warning}");
                var notes = test.Notes;
                foreach (var note in notes) Console.WriteLine($"\nnote: {new DataNote(test.Name, note)}");
                foreach (var line in MetricLines.Matrices(parts)) Console.WriteLine(line);
                foreach (var scores in parts)
                {
                    // the intervals of a cell are shown only in the CSV
                    var isShown = !MetricLines.IsCell(scores) || parsed.GetValue(csv) is not null;
                    var metrics = isShown
                        ? scores.AllMetrics(EmbeddingOptions.DrawsFor(scores, parsed.GetValue(draws)), parsed.GetValue(seed)) : [];
                    all.AddRange(metrics);
                    if (parsed.GetValue(curves) is { } folderOfCurves) CurveFiles.Write(folderOfCurves.FullName, scores);
                    if (!MetricLines.IsCell(scores))
                    {
                        Console.WriteLine();
                        Console.WriteLine(subject.Input is null ? scores.Test : $"{scores.Test} ({subject.Input})");
                        foreach (var line in MetricLines.Write(metrics)) Console.WriteLine(line);
                    }

                    if (parsed.GetValue(dry) || subject.Folder is not { } folder) continue;
                    var evaluation = new StoredEvaluation(scores.Test, options, subject.Key, print, DateTimeOffset.UtcNow, Machine.Program,
                        scores.Metrics(), overlap is null ? null : overlap with { Test = scores.Test })
                    {
                        Notes = notes.Count > 0 ? [.. notes.Select(note => new DataNote(test.Name, note))] : null,
                        Input = subject.Input,
                    };
                    var path = new EvaluationStore(folder).Save(evaluation, scores);
                    if (!MetricLines.IsCell(scores)) Console.WriteLine($"  scores: {path}");
                }
            }

            if (parsed.GetValue(csv) is { } file) AtomicFile.Write(file.FullName, MetricLines.Csv(all));
            return 0;
        }));
        return command;
    }
}
