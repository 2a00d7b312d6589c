namespace Ablation.Experiments.Scheduling;

/// <summary>
/// The end of a run: a moment of the wall clock, a length of time, or whichever comes first. The length is measured from the construction
/// by a monotonic clock, so that a correction of the wall clock neither shortens nor prolongs a run.
/// </summary>
/// <param name="until">Null for none.</param>
/// <param name="budget">Null for none.</param>
public sealed class RunEnd(DateTimeOffset? until, TimeSpan? budget, TimeProvider clock)
{
    private readonly long began = clock.GetTimestamp();

    /// <summary>Time from now; negative when it has passed.</summary>
    public TimeSpan Left
    {
        get
        {
            var (byWall, byLength) = (until - clock.GetUtcNow(), budget - clock.GetElapsedTime(began));
            return byWall is { } wall && byLength is { } length ? (wall < length ? wall : length) : byWall ?? byLength ?? TimeSpan.MaxValue;
        }
    }

    /// <summary>The local time of the end, by the current wall clock.</summary>
    public DateTimeOffset Moment => TimeZoneInfo.ConvertTime(clock.GetUtcNow() + Left, clock.LocalTimeZone);
}
