using System.CommandLine;
using Ablation.Experiments.Evaluating;
using Ablation.Experiments.Store;
using Ablation.Experiments.Suites;
using Ablation.Harness;
using Ablation.Harness.Export;
using Ablation.Harness.Faces;
using static TorchSharp.torch;

namespace Ablation.Experiments.Commands;

/// <summary><c>ablation export ID --format onnx</c>: writes the network of a finished trial for other programs.</summary>
public sealed class ExportCommand : ISubcommand
{
    public Command Build()
    {
        var formats = WeightFormat.Known();
        var trial = new Argument<string>("trial") { Description = "id or folder of a finished trial" };
        var format = new Option<string>("--format") { Description = string.Join(", ", formats.Keys.Order()), Required = true };
        format.AcceptOnlyFromAmong([.. formats.Keys]);
        var names = new Option<string?>("--names")
        {
            Description =
                $"names of the weights in the file: {string.Join(", ", FileNames.Words)}; by default ablation, this program's own, and " +
                $"for pth those of the code that trains the same network, if there is one"
        };
        names.AcceptOnlyFromAmong([.. FileNames.Words]);
        var output = new Option<FileInfo?>("--output") { Description = "the file to write; ID.FORMAT in this folder by default" };
        var force = new Option<bool>("--force") { Description = "replaces an existing file" };
        var (results, data, threads) = (CommandOptions.Results(), CommandOptions.Data(), CommandOptions.Threads());
        var command = new Command("export",
            "writes the network of a finished trial as ONNX, safetensors or PyTorch's .pth, and checks the file against the network")
        {
            trial, format, names, output, force, results, data, threads,
        };
        command.SetAction(parsed => MainThread.Run(() =>
        {
            var folder = TrialNames.Folder(parsed.GetRequiredValue(trial), parsed.GetRequiredValue(results).FullName);
            var result = ResultStore.ReadResult(Path.Combine(folder, "result.json"));
            var chosen = formats[parsed.GetRequiredValue(format)];
            var path = parsed.GetValue(output)?.FullName ?? Path.GetFullPath($"{result.Id}.{chosen.Name}");
            set_num_threads(parsed.GetValue(threads) is > 0 and var count ? count : Environment.ProcessorCount);
            using var backbone = TrialWeights.Load(result, folder, new DataRoot(parsed.GetRequiredValue(data).FullName));
            var network = new ExportedNetwork(backbone, result.Spec.Backbone, result.Spec.Resolution, TrialFacts.Of(result, backbone));
            var called = parsed.GetValue(names) is { } word ? FileNames.Of(word, network) : chosen.UsualNames(network);
            var found = ExportFile.Write(network, chosen, called, path, parsed.GetValue(force));
            Console.WriteLine(
                $"{result.Label}, {Labels.Full(result.Spec.Backbone)}, {result.Spec.Resolution} px, seed {result.Spec.Seed} " +
                $"({result.Id}), names of {called.Naming}");
            Console.WriteLine(found);
            Console.WriteLine(path);
            return 0;
        }));
        return command;
    }
}
