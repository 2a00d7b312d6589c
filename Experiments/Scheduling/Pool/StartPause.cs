namespace Ablation.Experiments.Scheduling.Pool;

/// <summary>Thrown when the system cannot start a trial's process.</summary>
public sealed class TrialStartException(string message, Exception inner) : Exception(message, inner);

/// <summary>Pauses after a failed start, since the machine may be short of processes or memory, and limits the number of retries.</summary>
internal sealed class StartPause
{
    private static readonly TimeSpan Length = TimeSpan.FromSeconds(10);
    private const int Most = 30;
    private int count;
    private DateTimeOffset until;

    public bool IsOn(DateTimeOffset now) => now < until;

    /// <returns>Whether to try another start after the pause.</returns>
    public bool Begin(DateTimeOffset now)
    {
        until = now + Length;
        return ++count <= Most;
    }

    public void Clear() => (count, until) = (0, default);
}
