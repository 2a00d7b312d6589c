using NUnit.Framework.Api;
using NUnit.Framework.Interfaces;
using NUnit.Framework.Internal;

namespace Ablation.Tests;

/// <summary>
/// Runs the tests in this process, for systems without an SDK and so without dotnet test: <c>Tests.exe run [Slow|Faults]</c> runs a
/// category, without one what dotnet test runs by default. The last line has the counts.
/// </summary>
internal static class WholeRun
{
    public const string Verb = "run";

    private static readonly string[] NotByDefault = ["Slow", "Faults", "Stress"];

    /// <returns>0 if all passed, else 1.</returns>
    public static int Run(IReadOnlyList<string> arguments)
    {
        var left = NotByDefault.Except(arguments).Concat(Wine.IsHere ? [Wine.Category] : (string[])[]).ToList();
        var wanted = arguments.Where(NotByDefault.Contains).ToList();
        var names = arguments.Except(NotByDefault).ToList(); // of classes
        string[] terms =
        [
            .. left.Select(category => $"<not><cat>{category}</cat></not>"),
            .. wanted.Select(category => $"<cat>{category}</cat>"),
            .. names.Count > 0 ? [$"<or>{string.Concat(names.Select(name => $"<class re='1'>{name}</class>"))}</or>"] : (string[])[],
        ];
        var runner = new NUnitTestAssemblyRunner(new DefaultTestAssemblyBuilder());
        runner.Load(typeof(WholeRun).Assembly, new Dictionary<string, object> { ["NumberOfTestWorkers"] = Environment.ProcessorCount });
        var filter = $"<filter><and>{string.Concat(terms)}</and></filter>";
        var result = runner.Run(new Listener(), TestFilter.FromXml(filter));
        var broken = Wine.IsHere ? Wine.Broken().ToList() : [];
        foreach (var (test, reason) in broken) Console.WriteLine($"skipped\tWine: {reason}\t{test}");
        var skipped = result.SkipCount + broken.Count;
        Console.WriteLine($"Passed: {result.PassCount}, Failed: {result.FailCount}, Skipped: {skipped}, {result.Duration:F0} s");
        return result.FailCount == 0 && result.PassCount > 0 ? 0 : 1;
    }

    private sealed class Listener : ITestListener
    {
        public void TestFinished(ITestResult result)
        {
            if (result.ResultState.Status is TestStatus.Failed && (!result.HasChildren || result.ResultState.Site != FailureSite.Child))
                Console.WriteLine($"FAILED {result.Test.FullName}\n{result.Message}\n{result.StackTrace}");
            else if (!result.HasChildren && result.ResultState.Status is TestStatus.Skipped)
                Console.WriteLine($"skipped\t{result.Message}\t{result.Test.FullName}");
        }

        public void TestStarted(ITest test)
        {
            if (Environment.GetEnvironmentVariable("ABLATION_TEST_NAMES") == "1" && !test.HasChildren)
                Console.WriteLine($"{DateTime.Now:HH:mm:ss} {test.FullName}");
        }

        public void TestOutput(TestOutput output)
        {
        }

        public void SendMessage(TestMessage message)
        {
        }
    }
}
