using Ablation.Experiments.Processes;
using Ablation.Experiments.Scheduling;
using Ablation.Experiments.Store;

namespace Ablation.Tests.Scheduling;

/// <summary>Budgets count elapsed time, times of day the wall clock, even if it is set.</summary>
public sealed class RunEndTests
{
    private static readonly DateTimeOffset Evening = new(2026, 11, 25, 20, 0, 0, TimeSpan.Zero);
    private SetClock clock = null!;

    [SetUp]
    public void Make() => clock = new SetClock(Evening);

    [TestCase(-3)]
    [TestCase(3)]
    public void A_budget_counts_elapsed_time(int hours)
    {
        var end = new RunEnd(null, TimeSpan.FromHours(8), clock);
        clock.Pass(TimeSpan.FromHours(2));
        clock.Set(TimeSpan.FromHours(hours));
        Assert.That(end.Left, Is.EqualTo(TimeSpan.FromHours(6)));
        Assert.That(end.Moment, Is.EqualTo(clock.GetUtcNow().AddHours(6)), "by the present clock");
        clock.Pass(TimeSpan.FromHours(6));
        Assert.That(end.Left, Is.EqualTo(TimeSpan.Zero));
        clock.Pass(TimeSpan.FromSeconds(1));
        Assert.That(end.Left, Is.EqualTo(TimeSpan.FromSeconds(-1)));
    }

    [TestCase(-3, 9)]
    [TestCase(3, 3)]
    public void A_time_of_day_follows_the_wall_clock(int hours, int left)
    {
        var moment = clock.GetUtcNow().AddHours(8);
        var end = new RunEnd(moment, null, clock);
        clock.Pass(TimeSpan.FromHours(2));
        clock.Set(TimeSpan.FromHours(hours));
        Assert.That((end.Left, end.Moment), Is.EqualTo((TimeSpan.FromHours(left), moment)));
    }

    [Test]
    public void The_present_clocks_decide_which_limit_is_first()
    {
        var end = new RunEnd(clock.GetUtcNow().AddHours(8), TimeSpan.FromHours(5), clock);
        Assert.That(end.Left, Is.EqualTo(TimeSpan.FromHours(5)));
        clock.Set(TimeSpan.FromHours(6));
        Assert.That(end.Left, Is.EqualTo(TimeSpan.FromHours(2)));
        clock.Set(TimeSpan.FromHours(-6));
        Assert.That(end.Left, Is.EqualTo(TimeSpan.FromHours(5)));
    }

    [Test]
    public void A_steady_clock_follows_elapsed_time()
    {
        var steady = new SteadyClock(clock);
        var begun = steady.Now;
        clock.Pass(TimeSpan.FromMinutes(5));
        clock.Set(TimeSpan.FromHours(-2));
        Assert.That(steady.Now - begun, Is.EqualTo(TimeSpan.FromMinutes(5)));
        Assert.That(steady.Wall, Is.EqualTo(clock.GetUtcNow()));
        Assert.That(steady.OnWall(begun), Is.EqualTo(clock.GetUtcNow().AddMinutes(-5)));
    }

    [Test]
    public void The_pace_of_a_trial_counts_elapsed_time()
    {
        using var folder = new TemporaryFolder();
        var path = Path.Combine(folder.Path, "progress.json");
        using (var beat = new TrialHeartbeat(path, "token", 1, _ => { }, clock))
        {
            clock.Pass(TimeSpan.FromMinutes(10));
            clock.Set(TimeSpan.FromHours(-5));
            beat.Start(0, 100, 0);
        }

        var progress = new TrialFiles(folder.Path).ReadProgress()!;
        Assert.That(progress.Advanced - progress.Started, Is.EqualTo(TimeSpan.FromMinutes(10)));
        Assert.That(progress.Updated, Is.EqualTo(clock.GetUtcNow()), "other processes compare it with their wall clock");
    }
}
