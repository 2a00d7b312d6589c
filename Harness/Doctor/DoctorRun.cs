using System.Diagnostics;
using Ablation.Harness.Provenance;

namespace Ablation.Harness.Doctor;

/// <summary>Runs the checks of <c>ablation doctor</c>, one after another; one that fails does not stop the others.</summary>
public static class DoctorRun
{
    /// <summary>Returns every check of this assembly, in the order of the page.</summary>
    public static IReadOnlyList<IDoctorCheck> Checks() =>
    [
        .. typeof(IDoctorCheck).Assembly.GetTypes()
            .Where(type => type is { IsClass: true, IsAbstract: false } && type.IsAssignableTo(typeof(IDoctorCheck)))
            .Select(type => (IDoctorCheck)Activator.CreateInstance(type)!)
            .OrderBy(check => check.Place).ThenBy(check => check.Title, StringComparer.Ordinal),
    ];

    /// <param name="began">Called with the title of each check before it runs.</param>
    /// <exception cref="OperationCanceledException">On <paramref name="cancel"/>.</exception>
    public static DoctorReport Run(IReadOnlyList<IDoctorCheck> checks, DoctorSubject on, Action<string> began, CancellationToken cancel)
    {
        var (started, clock) = (DateTimeOffset.UtcNow, Stopwatch.StartNew());
        var results = new List<CheckResult>();
        foreach (var check in checks)
        {
            cancel.ThrowIfCancellationRequested();
            began(check.Title);
            var since = clock.Elapsed;
            var lines = Lines(check, on, cancel);
            results.Add(new CheckResult(check.Title, Math.Round((clock.Elapsed - since).TotalSeconds, 3), lines));
        }

        return new DoctorReport(on.Found?.ToString() ?? on.Asked, Machine.Program, started, Math.Round(clock.Elapsed.TotalSeconds, 3),
            results);
    }

    private static List<CheckLine> Lines(IDoctorCheck check, DoctorSubject on, CancellationToken cancel)
    {
        if (check.NeedsDevice && on.Found is null) return [CheckLine.Absent("all of it", $"there is no device {on.Asked}")];
        var lines = new List<CheckLine>();
        try
        {
            foreach (var line in check.Run(on, cancel)) lines.Add(line);
        }
        catch (Exception e) when (e is not OperationCanceledException)
        {
            lines.Add(Failure("the check", e));
        }

        return lines;
    }

    /// <summary>Describes an error of a part of a check.</summary>
    internal static CheckLine Failure(string name, Exception e)
    {
        var first = e.Message.ReplaceLineEndings("\n").Split('\n', StringSplitOptions.RemoveEmptyEntries).FirstOrDefault() ?? "";
        return CheckLine.Failed(name, $"{e.GetType().Name}: {first}", "report it with this page");
    }
}
