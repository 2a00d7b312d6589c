using Ablation.Experiments.Reports.Pages;

namespace Ablation.Tests.Reports;

/// <summary>Tuned losses of one study and of several, and claims about them, from CSVs of trials.</summary>
[Parallelizable]
public sealed class StudiesBlockTests
{
    private const string Head = "loss,seed,state,test,metric,estimator,value,n\n";
    private TemporaryFolder folder = null!;

    [SetUp]
    public void Open() => folder = new TemporaryFolder();

    [TearDown]
    public void Close() => folder.Dispose();

    /// <summary>Npt is 3 points below ArcFace as given, with little scatter.</summary>
    /// <param name="below">Points that it is below when tuned.</param>
    private void Study(int number, double below, string extra = "")
    {
        int[] scatter = [2, -1, -1, 1, -1]; // thousandths: mean 0, deviation 1.41
        var lines = from seed in Enumerable.Range(1, 5)
                    from one in new[] { ("ArcFace", 0.0), ("Npt", -0.03), ("ArcFace (tuned)", 0.01), ("Npt (tuned)", 0.01 - below / 100) }
                    let noise = scatter[(seed + one.Item1.Length) % 5] / 1000.0
                    select $"{one.Item1},{seed},done,LFW,accuracy,grid,{0.8 + one.Item2 + noise},6000";
        File.WriteAllText(folder.File($"s-{number}.csv"), Head + string.Join("\n", lines) + "\n" + extra);
    }

    private string Studies() => new StudiesBlock().Write(["s-*.csv", "accuracy", "ArcFace"], folder.Path);

    [Test]
    public void One_study_is_judged_as_its_report_does()
    {
        Study(1, 2);
        var lines = Studies().Split('\n');
        Assert.That(lines[1], Is.EqualTo("LFW: accuracy (grid), n = 6000, in percent: mean ± deviation (seeds). Differences in points " +
            "with their 95 % interval; those from ArcFace hold together."));
        Assert.That(lines[3], Is.EqualTo("| loss | as given | tuned | tuned less given | tuned less ArcFace tuned |"));
        Assert.That(lines[6].Split(" | ")[..3], Is.EqualTo(new[] { "| Npt", "77.00 ± 0.14 (5)", "79.00 ± 0.14 (5)" }));
        Assert.That(lines[6].Split(" | ")[3], Does.Match(@"^\+2\.\d\d \(.*\)$"));
        Assert.That(lines[6].Split(" | ")[4], Does.Match(@"^-2\.\d\d \(.*\) \|$"));
        Assert.That(lines[5], Does.EndWith("|  |"), "the baseline is not compared with itself");
    }

    [Test]
    public void Several_studies_are_judged_over_studies_and_seeds()
    {
        Study(1, 2);
        Study(2, 2.2);
        Study(3, 1.8);
        var text = Studies();
        Assert.That(text, Does.Contain("| tuned, study 1 | tuned, study 2 | tuned, study 3 |"));
        Assert.That(Claims("Better", "ArcFace (tuned)"), Does.Contain("Npt (tuned) (79.0")
            .And.Contain("is worse than ArcFace (tuned) (81.00 %): -2.00 points").And.Contain("over 3 studies and 5 seeds)")
            .And.Contain("| **does not hold here** |"));
        Study(2, -9);
        Assert.That(Claims("Better", "ArcFace (tuned)"), Does.Contain("cannot be told from").And.Contain("| cannot be told |"),
            "studies that disagree say nothing");
    }

    [Test]
    public void A_claim_holds_does_not_hold_or_cannot_be_told()
    {
        Study(1, -2);
        Assert.That(Claims("Better", "ArcFace (tuned)"), Does.Contain("| **holds here** |")
            .And.Contain("99.40 against 99.30 % of ArcFace, LFW"));
        Assert.That(Claims("NoGain", "(given)", "0.01"), Does.Contain("than Npt (77.00 %)").And.Contain("| **does not hold here** |"),
            "tuning gives six points");
        Assert.That(Claims("NoGain", "(given)", "0.06"), Does.Contain("| cannot be told"), "six is at the bound");
        Assert.That(Claims("NoGain", "(given)", "0.08"), Does.Contain("| **holds here** |"), "a gain, and a small one");
        Assert.That(Claims("AtLeast", null, "0.81"), Does.Contain("has 83.").And.Contain("| **holds here** |"));
        Assert.That(Claims("AtLeast", null, "0.9"), Does.Contain("| **does not hold here** |"));
        Assert.That(Claims("AtLeast", null, "0.83"), Does.Contain("| cannot be told |"), "the bound lies within the interval");
        Study(1, 0);
        Assert.That(Claims("Better", "ArcFace (tuned)"), Does.Contain("| cannot be told"));
    }

    [Test]
    public void What_is_not_measured_is_said_and_never_a_number()
    {
        Assert.That(Claims("Better", "ArcFace (tuned)"), Does.Contain("| not measured yet |").And.Contain("`quick-tune`; 2 minutes"));
        Study(1, 2, "Npt (tuned),6,diverged,n/a,n/a,n/a,n/a,n/a\n");
        Assert.That(Claims("Better", "ArcFace (tuned)"), Does.Contain("it collapsed in 1 seed").And.Contain("| cannot be told |"));
        Assert.That(Claims("AtLeast", null, "0.1"), Does.Contain("it collapsed in 1 seed").And.Contain("| cannot be told |"));
        Study(2, 2);
        Assert.That(Claims("Better", "ArcFace (tuned)"), Does.Contain("1 seed of the two collapsed").And.Contain("| cannot be told |"));
        Assert.That(Studies(), Does.Contain("(5, 1 collapsed)").And.Contain("n/a (collapsed)"));
        Assert.That(() => Claims("Better", "ArcFase (tuned)"),
            Throws.TypeOf<InvalidDataException>().With.Message.Contains("has no loss ArcFase (tuned)"));
        Assert.That(() => Claims("Better", "ArcFace"),
            Throws.TypeOf<InvalidDataException>().With.Message.Contains("compare two tuned rows"));
        Assert.That(() => Claims("Better", null), Throws.TypeOf<InvalidDataException>().With.Message.Contains("than is missing"));
        Assert.That(() => Claims("AtLeast", null), Throws.TypeOf<InvalidDataException>().With.Message.Contains("bound is missing"));
        Assert.That(() => new StudiesBlock().Write(["s-*.csv", "accuracy", "CosFace"], folder.Path),
            Throws.TypeOf<InvalidDataException>().With.Message.Contains("no row CosFace (tuned); there are ArcFace (tuned), Npt (tuned)"));
        Assert.That(() => new StudiesBlock().Write(["s-*.csv", "AUC", "ArcFace"], folder.Path),
            Throws.TypeOf<InvalidDataException>().With.Message.Contains("has no figure AUC"));
    }

    [Test]
    public void Where_tuning_kept_the_suites_setting_the_tuned_row_is_the_row_as_given([Values] bool several)
    {
        Study(1, 2);
        var path = folder.File("s-1.csv");
        File.WriteAllLines(path, File.ReadAllLines(path).Where(line => !line.StartsWith("ArcFace (tuned)", StringComparison.Ordinal)));
        if (several) Study(2, 2);
        Assert.That(Studies(), Does.Contain(several ? "| as given | 81.00 ± 0.14 (5) |" : "| as given | the same setting |"));
        Assert.That(Claims("Better", "ArcFace (tuned)"), Does.Contain(several ? "-1.50 points" : "by 1.00 points")
            .And.Contain("ArcFace (tuned) (80."), "79.00 against 80.00 as given");
        var kept = Claims("NoGain", "(given)", "0.01", loss: "ArcFace (tuned)");
        Assert.That(kept, several ? Does.Contain("than ArcFace (80.00 %)").Or.Contain("from ArcFace (80.00 %)")
            : Does.Contain("keeps its setting as given").And.Contain("| **holds here** |"));
    }

    [Test]
    public void Conditions_of_one_suite_are_told_apart()
    {
        var lines = from seed in Enumerable.Range(1, 3)
                    from augmented in new[] { 0, 1 }
                    select $"Npt (tuned),{seed},done,LFW,accuracy,grid,{0.8 + 0.1 * augmented + 0.001 * seed},60,{augmented}\n";
        File.WriteAllText(folder.File("s-1.csv"), "loss,seed,state,test,metric,estimator,value,n,augment\n" + string.Concat(lines));
        Assert.That(() => Claims("AtLeast", null, "0.85"), Throws.TypeOf<InvalidDataException>()
            .With.Message.Contains("occurs 2 times: augment 0; augment 1"));
        Assert.That(Claims("AtLeast", null, "0.85", "\"where\": { \"augment\": \"1\" }, "), Does.Contain("| **holds here** |"));
        Assert.That(Claims("AtLeast", null, "0.85", "\"where\": { \"augment\": \"0\" }, "), Does.Contain("| **does not hold here** |"));
        Assert.That(Claims("AtLeast", null, "0.85", "\"where\": { \"augment\": \"1\" }, \"studies\": 3, "),
            Does.Contain("| **holds here** (after 1 of 3 studies) |"));
    }

    [Test]
    public void Several_searches_are_averaged()
    {
        const string columns = "loss,draw,round,epochs,seed,state,validation,final_loss,options,trial\n";
        File.WriteAllText(folder.File("t-1.csv"), columns +
            "Npt,0,1,9,101,done,0.99,1,,a\nNpt,1,1,9,101,done,0.80,1,,b\nNpt,2,1,9,101,diverged,n/a,1,,c\nNpt,1,2,9,101,done,0.95,1,,d\n");
        var one = new EaseBlock().Write(["t-*.csv"], folder.Path);
        // 0.8 and 0.5 (learnt nothing); not the suite's own, not round 2
        Assert.That(one, Does.Contain("from 2 of each loss in one search"));
        Assert.That(one, Does.Match(@"\| Npt \| 65\.00 \(50\.00 to 80\.00\) \| 80\.00 \| 1 of 2 \|"));
        File.WriteAllText(folder.File("t-2.csv"), columns +
            "Npt,1,1,9,102,done,0.90,1,,e\nNpt,2,1,9,102,failed,n/a,n/a,,f\nNpt,3,1,9,102,done,0.895,1,,g\n");
        // 0.9 and 0.895, not the one that failed: each search has its own best
        var both = new EaseBlock().Write(["t-*.csv"], folder.Path);
        Assert.That(both, Does.Contain("in each of 2 searches").And.Contain("; means over the searches"));
        Assert.That(both, Does.Match(@"\| Npt \| 77\.38 \(.* to .*\) \| 85\.00 \| 3 of 4 \|"), "the means of 65 and 89.75, 80 and 90");
    }

    private string Claims(string needs, string? than, string? bound = null, string more = "", string loss = "Npt (tuned)")
    {
        var optional = more + (than is null ? "" : $"\"than\": \"{than}\", ") + (bound is null ? "" : $"\"bound\": {bound}, ");
        File.WriteAllText(folder.File("claims.jsonc"), $$"""
            // a comment
            [{ "says": "best", "losses": ["{{loss}}"], {{optional}}"needs": "{{needs}}", "files": "s-*.csv", "figure": "accuracy",
               "meaning": "Accuracy", "suites": ["quick-tune"], "time": "2 minutes",
               "published": { "table": "npt-table3", "loss": "NPT", "than": "ArcFace", "benchmark": "LFW", "metric": "accuracy %" } }]
            """);
        return new ClaimsBlock().Write(["claims.jsonc"], folder.Path);
    }
}
