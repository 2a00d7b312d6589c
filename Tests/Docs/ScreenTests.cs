namespace Ablation.Tests.Docs;

/// <summary>Screens in the documentation are those of the program.</summary>
public sealed class ScreenTests
{
    [TestCase("docs/overnight.md", "Screen_of_a_run_80")]
    public void A_screen_is_the_one_that_a_test_compares(string page, string screen)
    {
        var golden = File.ReadAllText(Path.Combine(Repository.Root, "Tests", "Golden", screen + ".txt")).ReplaceLineEndings("\n");
        Assert.That(Pages.Blocks(page, "text").Select(block => block.TrimEnd('\n')), Has.Exactly(1).EqualTo(golden.TrimEnd('\n')));
    }
}
