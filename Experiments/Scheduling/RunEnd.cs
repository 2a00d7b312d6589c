namespace Ablation.Experiments.Scheduling;

/// <summary>
/// When a run has to end: at a moment of the wall clock, after a length of time, or at whichever comes first. The length is counted from
/// the construction by a clock that nobody sets, so that a correction of the wall clock neither ends a run early nor lets it run on.
/// </summary>
/// <param name="until">Null for none.</param>
/// <param name="budget">Null for none.</param>
public sealed class RunEnd(DateTimeOffset? until, TimeSpan? budget, TimeProvider clock)
{
    private readonly long began = clock.GetTimestamp();

    /// <summary>From now; negative when it has passed.</summary>
    public TimeSpan Left
    {
        get
        {
            var (byWall, byLength) = (until - clock.GetUtcNow(), budget - clock.GetElapsedTime(began));
            return byWall is { } wall && byLength is { } length ? (wall < length ? wall : length) : byWall ?? byLength ?? TimeSpan.MaxValue;
        }
    }

    /// <summary>What the local clock will show then, as it stands now.</summary>
    public DateTimeOffset Moment => TimeZoneInfo.ConvertTime(clock.GetUtcNow() + Left, clock.LocalTimeZone);
}
