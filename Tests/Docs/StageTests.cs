using System.Reflection;

namespace Ablation.Tests.Docs;

/// <summary>Every category that a plain dotnet test leaves out has a stage, and the page names it.</summary>
public sealed class StageTests
{
    private static readonly string[] Known = ["Slow", "Faults", "Stress"];

    private static IEnumerable<string> Categories() => typeof(StageTests).Assembly.GetTypes()
        .SelectMany(type => type.GetMethods().Cast<MemberInfo>().Append(type))
        .SelectMany(member => member.GetCustomAttributes<CategoryAttribute>()).Select(category => category.Name).Distinct();

    [Test]
    public void Every_category_is_left_out_of_the_plain_run_and_has_a_stage()
    {
        Assert.That(Categories().Except([Wine.Category]), Is.SubsetOf(Known).And.Contains("Slow").And.Contains("Faults"));
        var (ci, project, page) = (Text(".ci/run"), Text("Tests/Tests.csproj"), Text("docs/testing.md"));
        foreach (var category in Known)
        {
            Assert.That(ci, Does.Contain($"--filter \"TestCategory={category}\""));
            Assert.That(project, Does.Contain($"TestCategory!={category}"));
            Assert.That(page, Does.Contain($"TestCategory={category}"));
        }
    }

    [Test]
    public void Every_test_that_Wine_breaks_says_why() =>
        Assert.That(Wine.Broken(), Is.Not.Empty.And.All.Matches<(string Test, string Reason)>(test => test.Reason.Length > 20));

    [Test]
    public void A_filter_on_the_command_line_replaces_the_default() =>
        Assert.That(Text("Tests/Tests.csproj"), Does.Contain("Condition=\"'$(VSTestTestCaseFilter)' == ''\""));

    private static string Text(string file) => File.ReadAllText(Path.Combine(Repository.Root, file));
}
