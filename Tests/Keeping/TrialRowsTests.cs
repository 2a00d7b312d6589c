using Ablation.Experiments.Keeping;
using Ablation.Experiments.Store;
using Ablation.Experiments.Terminal;
using Ablation.Harness.Foundations;

namespace Ablation.Tests.Keeping;

/// <summary>The list of trials, the tidy CSV and the JSON have every trial and its numbers as stored.</summary>
public sealed class TrialRowsTests
{
    private KeptSuites kept = null!;

    [SetUp]
    public void Make() => kept = new KeptSuites();

    [TearDown]
    public void Remove() => kept.Dispose();

    [Test]
    public void Every_line_fits_the_terminal([Values(30, 60, 80, 120)] int width)
    {
        TrialTags.Set(kept.Of("Softmax", 1).Folder, "paper", true);
        var lines = TrialRows.Lines(kept.Read(), new TerminalLook(width, 24, false, false, true));
        Assert.That(lines.Select(line => line.Length), Is.All.LessThanOrEqualTo(width));
        Assert.That(lines.Count(line => line.Contains("paper", StringComparison.Ordinal)), Is.EqualTo(width < 120 ? 0 : 1));
    }

    [Test]
    public void A_pipe_gets_tabs_and_the_headline_as_stored()
    {
        var rows = TrialRows.Lines(kept.Read(), TerminalLook.OfFile).Select(line => line.Split('\t')).ToList();
        Assert.That(rows.Select(row => row.Length), Is.All.EqualTo(13));
        var softmax = rows.Single(row => row[1] == "Softmax");
        var headline = kept.Of("Softmax", 1).Headline!;
        Assert.That(softmax[5..11], Is.EqualTo(new[]
        {
            "done", headline.Test, "accuracy", headline.Estimator, headline.Value!.Value.ToString("R"), "90",
        }));
        Assert.That(rows.Single(row => row[1] == "untrained")[5..11], Is.EqualTo(new[] { "interrupted", "", "", "", "", "" }));
    }

    [Test]
    public void The_csv_has_a_line_per_figure_and_one_for_a_trial_without()
    {
        var lines = TidyCsv.Write(kept.Read(), Assert.Fail).TrimEnd('\n').Split('\n');
        var head = lines[0].Split(',');
        Assert.That(head, Does.Contain("losses.scale").And.Contain("trainings.epochs").And.Contain("suite"));
        var figures = kept.Of("Softmax", 1).Result!.Metrics;
        var softmax = lines.Where(line => line.Contains(kept.Made.Id("Softmax", 1), StringComparison.Ordinal)).ToList();
        Assert.That(softmax, Has.Count.EqualTo(figures.Count));
        foreach (var figure in figures)
            Assert.That(softmax, Has.Some.Contains(figure.Value is { } value ? $",{value:R}," : ",n/a,"));
        Assert.That(lines.Count(line => line.Contains(",diverged,n/a,n/a,", StringComparison.Ordinal)), Is.EqualTo(1));
        Assert.That(lines.Count(line => line.Contains(",interrupted,n/a,n/a,", StringComparison.Ordinal)), Is.EqualTo(1));
    }

    [Test]
    public void The_csv_may_have_chosen_figures_and_the_settings_that_differ_alone()
    {
        var lines = TidyCsv.Write(kept.Read(), Assert.Fail, ["Accuracy (10-fold, *)"], varied: true).TrimEnd('\n').Split('\n');
        Assert.That(lines[0], Does.Contain("losses.type").And.Not.Contain("trainings.batch"), "all have the same batch");
        Assert.That(lines.Skip(1).Where(line => line.Contains(",done,", StringComparison.Ordinal)),
            Is.All.Contains(",accuracy,\"10-fold, ").And.Exactly(4).Items, "two estimators of two trials");
        Assert.That(lines, Has.Some.Contains(",diverged,n/a,"), "a trial without figures is not lost");
        Assert.That(TidyCsv.Write(kept.Read(), Assert.Fail, ["EER"]).Split('\n')
            .Count(line => line.Contains(",EER,", StringComparison.Ordinal)),
            Is.EqualTo(2));
    }

    [Test]
    public void A_damaged_file_beside_a_trial_hides_nothing_else()
    {
        var folder = kept.Of("Softmax", 1).Folder;
        File.WriteAllText(Path.Combine(folder, TrialTags.FileName), "paper");
        File.AppendAllText(Path.Combine(folder, "history.csv"), "9,9,9,9\n");
        var problems = new List<string>();
        var trials = KeptTrials.Read(SuiteFolders.Of(kept.Results), DateTimeOffset.Now, problems.Add);
        Assert.That(trials.Select(trial => trial.State), Does.Contain("done").And.Contain("diverged").And.Contain("interrupted"));
        Assert.That(problems.Single(), Does.Contain(TrialTags.FileName));
        var csv = TidyCsv.Write(trials, problems.Add);
        Assert.That(problems, Has.Count.EqualTo(2));
        Assert.That(problems[1], Does.Contain("history.csv"));
        Assert.That(csv, Does.Contain(kept.Made.Id("Softmax", 1)).And.Contain(",EER,"));
    }

    [Test]
    public void The_json_reads_back()
    {
        var json = SpecJson.Write(kept.Read().Select(trial => TrialJson.Of(trial, Assert.Fail)).ToList());
        var read = SpecJson.Read<List<TrialJson>>(json).Single(trial => trial.Loss == "Softmax");
        var result = kept.Of("Softmax", 1).Result!;
        Assert.That((read.Seconds, read.Commit, read.Figures.Count), Is.EqualTo((90.0, result.Provenance.Commit, result.Metrics.Count)));
        Assert.That(read.Settings["losses.type"], Is.EqualTo("Softmax"));
    }

    [Test]
    public void Suites_are_found_by_name_and_folder_and_a_slip_is_answered()
    {
        Assert.That(KeptTrials.Suites("made", kept.Results).Single().Name, Is.EqualTo("made"));
        Assert.That(KeptTrials.Suites(kept.Made.Store.Folder, "elsewhere").Single().Name, Is.EqualTo("made"));
        Assert.That(KeptTrials.Suites(kept.Results, "elsewhere").Single().Name, Is.EqualTo("made"));
        Assert.That(() => KeptTrials.Suites("mad", kept.Results), Throws.Exception.With.Message.Contains("did you mean made?"));
        Assert.That(() => KeptTrials.Suites(null, kept.Made.Store.Folder), Throws.Exception.With.Message.Contains("no results"));
    }

    [Test]
    public void Damaged_tags_are_named_and_the_trial_is_listed_without()
    {
        var all = kept.Read().Count;
        File.WriteAllText(Path.Combine(kept.Of("Softmax", 1).Folder, TrialTags.FileName), "no list");
        var said = new List<string>();
        Assert.That(KeptTrials.Read(SuiteFolders.Of(kept.Results), DateTimeOffset.UtcNow, said.Add), Has.Count.EqualTo(all));
        Assert.That(said.Single(), Does.StartWith("listed without its tags: ").And.Contain("tags.json: not a list of tags"));
    }
}
