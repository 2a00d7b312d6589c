using System.CommandLine;
using Ablation.Experiments.Store;
using Ablation.Harness.Doctor;
using Ablation.Harness.Foundations;
using Ablation.Harness.Native;
using TorchSharp;

namespace Ablation.Experiments.Commands;

/// <summary><c>ablation doctor</c>: whether this machine is ready and what it is worth, as a page to paste into an issue.</summary>
public sealed class DoctorCommand : ISubcommand
{
    public Command Build()
    {
        var (device, threads, results) = (CommandOptions.Device(), CommandOptions.Threads(), CommandOptions.Results());
        var file = new Option<FileInfo?>("--out") { Description = "also writes the page as JSON to this file" };
        var only = new Option<string[]>("--only")
        {
            Description = "only these checks, by title: \"Two equal trainings\"",
            AllowMultipleArgumentsPerToken = true,
        };
        var command = new Command("doctor",
            "checks the machine, its libraries and its device, and measures them; prints a page; exit code 1 if a check failed")
        {
            device, threads, results, only, file,
        };
        command.SetAction((parsed, cancel) => MainThread.Run(() =>
        {
            var given = parsed.GetValue(threads) is > 0 and var number ? number : Environment.ProcessorCount;
            var checks = Chosen(parsed.GetValue(only) ?? []);
            var on = Subject(parsed.GetRequiredValue(device), given, parsed.GetRequiredValue(results).FullName);
            var report = DoctorRun.Run(checks, on, title => Console.Error.WriteLine($"{title} ..."), cancel);
            Console.Out.Write(DoctorPage.Write(report));
            if (parsed.GetValue(file) is { } path) AtomicFile.Write(path.FullName, SpecJson.Write(report) + "\n");
            return report.IsReady ? 0 : 1;
        }));
        return command;
    }

    /// <exception cref="ArgumentException">There is no check of that title.</exception>
    private static IReadOnlyList<IDoctorCheck> Chosen(string[] titles)
    {
        var all = DoctorRun.Checks();
        if (titles.FirstOrDefault(title => all.All(check => check.Title != title)) is { } unknown)
            throw new ArgumentException(
                $"--only {unknown}: no such check; {NearName.Hint(unknown, [.. all.Select(check => check.Title)])}");
        return titles.Length == 0 ? all : [.. all.Where(check => titles.Contains(check.Title))];
    }

    /// <summary>Finds the device. One that is missing, or a libtorch that cannot be loaded, is what the page reports.</summary>
    /// <exception cref="ArgumentException">The name of the device is unknown.</exception>
    private static DoctorSubject Subject(string asked, int threads, string folder)
    {
        if (VisualCRuntime.Problem() is { } missing) return new DoctorSubject(asked, null, missing, threads, folder);
        try
        {
            var device = Devices.Find(asked);
            torch.set_num_threads(threads);
            return new DoctorSubject(asked, device, null, threads, folder);
        }
        catch (Exception e) when (e is not ArgumentException || e is MissingDeviceException)
        {
            return new DoctorSubject(asked, null, NativeLoadProblem.Explain(e) ?? e.Message, threads, folder);
        }
    }
}
