namespace Ablation.Experiments.Store;

/// <summary>What a person asks a run to do with one trial.</summary>
public enum RequestKind
{
    /// <summary>A running trial saves a checkpoint and stops; a waiting one is not begun. The next run resumes it.</summary>
    Leave,

    /// <summary>A trial that failed, or that was left, is queued again.</summary>
    Retry,
}

/// <summary><c>asked.json</c> in a trial's folder. It holds for the run that is going on: a later run begins without it.</summary>
public sealed record TrialRequest(RequestKind Kind, DateTimeOffset Time)
{
    /// <summary>Whether it is meant for a run that began at a time.</summary>
    /// <param name="kind">What must be asked for.</param>
    public bool Asks(RequestKind kind, DateTimeOffset began) => Kind == kind && Time >= began;
}
