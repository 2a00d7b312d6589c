using Ablation.Experiments.Commands;
using Ablation.Experiments.Suites;
using Ablation.Experiments.Terminal;

namespace Ablation.Tests.Commands;

/// <summary>The overview of list, its sections, and one name in full.</summary>
public sealed class ListCommandTests
{
    [Test]
    public void Every_line_fits([Values(40, 60, 80, 120, 200)] int width,
        [Values(null, "suites", "losses", "tests", "ArcFace")] string? what) =>
        Assert.That(Lines(what, width).Select(line => line.Length), Is.All.LessThanOrEqualTo(width));

    [Test]
    public void The_overview_has_every_suite_and_every_section()
    {
        var lines = Lines(null, 200);
        Assert.That(SuiteFile.Shipped, Is.SubsetOf(string.Join(' ', lines).Split(' ')));
        var begun = Catalogue.Sections.Where(section => lines.Exists(line => line.StartsWith(section, StringComparison.Ordinal)));
        Assert.That(begun, Is.EqualTo(Catalogue.Sections));
    }

    [Test]
    public void A_suite_is_one_line_with_its_trials() =>
        Assert.That(Lines("suites", 80), Has.Exactly(1).Match(@"^  quick +21  Do six losses, .*…$"));

    [Test]
    public void A_name_is_shown_with_its_options() =>
        Assert.That(Lines("arcface", 200), Has.Some.Match(@"^  ArcFace +\S").And.Some.Match(@"^    marginRadians +.*default 0\.5, in \["));

    [Test]
    public void An_unknown_name_is_answered_with_a_near_one() =>
        Assert.That(() => Lines("ArcFaec", 80), Throws.ArgumentException.With.Message.EqualTo(
            "list ArcFaec: no such name; did you mean ArcFace? ablation list shows all"));

    private static List<string> Lines(string? what, int width) =>
        [.. ListCommand.Lines(what, new TerminalLook(width, 24, false, false, true))];
}
