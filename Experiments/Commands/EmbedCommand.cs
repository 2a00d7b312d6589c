using System.CommandLine;
using Ablation.Experiments.Evaluating;
using Ablation.Harness.Faces;
using Ablation.Harness.Foundations;
using Ablation.Harness.Inspection;
using Ablation.Harness.Protocols;

namespace Ablation.Experiments.Commands;

/// <summary>
/// <c>ablation embed PATH --trial ID</c>: embeds a folder, a pack, a list or a test; writes a NumPy file and a list of names.
/// </summary>
public sealed class EmbedCommand : ISubcommand
{
    public Command Build()
    {
        var path = new Argument<string>("path") { Description = "pictures: a path as for data check, or a test as for evaluate --on" };
        var trial = new Option<string>("--trial") { Description = SubjectArgument.Description, Required = true };
        var output = new Option<FileInfo>("--output")
        {
            Description = "the .npy file to write; the names are written to .names.txt beside it",
            DefaultValueFactory = _ => new FileInfo("embeddings.npy")
        };
        var unit = new Option<bool>("--normalise") { Description = "scales rows to length 1; the network's lengths by default" };
        var (results, data, device, threads) = (CommandOptions.Results(), CommandOptions.Data(), CommandOptions.Device(),
            CommandOptions.Threads());
        var (cache, noCache) = (EmbeddingOptions.Cache(), EmbeddingOptions.NoCache());
        var command = new Command("embed", "writes embeddings (image + mirrored image, summed) that NumPy reads, and the images' names")
        {
            path, trial, output, unit, results, data, device, threads, cache, noCache,
        };
        var input = new InputOptions();
        input.AddTo(command);
        command.SetAction((parsed, cancel) => MainThread.Run(() =>
        {
            var file = parsed.GetRequiredValue(output).FullName;
            if (!file.EndsWith(".npy", StringComparison.OrdinalIgnoreCase))
                throw new ArgumentException($"--output {file}: the name must end with .npy");
            var place = CommandOptions.Place(parsed.GetRequiredValue(data), parsed.GetRequiredValue(device), parsed.GetValue(threads));
            using var subject = SubjectArgument.Open(new SubjectRequest(parsed.GetRequiredValue(trial),
                parsed.GetRequiredValue(results).FullName, place,
                EmbeddingOptions.Open(parsed.GetValue(cache), parsed.GetValue(noCache)), input.Read(parsed)));
            using var images = Images(parsed.GetRequiredValue(path), place.Data);
            var embeddings = subject.Embed(images, cancel).Sum;
            if (parsed.GetValue(unit)) embeddings = embeddings.Normalised(images.Locate);
            EmbeddingFile.Write(file, embeddings, [.. Enumerable.Range(0, images.ImageCount).Select(images.ImageName)]);
            Console.WriteLine($"{subject.Name}: {embeddings.Rows} x {embeddings.Dimension} of {images.Name}");
            Console.WriteLine(file);
            return 0;
        }));
        return command;
    }

    private static FaceTest Images(string text, DataRoot data)
    {
        if (text.TrimStart().StartsWith('{')) return TestArgument.Read(text, data)[0].Open(data);
        var path = File.Exists(text) || Directory.Exists(text) ? text : data.Resolve(text);
        var found = DataPath.Guess(path);
        if (found.Source is { } source) return new SourceImages(source.Open(data));
        return found.Tests.Count == 1 ? found.Tests[0].Open(data)
            : throw new ArgumentException(
                $"{text}: contains {found.Tests.Count} tests; name one as JSON: " +
                $"{string.Join(" or ", found.Tests.Select(test => SpecJson.Write(test).ReplaceLineEndings(" ")))}");
    }
}
