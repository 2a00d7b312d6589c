using Ablation.Experiments.Scheduling;
using Ablation.Experiments.Store;
using Ablation.Experiments.Suites;
using Ablation.Harness.Foundations;
using Ablation.Losses;
using Ablation.Tests.Store;

namespace Ablation.Tests.Scheduling;

/// <summary>Two losses and the untrained network, three seeds; the tests write the trial folders, at chosen times.</summary>
internal sealed class HandMadeSuite : IDisposable
{
    public static readonly DateTimeOffset Now = new(2026, 1, 2, 23, 4, 0, TimeSpan.Zero);
    private readonly TemporaryFolder folder = new();

    public HandMadeSuite()
    {
        Store = new ResultStore(Path.Combine(folder.Path, "made"));
        Trials = Suite.Trials();
    }

    public Suite Suite { get; } = TinySuite.Of(new SoftmaxOptions(), new ArcFaceOptions { Scale = 8 }) with
    {
        Name = "made",
        Seeds = [1, 2, 3],
        Untrained = true
    };

    public ResultStore Store { get; }

    public IReadOnlyList<PlannedTrial> Trials { get; }

    public SuiteState Read() => SuiteState.Read(Suite, Trials, Store, Now);

    public TrialState StateOf(string label, int seed) =>
        Read().Trials.Single(trial => trial.Plan.Label == label && trial.Plan.Spec.Seed == seed);

    public PlannedTrial Plan(string label, int seed) => Trials.Single(trial => trial.Label == label && trial.Spec.Seed == seed);

    public string Id(string label, int seed) => Plan(label, seed).Spec.Id();

    public TrialFiles Files(string label, int seed) => new(Store.TrialFolder(Id(label, seed)));

    public void Finish(string label, int seed, double seconds = 100, bool diverged = false)
    {
        var plan = Plan(label, seed);
        var output = diverged ? ExampleOutput.Diverged(plan.Spec, label) : ExampleOutput.Of(plan.Spec, label, seed);
        Store.Save(output with { Result = output.Result with { Provenance = output.Result.Provenance with { Seconds = seconds } } });
    }

    /// <summary>Writes the start of an attempt: its line in attempts.jsonl and its lease.</summary>
    public void Begin(string label, int seed, string token, DateTimeOffset time, long fromStep = 0, string? job = null)
    {
        var files = Files(label, seed);
        AtomicFile.Write(files.Spec, SpecJson.Write(new StoredSpec(label, Plan(label, seed).Spec)));
        AtomicFile.Write(files.Lease, SpecJson.Write(new LeaseRecord(token, "box", 17, job, 0, time)));
        JsonLines.Append(files.Attempts, new Attempt(AttemptEvent.Start, token, time, "box", 17, job, FromStep: fromStep));
    }

    public void Progress(string label, int seed, string token, long step, DateTimeOffset started, DateTimeOffset updated,
        TrialPhase phase = TrialPhase.Training) =>
        AtomicFile.Write(Files(label, seed).Progress,
            SpecJson.Write(new TrialProgress(token, phase, step, 500, step / 50.0, 3.21, 310.4, started, updated, updated, 1 << 30)));

    public void EndAttempt(string label, int seed, string token, EndReason reason, string? message = null, DateTimeOffset? time = null) =>
        JsonLines.Append(Files(label, seed).Attempts,
            new Attempt(AttemptEvent.End, token, time ?? Now.AddMinutes(-1), "box", 17, Reason: reason, Message: message));

    public void Checkpoint(string label, int seed, long step) =>
        File.WriteAllText(Path.Combine(Files(label, seed).Folder, $"checkpoint-{step}.bin"), "");

    public void Fail(string label, int seed, string error, DateTimeOffset time) =>
        Store.Save(new TrialFailure(Id(label, seed), label, seed, time, error, "at here"));

    public void Pool(string token, DateTimeOffset updated, params PoolSlot[] slots) =>
        AtomicFile.Write(Path.Combine(Store.Folder, "pools", $"{token}.json"),
        SpecJson.Write(new PoolRecord(token, "box", 4711, Now.AddHours(-1), updated, Now.AddHours(8), slots)));

    public PoolSlot Slot(int number, string label, int seed) => new(number, "cpu", 1, Id(label, seed), label, Now.AddMinutes(-5));

    public void Dispose() => folder.Dispose();
}
