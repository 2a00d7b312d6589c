namespace Ablation.Tests.Scheduling;

/// <summary>A fake clock whose wall time can be set without a change of the elapsed time.</summary>
internal sealed class SetClock(DateTimeOffset wall) : TimeProvider
{
    private readonly Lock gate = new();
    private DateTimeOffset wall = wall;
    private TimeSpan passed;

    public override TimeZoneInfo LocalTimeZone => TimeZoneInfo.Utc;

    public override long TimestampFrequency => TimeSpan.TicksPerSecond;

    public override DateTimeOffset GetUtcNow()
    {
        lock (gate) return wall;
    }

    public override long GetTimestamp()
    {
        lock (gate) return passed.Ticks;
    }

    /// <summary>Lets time pass on both clocks.</summary>
    public void Pass(TimeSpan time)
    {
        lock (gate) (wall, passed) = (wall + time, passed + time);
    }

    /// <summary>Sets the wall clock forward or back.</summary>
    public void Set(TimeSpan by)
    {
        lock (gate) wall += by;
    }
}
