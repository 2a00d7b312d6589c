namespace Ablation.Experiments.Processes;

/// <summary>
/// Moments that go forward by the time that passes, whatever becomes of the wall clock: for pauses, limits and ages. They begin at the
/// wall clock's time, and are written nowhere: what other processes read has <see cref="Wall"/>.
/// </summary>
public sealed class SteadyClock(TimeProvider clock)
{
    private readonly DateTimeOffset origin = clock.GetUtcNow();
    private readonly long began = clock.GetTimestamp();

    public DateTimeOffset Now => origin + clock.GetElapsedTime(began);

    public DateTimeOffset Wall => clock.GetUtcNow();

    /// <summary>The wall clock's time, as it stands now, of an earlier moment of this clock.</summary>
    public DateTimeOffset OnWall(DateTimeOffset moment) => Wall - (Now - moment);
}
