namespace Ablation.Experiments.Scheduling.Pool;

/// <summary>The system could not start a trial's process.</summary>
public sealed class TrialStartException(string message, Exception inner) : Exception(message, inner);

/// <summary>A machine that is short of processes or memory for a moment: starts are tried again, not at once and not for ever.</summary>
internal sealed class StartPause
{
    private static readonly TimeSpan Length = TimeSpan.FromSeconds(10);
    private const int Most = 30;
    private int count;
    private DateTimeOffset until;

    public bool IsOn(DateTimeOffset now) => now < until;

    /// <returns>Whether another start is to be tried after the pause.</returns>
    public bool Begin(DateTimeOffset now)
    {
        until = now + Length;
        return ++count <= Most;
    }

    public void Clear() => (count, until) = (0, default);
}
