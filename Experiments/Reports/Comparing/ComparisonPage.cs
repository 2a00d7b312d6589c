using Ablation.Experiments.Reports.Tables;

namespace Ablation.Experiments.Reports.Comparing;

/// <summary>Puts a comparison of two suites in order: the answer first, then its tables, then settings, then every measure.</summary>
internal sealed record ComparisonPage(SideBySide Both, SuiteAnswer Answer, IReadOnlyList<ChangedSetting> Settings,
    IReadOnlyList<ChangedSetting> Origins)
{
    public static ComparisonPage Of(SideBySide both)
    {
        var settings = ChangedSettings.Between(both.A, both.B);
        return new ComparisonPage(both, ComparisonAnswer.Build(both, settings), settings, ChangedSettings.Origins(both.A, both.B));
    }

    public string Title => $"{Both.A.Name} and {Both.B.Name}";

    private IEnumerable<ComparedTest> Compared => Both.Tests.Where(test => test.Headline is not null);

    /// <summary>Returns the page: with forests, and terms explained.</summary>
    public Document Page() => new(Title,
    [
        new AnswerHead($"{Title} · two suites side by side", Question, Answer, [.. Facts()], [.. Warnings().Select(text => (text, ""))]),
        .. Both.Tests.SelectMany(test => (IEnumerable<Block>)[new Heading(3, test.Place),
            test.Headline is null ? new Note(test.Problem!) : ChangeTables.Drawn(Both, test)]),
        .. SettingBlocks(),
        .. Section("How sure", Compared.Select(test => ChangeTables.Judged(Both, test))),
        .. Section("All measures", Compared.Select(test => ChangeTables.Measures(Both, test))),
        new Heading(2, "Glossary"), new GlossaryList(Term.All),
    ])
    { Losses = Both.Losses };

    /// <summary>Returns the same as text.</summary>
    public Document Text() => new(Title,
    [
        new Paragraph(Question), new Statement(Answer.Text),
        .. Facts().Select(fact => new Paragraph($"{fact.Label}: {fact.Text}")), .. Warnings().Select(text => new Note(text)),
        .. Both.Tests.SelectMany(test => (IEnumerable<Block>)[new Heading(2, test.Place),
            test.Headline is null ? new Note(test.Problem!) : new TableBlock(ChangeTables.Judged(Both, test))]),
        .. SettingBlocks(),
        .. Section("All measures", Compared.Select(test => ChangeTables.Measures(Both, test))),
    ])
    { Losses = Both.Losses };

    private string Question => $"What changes from {Both.A.Name} to {Both.B.Name}?";

    private IEnumerable<Block> SettingBlocks() =>
    [
        new Heading(2, "What was set differently"),
        Settings.Count == 0 ? new Paragraph("Nothing: the trials of both sides have the same settings, tests, losses and seeds.")
            : new TableBlock(ChangeTables.Settings(Both, "All values that the trials of a side have; what is not listed is the same.",
                Settings)),
        Origins.Count == 0 ? new Paragraph("The same program, machine and libraries made both.")
            : new TableBlock(ChangeTables.Settings(Both, "What the trials were made with, where it differs.", Origins)),
    ];

    private static IEnumerable<Block> Section(string title, IEnumerable<TextTable> tables)
    {
        var blocks = tables.Select(table => new TableBlock(table)).ToList();
        return blocks.Count == 0 ? [] : [new Heading(2, title), .. blocks];
    }

    private IEnumerable<(string Label, string Text)> Facts()
    {
        foreach (var side in new[] { Both.A, Both.B })
            yield return (side.Name, $"has {side.Trials.All.Count} of {side.Planned} trials of trained networks, commit " +
                $"{string.Join(", ", side.Commits)}.");
        var pairs = CommonTrials().ToList();
        if (pairs.Count == 0) yield break;
        var alike = pairs.Count(both => both.A.Result!.Pairing with { Batches = null } == both.B.Result!.Pairing with { Batches = null });
        yield return ("Paired", $"by seed: {pairs.Count} pairs of trials; {alike} of them began with the same weights and proxies" +
            (alike == pairs.Count ? "." : ", the others have a seed in common and no more."));
    }

    /// <summary>Returns trials of one loss and seed, in conditions that stand beside each other.</summary>
    private IEnumerable<(StoredTrial A, StoredTrial B)> CommonTrials() => PairedConditions.Of(Both.A, Both.B).Pairs
        .SelectMany(pair => Both.Losses.SelectMany(loss => Both.A.Trials.Of(pair.A, loss).Join(Both.B.Trials.Of(pair.B, loss),
            trial => trial.Plan.Spec.Seed, trial => trial.Plan.Spec.Seed, (a, b) => (a, b))));

    private IEnumerable<string> Warnings()
    {
        foreach (var side in new[] { Both.A, Both.B })
        {
            if (side.Trials.All.Count < side.Planned)
                yield return $"{side.Name} is not finished: {side.Planned - side.Trials.All.Count} of its trials are missing.";
        }

        if (Both.OnlyA.Count > 0) yield return $"Only {Both.A.Name} has {string.Join(", ", Both.OnlyA)}.";
        if (Both.OnlyB.Count > 0) yield return $"Only {Both.B.Name} has {string.Join(", ", Both.OnlyB)}.";
        foreach (var note in Both.Notes) yield return note;
    }
}
