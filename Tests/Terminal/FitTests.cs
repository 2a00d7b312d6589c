using Ablation.Experiments.Terminal;

namespace Ablation.Tests.Terminal;

/// <summary>Text and tables within a number of columns.</summary>
[Parallelizable]
public sealed class FitTests
{
    private static readonly IReadOnlyList<FittedColumn> Columns =
    [
        new("name", ["NormalisedSoftmax", "Npt"]) { IsName = true },
        new("speed", ["174 img/s", "9 img/s"], 3) { IsRight = true },
        new("bar", ["", ""], 4) { Shares = [0.5, 1], Least = 4 },
        new("left", ["2.7 min", "41 s"]) { IsRight = true },
    ];

    [TestCase("NormalisedSoftmax", 17, ExpectedResult = "NormalisedSoftmax")]
    [TestCase("NormalisedSoftmax", 10, ExpectedResult = "Norma…tmax")]
    [TestCase("NormalisedSoftmax", 9, ExpectedResult = "Norm…tmax")]
    public string A_name_is_cut_in_the_middle(string name, int width) => Fit.Middle(name, width, true);

    [Test]
    public void The_end_of_a_line_is_cut() =>
        Assert.That((Fit.End("1234567", 5, true), Fit.End("1234567", 5, false), Fit.End("12345", 5, true)),
            Is.EqualTo(("1234…", "1234~", "12345")));

    [TestCase("error: a file is missing", 12, "error: a\n  file is\n  missing")]
    [TestCase("error: /a/long/path/of/a/file is", 12, "error:\n  /a/long/path/of/a/file\n  is")]
    [TestCase("  indented words", 11, "  indented\n  words")]
    [TestCase("exactly ten", 11, "exactly ten")]
    [TestCase("", 5, "")]
    public void Words_are_wrapped_and_never_cut(string line, int width, string wrapped) =>
        Assert.That(string.Join('\n', Fit.Wrap(line, width, 2)), Is.EqualTo(wrapped));

    [TestCase(60)]
    [TestCase(43)]
    public void A_bar_takes_what_is_free(int width)
    {
        var lines = FittedTable.Lines(Columns, width, true);
        Assert.That(lines[1], Has.Length.EqualTo(width));
        var bar = lines[1].Count(letter => letter is '█' or '░');
        Assert.That(bar, Is.EqualTo(width - 17 - 9 - 7 - 6));
        Assert.That(lines[1].Count(letter => letter == '█'), Is.EqualTo((int)Math.Round(bar / 2.0)));
        Assert.That(lines[2].Count(letter => letter == '█'), Is.EqualTo(bar));
    }

    [Test]
    public void The_bar_goes_first_then_the_speed_then_the_middle_of_a_name()
    {
        Assert.That(FittedTable.Lines(Columns, 42, true)[1], Is.EqualTo("NormalisedSoftmax  174 img/s  2.7 min"));
        Assert.That(FittedTable.Lines(Columns, 36, true)[1], Is.EqualTo("NormalisedSoftmax  2.7 min"));
        Assert.That(FittedTable.Lines(Columns, 20, true), Is.EqualTo(new[]
        {
            $"{"name",-11}  {"left",7}", "Norma…ftmax  2.7 min", $"{"Npt",-11}  {"41 s",7}",
        }));
    }

    [Test]
    public void A_text_is_cut_before_anything_is_left_out() =>
        Assert.That(FittedTable.Lines(
            [new("n", ["a"]), new("k", ["7"], 1), new("text", [new string('x', 50)]) { IsText = true }], 30, true)[1],
            Is.EqualTo($"a  7  {new string('x', 23)}…"));

    [Test]
    public void No_line_is_longer_than_the_terminal_is_wide([Range(8, 70)] int width) =>
        Assert.That(FittedTable.Lines(Columns, width, true).Select(line => line.Length), Is.All.LessThanOrEqualTo(width));

    [Test]
    public void Two_texts_share_a_line_where_they_can()
    {
        Assert.That(Fit.Ends("left", "right", 12), Is.EqualTo(new[] { "left   right" }));
        Assert.That(Fit.Ends("left", "right", 20), Is.EqualTo(new[] { $"left{"right",16}" }));
        Assert.That(Fit.Ends("left", "right", 11), Is.EqualTo(new[] { "left", "    right" }));
    }
}
