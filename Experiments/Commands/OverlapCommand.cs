using System.CommandLine;
using Ablation.Experiments.Evaluating;
using Ablation.Harness.Protocols;

namespace Ablation.Experiments.Commands;

/// <summary>
/// <c>ablation overlap SUITE</c>: lists what the tests of a suite share with its training set, by name, by picture and, with a trained
/// trial, by similar embeddings.
/// </summary>
public sealed class OverlapCommand : ISubcommand
{
    public Command Build()
    {
        var suite = new SuiteOptions();
        var trial = new Option<string?>(
            "--trial")
        { Description = "also compares embeddings of this finished trial (id or folder) to find people who look alike" };
        var threshold = new Option<double>("--threshold")
        {
            Description = "lists two people if the cosine of their mean embeddings is at least this",
            DefaultValueFactory = _ => 0.6
        };
        var most = new Option<int>("--most") { Description = "most look-alikes to list per test", DefaultValueFactory = _ => 20 };
        var (results, data, device, threads) = (CommandOptions.Results(), CommandOptions.Data(), CommandOptions.Device(),
            CommandOptions.Threads());
        var (cache, noCache) = (EmbeddingOptions.Cache(), EmbeddingOptions.NoCache());
        var command = new Command("overlap",
            "lists people and pictures of a suite's tests that are in its training set; exit code 1 if there are any")
        {
            trial, threshold, most, results, data, device, threads, cache, noCache,
        };
        suite.AddTo(command, ofWhole: true);
        command.SetAction((parsed, cancel) => MainThread.Run(() =>
        {
            var (read, _) = suite.Read(parsed).Read();
            var place = CommandOptions.Place(parsed.GetRequiredValue(data), parsed.GetRequiredValue(device), parsed.GetValue(threads));
            using var subject = parsed.GetValue(trial) is { } named
                ? SubjectArgument.Open(new SubjectRequest(named, parsed.GetRequiredValue(results).FullName, place,
                    EmbeddingOptions.Open(parsed.GetValue(cache), parsed.GetValue(noCache)), InputSettings.None)) : null;
            var isAny = false;
            foreach (var (source, options) in read.Data.SelectMany(source => read.Tests.Select(test => (source, test))))
            {
                using var training = new SourceImages(source.Open(place.Data));
                var trained = subject?.Embed(training, cancel).Sum; // cached after the first test
                using var test = options.Open(place.Data);
                var overlap = DataOverlap.Find(training.Source, test, byContent: true);
                isAny |= overlap.IsAny;
                foreach (var line in Lines(overlap, training.Name)) Console.WriteLine(line);
                if (trained is null) continue;
                var alike = SimilarPeople.Find(training.Source, trained, test, subject!.Embed(test, cancel).Sum, parsed.GetValue(threshold),
                    cancel);
                Console.WriteLine(
                    $"  look alike to {subject.Name}, cosine of means at least {parsed.GetValue(threshold)}: {alike.Count}; candidates " +
                    $"to check by eye, not proof");
                foreach (var pair in alike.Take(parsed.GetValue(most)))
                    Console.WriteLine($"    {pair.Cosine:F3}  {pair.Tested}  {pair.Trained}");
            }

            return isAny ? 1 : 0;
        }));
        return command;
    }

    private static IEnumerable<string> Lines(DataOverlap overlap, string training)
    {
        yield return $"{overlap.Test} and {training}";
        yield return $"  identities by name: " +
            $"{(overlap.Identities is { } identities ? identities.ToString() : "unknown, one of them has no names of people")}";
        yield return $"  pictures: " +
            $"{(overlap.Images is { } images ? images.ToString() : "unknown, they cannot be compared without decoding")}";
        if (overlap.Warning() is { } warning) yield return $"  {warning}";
    }
}
