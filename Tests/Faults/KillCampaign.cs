using System.Diagnostics;
using Ablation.Tests.Commands;

namespace Ablation.Tests.Faults;

/// <summary>
/// Sends SIGKILL to pools and trials at random moments, and to trials while they write a checkpoint or their result.
/// </summary>
internal sealed class KillCampaign(Random random, int kills)
{
    private static readonly TimeSpan Patience = TimeSpan.FromSeconds(5);
    private readonly SortedDictionary<string, int> hits = [];

    public int Left { get; private set; } = kills;

    /// <summary>Kills until no kill is left or a run ends despite them.</summary>
    public void Disturb(FaultRun run)
    {
        var seen = new Dictionary<string, string>(); // the first version of each result
        while (Left > 0)
        {
            using var pool = run.Start("--max-attempts", "1000", "--no-report");
            var ended = Task.Run(pool.End);
            while (Left > 0 && !ended.IsCompleted)
            {
                foreach (var id in run.Trials().Where(run.Store.Has)) Keep(seen, run, id);
                var isPool = random.Next(3) == 0;
                if (isPool)
                {
                    Thread.Sleep(random.Next(100, 2500));
                    if (ended.IsCompleted) break;
                    pool.Signal(FaultRun.Kill);
                    Hit("a pool");
                    ended.Wait();
                    // its trials notice, save and stop; every other time they are killed first
                    if (random.Next(2) == 0) foreach (var (_, process) in run.Running()) Cli.Signal(process, FaultRun.Kill);
                    else FaultTests.WaitUntil(() => run.Running().Count == 0, "the trials of a dead pool stop themselves");
                    break;
                }

                KillTrial(run, ended);
            }

            if (ended.IsCompleted && ended.Result == 0) return;
        }
    }

    public override string ToString() => string.Join(", ", hits.Select(hit => $"{hit.Value} of {hit.Key}"));

    private void KillTrial(FaultRun run, Task pool)
    {
        var moment = random.Next(3) switch { 0 => Moment.Checkpoint, 1 => Moment.Result, _ => Moment.Any };
        var (clock, pause) = (Stopwatch.StartNew(), TimeSpan.FromMilliseconds(random.Next(50, 1200)));
        while (!pool.IsCompleted)
        {
            var running = run.Running();
            var looks = Stopwatch.StartNew();
            // the moment is short, so the running trials are not listed each time
            while (looks.ElapsedMilliseconds < 100)
            {
                foreach (var (id, process) in running)
                {
                    var folder = run.Store.TrialFolder(id);
                    var isNow = moment switch
                    {
                        Moment.Checkpoint => Directory.EnumerateFiles(folder, "checkpoint-*.tmp").Any(),
                        Moment.Result => File.Exists(Path.Combine(folder, "history.csv")) && !run.Store.Has(id),
                        _ => clock.Elapsed > pause,
                    };
                    if ((!isNow && clock.Elapsed < Patience) || !Cli.Signal(process, FaultRun.Kill)) continue;
                    Hit(!isNow || moment == Moment.Any
                        ? "a trial" : moment == Moment.Checkpoint ? "a trial that writes a checkpoint" : "a trial that writes its result");
                    return;
                }
            }
        }
    }

    private void Hit(string what)
    {
        hits[what] = hits.GetValueOrDefault(what) + 1;
        Left--;
    }

    private enum Moment
    {
        Any,
        Checkpoint,
        Result,
    }

    private static void Keep(Dictionary<string, string> seen, FaultRun run, string id)
    {
        var now = File.ReadAllText(Path.Combine(run.Store.TrialFolder(id), "result.json"));
        seen.TryAdd(id, now);
        Assert.That(now, Is.EqualTo(seen[id]), $"{id}: a finished result was written again");
    }
}
