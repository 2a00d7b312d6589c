using System.Collections.Concurrent;
using Ablation.Experiments.Reports;
using Ablation.Experiments.Reports.Tables;
using Ablation.Experiments.Scheduling;
using Ablation.Experiments.Store;
using Ablation.Harness.Foundations;

namespace Ablation.Experiments.Serving;

/// <summary>
/// The report of a suite as it stands, made when it is asked for, in a temporary folder: the folder of results is only read. It is made
/// again once a trial has ended since. Safe for several threads.
/// </summary>
internal sealed class LiveReport : IDisposable
{
    private readonly ConcurrentDictionary<string, Made> made = new();
    private readonly string folder = Directory.CreateTempSubdirectory("ablation-serve-").FullName;

    /// <summary>Returns the folder of the report; null where the suite's file is not known, or nothing is finished.</summary>
    /// <exception cref="InvalidDataException">A stored file is damaged; names it and the cure.</exception>
    /// <exception cref="IOException">The temporary folder cannot be written.</exception>
    public string? Folder(SuiteFeed feed)
    {
        var state = feed.Now();
        if (feed.Suite is not { } suite || state.Count(TrialStage.Finished) == 0) return null;
        var one = made.GetOrAdd(feed.Name, _ => new Made(Path.Combine(folder, Guid.NewGuid().ToString("N"))));
        lock (one)
        {
            var key = $"{state.Count(TrialStage.Finished)} {state.Count(TrialStage.Failed)} {state.Trials.Count}";
            if (one.Key != key)
            {
                var held = new HeldFiles();
                SuiteReport.Write(Summary.Read(suite, feed.Store), feed.Store, held, one.Folder);
                held.ThrowIfAny();
                one.Key = key;
            }

            return one.Folder;
        }
    }

    public void Dispose() => PatientFile.DeleteFolder(folder, recursive: true);

    /// <param name="folder">Of the report.</param>
    private sealed class Made(string folder)
    {
        public string Folder => folder;

        /// <summary>What was finished when it was made.</summary>
        public string Key { get; set; } = "";
    }
}
