using Ablation.Experiments.Commands;
using Ablation.Experiments.Terminal;

namespace Ablation.Tests.Commands;

/// <summary>How an error stands on the screen.</summary>
public sealed class ErrorTextTests
{
    private static readonly TerminalLook Narrow = new(40, 24, true, false, true);

    [Test]
    public void The_line_of_the_file_stands_below_with_the_word_marked()
    {
        using var folder = new TemporaryFolder();
        File.WriteAllText(folder.File("own.jsonc"), "{\n  \"losses\": [{ \"type\": \"ArcFaec\" }]\n}\n");
        Assert.That(Lines($"{folder.File("own.jsonc")}(2,24): unknown loss; did you mean ArcFace?", TerminalLook.OfFile), Is.EqualTo(new[]
        {
            $"error: {folder.File("own.jsonc")}(2,24): unknown loss; did you mean ArcFace?",
            "  2 |   \"losses\": [{ \"type\": \"ArcFaec\" }]",
            "    |                        ~~~~~~~~~",
        }));
    }

    [Test]
    public void A_long_line_is_shown_from_near_its_word_on([Values(20, 40, 80)] int width)
    {
        using var folder = new TemporaryFolder();
        File.WriteAllText(folder.File("a"), new string('x', 300) + " 12345 " + new string('y', 300));
        var lines = Lines($"{folder.File("a")}(1,302): no", Narrow with { Width = width })[^2..];
        Assert.That(lines.Select(line => line.Length), Is.All.LessThanOrEqualTo(width));
        Assert.That(lines[0].Substring(lines[1].IndexOf('~', StringComparison.Ordinal), 5), Is.EqualTo("12345"));
        Assert.That(lines[1].Count(letter => letter == '~'), Is.EqualTo(5));
    }

    [Test]
    public void Words_are_wrapped_and_each_problem_begins_anew() =>
        Assert.That(Lines("--seeds: a long message that needs lines\nsecond\n  of the second", Narrow), Is.EqualTo(new[]
        {
            "error: --seeds: a long message that", "  needs lines", "error: second", "  of the second",
        }));

    [TestCase("nowhere.jsonc(3,4): gone")]
    [TestCase("a message (with 1,2): nothing")]
    public void A_place_that_cannot_be_shown_leaves_the_message(string message) =>
        Assert.That(Lines(message, TerminalLook.OfFile), Is.EqualTo(new[] { $"error: {message}" }));

    private static string[] Lines(string message, TerminalLook look) => [.. ErrorText.Lines(message, look)];
}
