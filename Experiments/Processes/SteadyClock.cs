namespace Ablation.Experiments.Processes;

/// <summary>
/// A monotonic clock for pauses, limits and ages, independent of changes to the wall clock. It starts at the time of the wall clock. Its
/// times are not stored: files that other processes read contain <see cref="Wall"/>.
/// </summary>
public sealed class SteadyClock(TimeProvider clock)
{
    private readonly DateTimeOffset origin = clock.GetUtcNow();
    private readonly long began = clock.GetTimestamp();

    public DateTimeOffset Now => origin + clock.GetElapsedTime(began);

    public DateTimeOffset Wall => clock.GetUtcNow();

    /// <summary>Returns the current wall-clock time of an earlier moment of this clock.</summary>
    public DateTimeOffset OnWall(DateTimeOffset moment) => Wall - (Now - moment);
}
