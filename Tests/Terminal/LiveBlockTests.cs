using Ablation.Experiments.Terminal;

namespace Ablation.Tests.Terminal;

/// <summary>The block at the end of a terminal, on a screen that interprets what is written.</summary>
[Parallelizable]
public sealed class LiveBlockTests
{
    private StringWriter written = null!;

    [SetUp]
    public void Make() => written = new StringWriter { NewLine = "\n" };

    [TearDown]
    public void Remove() => written.Dispose();

    [Test]
    public void A_block_is_drawn_in_place_and_lines_above_it_once()
    {
        var (screen, block) = (new VirtualScreen(20), new LiveBlock(written));
        block.Draw(["head"], ["a 1", "b 1"], 20);
        block.Draw(["done x"], ["a 2", "b 2", "c 2"], 20);
        block.Draw([], ["c 3"], 20);
        Assert.That(screen.Write(written.ToString()).Text, Is.EqualTo("head\ndone x\nc 3\n"));
        block.End(["end"], 20);
        Assert.That(new VirtualScreen(20).Write(written.ToString()).Text, Is.EqualTo("head\ndone x\nend\n"));
        Assert.That(written.ToString(), Does.Not.Contain("?25l"), "the cursor of a run that is killed would stay hidden");
    }

    [Test]
    public void A_row_of_full_width_keeps_its_last_letter_and_a_longer_one_is_cut()
    {
        var (screen, block) = (new VirtualScreen(5), new LiveBlock(written));
        block.Draw([], ["12345", "123456789"], 5);
        block.Draw([], ["54321", "987654321"], 5);
        Assert.That(screen.Write(written.ToString()).Text, Is.EqualTo("54321\n98765\n"));
        Assert.That(screen.HasWrapped, Is.False);
    }

    [Test]
    public void A_long_line_above_the_block_may_wrap()
    {
        var (screen, block) = (new VirtualScreen(5), new LiveBlock(written));
        block.Draw([], ["a", "b"], 5);
        block.Draw(["a long line"], ["a", "b"], 5);
        Assert.That(screen.Write(written.ToString()).Text, Is.EqualTo("a lon\ng lin\ne\na\nb\n"));
    }

    [Test]
    public void A_colour_takes_no_column()
    {
        var block = new LiveBlock(written);
        block.Draw([], [Ink.Of("12345", Ink.Green, true) + "678"], 6);
        Assert.That(new VirtualScreen(6).Write(written.ToString()).Text, Is.EqualTo("123456\n"));
    }

    /// <summary>What remains of the old rows would stand between the lines above and the block, or below it.</summary>
    [Test]
    public void Another_width_leaves_nothing_behind([Values] bool wrapsAgain, [Values(7, 10, 19, 20, 21, 60)] int width)
    {
        var (screen, block) = (new VirtualScreen(20, wrapsAgain: wrapsAgain), new LiveBlock(written, wrapsAgain));
        block.Draw(["above"], ["12345678901234567890", "a", "1234567890123456789", "b"], 20);
        screen.Write(written.ToString());
        written.GetStringBuilder().Clear();
        screen.Resize(width);
        block.Draw(["done"], ["x", "y"], width);
        Assert.That(screen.Write(written.ToString()).Text, Is.EqualTo("above\ndone\nx\ny\n"));
    }
}
