namespace Ablation.Tests.Scheduling;

/// <summary>A clock of the test's own, whose wall time somebody may set while the time that passes goes on as it does.</summary>
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

    /// <summary>Time passes, by both.</summary>
    public void Pass(TimeSpan time)
    {
        lock (gate) (wall, passed) = (wall + time, passed + time);
    }

    /// <summary>Somebody sets the wall clock forward, or back.</summary>
    public void Set(TimeSpan by)
    {
        lock (gate) wall += by;
    }
}
