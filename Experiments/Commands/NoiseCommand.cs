using System.CommandLine;
using Ablation.Experiments.Evaluating;
using Ablation.Experiments.Store;

namespace Ablation.Experiments.Commands;

/// <summary><c>ablation data noise TRIAL</c>: lists the training images that their identity's proxies make suspect.</summary>
internal static class NoiseCommand
{
    public static Command Build()
    {
        var trial = new Argument<string>("trial") { Description = "id or folder of a finished trial of SubCenterArcFace" };
        var degrees = new Option<double>("--degrees")
        {
            Description = "images farther than this from their identity's dominant proxy are listed",
            DefaultValueFactory = _ => 75,
        };
        var output = new Option<FileInfo>("--output")
        {
            Description = "the list to write, for withoutImages of a Subset",
            DefaultValueFactory = _ => new FileInfo("noise.tsv"),
        };
        var force = new Option<bool>("--force") { Description = "replaces a list that is there" };
        var (results, data, device, threads) = (CommandOptions.Results(), CommandOptions.Data(), CommandOptions.Device(),
            CommandOptions.Threads());
        var command = new Command("noise", "lists the training images whose label a finished trial makes suspect (Sub-center ArcFace)")
        {
            trial, degrees, output, force, results, data, device, threads,
        };
        command.SetAction((parsed, cancel) => MainThread.Run(() =>
        {
            var angle = parsed.GetValue(degrees);
            if (angle is not (>= 0 and <= 180)) throw new ArgumentException($"--degrees {angle}: an angle from 0 to 180");
            var place = CommandOptions.Place(parsed.GetRequiredValue(data), parsed.GetRequiredValue(device), parsed.GetValue(threads));
            var file = parsed.GetRequiredValue(output).FullName;
            if (File.Exists(file) && !parsed.GetValue(force)) // a trial that left its images out is known by the list's path
                throw new ArgumentException($"--output {file}: there is a list already; choose another name, or replace it with --force");
            using var subject = new TrialSubject(
                TrialNames.Folder(parsed.GetRequiredValue(trial), parsed.GetRequiredValue(results).FullName), place, null);
            var (found, lines) = subject.FindWrongLabels(angle, cancel);
            Console.WriteLine(subject.Name);
            Console.WriteLine($"  {found.Suspects.Count} of {found.Searched} images are farther than {angle} degrees from the dominant " +
                "proxy of their identity");
            if (found.Wrong is { } wrong)
                Console.WriteLine($"  {wrong} labels are wrong on purpose, {found.Caught} of them listed: precision " +
                    $"{Share(found.Precision)}, recall {Share(found.Recall)}");
            if (lines.Count == 0)
            {
                Console.WriteLine($"  no list is written: it would be empty{(File.Exists(file) ? $"; {file} is of an earlier run" : "")}");
                return 0;
            }

            AtomicFile.Write(file, string.Concat(lines.Select(line => line + "\n")));
            Console.WriteLine(file);
            return 0;
        }));
        return command;
    }

    private static string Share(double? value) => value is { } share ? $"{share:P1}" : "not defined";
}
