using Ablation.Experiments.Commands;

namespace Ablation.Tests.Commands;

/// <summary>Values of --until and --budget, and the errors for those they refuse.</summary>
public sealed class DeadlineTests
{
    /// <summary>Two hours ahead of UTC in winter, three in summer; changes at the end of March and October.</summary>
    private static readonly TimeZoneInfo Zone = TimeZoneInfo.CreateCustomTimeZone("test", TimeSpan.FromHours(2), "test", "test", "summer",
    [
        TimeZoneInfo.AdjustmentRule.CreateAdjustmentRule(DateTime.MinValue.Date, DateTime.MaxValue.Date, TimeSpan.FromHours(1),
            TimeZoneInfo.TransitionTime.CreateFixedDateRule(new DateTime(1, 1, 1, 2, 0, 0), 3, 30),
                TimeZoneInfo.TransitionTime.CreateFixedDateRule(new DateTime(1, 1, 1, 3, 0, 0), 10, 30)),
    ]);

    private static readonly DateTimeOffset Evening = At("2026-11-25T20:15:00+02:00");

    [TestCase("07:30", "2026-11-26T07:30:00+02:00")]
    [TestCase("7:30", "2026-11-26T07:30:00+02:00")]
    [TestCase("20:16", "2026-11-25T20:16:00+02:00")]
    [TestCase("20:15", "2026-11-26T20:15:00+02:00", Description = "the present minute means tomorrow")]
    [TestCase("20:14", "2026-11-26T20:14:00+02:00")]
    [TestCase("20:15:30", "2026-11-25T20:15:30+02:00")]
    [TestCase("2026-11-28T07:30", "2026-11-28T07:30:00+02:00")]
    [TestCase("2026-11-28 07:30:10", "2026-11-28T07:30:10+02:00")]
    [TestCase("2027-07-01T07:30", "2027-07-01T07:30:00+03:00", Description = "summer time")]
    public void A_time_is_its_next_occurrence_on_the_local_clock(string text, string then) =>
    Assert.That(Deadline.Until(text, Evening, Zone), Is.EqualTo(At(then)));

    [Test]
    public void The_clock_is_local_and_not_UTC() =>
        Assert.That(Deadline.Until("00:30", At("2026-11-25T22:15:00Z"), Zone), Is.EqualTo(At("2026-11-26T00:30:00+02:00")));

    [Test]
    public void A_change_of_the_clocks_changes_the_length_of_the_night()
    {
        Assert.That(Deadline.Until("07:30", At("2027-03-29T22:00:00+02:00"), Zone) - At("2027-03-29T22:00:00+02:00"),
            Is.EqualTo(TimeSpan.FromHours(8.5)));
        Assert.That(() => Deadline.Until("02:30", At("2027-03-29T22:00:00+02:00"), Zone),
            Throws.ArgumentException.With.Message.EqualTo(
                "--until 02:30: 2027-03-30T02:30 does not exist, the clocks are put forward then; give another time"));
    }

    [TestCase("")]
    [TestCase("7")]
    [TestCase("25:00")]
    [TestCase("07:60")]
    [TestCase("8h")]
    [TestCase("26.11.2026 07:30")]
    [TestCase("2026-11-31T07:30")]
    public void An_invalid_time_is_refused_with_an_example(string text) =>
        Assert.That(() => Deadline.Until(text, Evening, Zone),
            Throws.ArgumentException.With.Message.StartsWith($"--until {text}: not a time; give 07:30"));

    [TestCase("2026-11-25T20:15")]
    [TestCase("2025-01-01T00:00")]
    public void A_past_time_is_refused(string text) =>
        Assert.That(() => Deadline.Until(text, Evening, Zone),
            Throws.ArgumentException.With.Message.EqualTo($"--until {text}: has passed; it is 2026-11-25T20:15 now"));

    [TestCase("8h", 8 * 3600)]
    [TestCase("90m", 5400)]
    [TestCase("1.5h", 5400)]
    [TestCase("1d", 86400)]
    [TestCase("45s", 45)]
    [TestCase("1h30m", 5400)]
    public void A_budget_is_a_duration(string text, int seconds) =>
    Assert.That(Deadline.Budget("--budget", text).TotalSeconds, Is.EqualTo(seconds));

    [TestCase("")]
    [TestCase("8")]
    [TestCase("h")]
    [TestCase("8 h")]
    [TestCase("-8h")]
    [TestCase("0h")]
    [TestCase("8h5")]
    [TestCase("x8h")]
    [TestCase("1,5h")]
    [TestCase("07:30")]
    public void An_invalid_duration_is_refused_with_an_example(string text) =>
        Assert.That(() => Deadline.Budget("--budget", text),
            Throws.ArgumentException.With.Message.StartsWith($"--budget {text}: not a duration; give a number and d, h, m or s"));

    [TestCase("1001d")]
    [TestCase("99999999999999999999999999999d")]
    public void A_budget_above_1000_days_is_refused(string text) =>
    Assert.That(() => Deadline.Budget("--budget", text), Throws.ArgumentException.With.Message.Contains("longer than 1000 days"));

    [Test]
    public void The_earlier_of_the_two_counts()
    {
        Assert.That(Deadline.Parse(null, null, new Clock()), Is.Null);
        Assert.That(Of("07:30", null), Is.EqualTo(At("2026-11-26T07:30:00+02:00")));
        Assert.That(Of(null, "2h"), Is.EqualTo(Evening.AddHours(2)));
        Assert.That(Of("07:30", "2h"), Is.EqualTo(Evening.AddHours(2)));
        Assert.That(Of("07:30", "20h"), Is.EqualTo(At("2026-11-26T07:30:00+02:00")));

        static DateTimeOffset Of(string? until, string? budget) => Deadline.Parse(until, budget, new Clock())!.Moment;
    }

    [Test]
    public void The_end_is_shown_in_local_time() =>
        Assert.That(Deadline.Parse(null, "2h", new Clock())!.Moment.Offset, Is.EqualTo(TimeSpan.FromHours(2)));

    /// <summary>A stopped clock, in the evening, ahead of UTC.</summary>
    private sealed class Clock : TimeProvider
    {
        public override TimeZoneInfo LocalTimeZone => Zone;

        public override DateTimeOffset GetUtcNow() => Evening.ToUniversalTime();

        public override long GetTimestamp() => 0;
    }

    private static DateTimeOffset At(string text) => DateTimeOffset.Parse(text);
}
