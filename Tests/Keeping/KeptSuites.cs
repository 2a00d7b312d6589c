using Ablation.Experiments.Keeping;
using Ablation.Experiments.Store;
using Ablation.Tests.Scheduling;

namespace Ablation.Tests.Keeping;

/// <summary>A folder of results with one suite: two trials done, one diverged, one interrupted (untrained).</summary>
internal sealed class KeptSuites : IDisposable
{
    public KeptSuites()
    {
        Made.Finish("Softmax", 1, seconds: 90);
        Made.Finish("ArcFace", 1);
        Made.Finish("ArcFace", 2, diverged: true);
        Made.Begin("untrained", 1, "a", DateTimeOffset.UtcNow.AddHours(-1));
    }

    public HandMadeSuite Made { get; } = new();

    public string Results => Path.GetDirectoryName(Made.Store.Folder)!;

    public IReadOnlyList<KeptTrial> Read() => KeptTrials.Read(SuiteFolders.Of(Results), DateTimeOffset.UtcNow,
        problem => Assert.Fail(problem));

    public KeptTrial Of(string label, int seed) => Read().Single(trial => (trial.Loss, trial.Seed) == (label, seed));

    public IEnumerable<string> Where(params string[] texts) =>
        new TrialFilter(texts).Choose(Read()).Select(trial => $"{trial.Loss} {trial.Seed}").Order(StringComparer.Ordinal);

    public void Dispose() => Made.Dispose();
}
