using Ablation.Experiments.Scheduling;
using Ablation.Experiments.Serving;
using Ablation.Tests.Scheduling;

namespace Ablation.Tests.Serving;

/// <summary>Which trials a live page shows, and in which order.</summary>
public sealed class LiveQueryTests
{
    private static readonly DateTimeOffset Now = HandMadeSuite.Now;
    private HandMadeSuite made = null!;

    [SetUp]
    public void Make()
    {
        made = new HandMadeSuite();
        made.Finish("Softmax", 1);
        made.Finish("untrained", 1);
        made.Begin("ArcFace", 2, "a", Now.AddMinutes(-1));
        made.Progress("ArcFace", 2, "a", 100, Now.AddMinutes(-1), Now.AddSeconds(-1));
        made.Fail("Softmax", 3, "k is too large", Now);
    }

    [TearDown]
    public void Remove() => made.Dispose();

    [Test]
    public void What_runs_comes_first_then_what_failed_the_newest_results_and_the_rest_in_the_suites_order()
    {
        var ended = new Dictionary<string, DateTime>
        {
            [made.Id("Softmax", 1)] = new(2026, 1, 2, 0, 0, 0, DateTimeKind.Utc),
            [made.Id("untrained", 1)] = new(2026, 1, 3, 0, 0, 0, DateTimeKind.Utc),
        };
        var shown = new LiveQuery().Choose(made.Read().Trials, trial => ended[trial.Id], _ => "");
        Assert.That(shown.Select(trial => $"{trial.Plan.Label} {trial.Plan.Spec.Seed}"), Is.EqualTo(new[]
        {
            "ArcFace 2", "Softmax 3", "untrained 1", "Softmax 1", "ArcFace 1", "untrained 2", "Softmax 2", "untrained 3", "ArcFace 3",
        }));
    }

    [TestCase("running", "", "", 1)]
    [TestCase("", "Softmax", "", 3)]
    [TestCase("waiting", "Softmax", "", 1)]
    [TestCase("", "", "SEED 2", 3)]
    [TestCase("", "", "16 px", 9)]
    [TestCase("finished", "ArcFace", "", 0)]
    public void A_choice_holds_all_that_is_asked_for(string state, string loss, string text, int count) =>
        Assert.That(new LiveQuery(state, loss, text).Choose(made.Read().Trials, _ => default, _ => "Small, 16 px"),
            Has.Count.EqualTo(count));

    [Test]
    public void The_address_of_another_page_keeps_the_choice() =>
        Assert.That(new LiveQuery("failed", "Npt (k 6)", "a&b").At(2),
            Is.EqualTo("?state=failed&loss=Npt%20%28k%206%29&text=a%26b&page=2"));

    [Test]
    public void A_page_beyond_the_last_is_the_last()
    {
        var suite = LiveSuite.Read(new SuiteFeed(made.Store.Folder, () => null, new SetClock(Now)), new LiveQuery(Page: 7));
        Assert.That((suite.Query.Page, suite.Rows.Count, suite.Found), Is.EqualTo((0, 3, 3)), "only what was begun: no plan");
        Assert.That(suite.State.Count(TrialStage.Running), Is.EqualTo(1));
    }
}
