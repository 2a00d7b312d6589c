using System.Reflection;
using System.Text;
using NUnit.Framework.Api;
using NUnit.Framework.Interfaces;
using NUnit.Framework.Internal;

namespace Ablation.Tests.Mutants;

/// <summary>Runs fixtures in this process, without the test platform, which saves its start-up time per mutant.</summary>
internal static class FixtureRun
{
    public const string Verb = "fixtures";

    private const string Slow = "Slow";
    private const string NotSlow = $"<filter><not><cat>{Slow}</cat></not></filter>";

    private static readonly Dictionary<string, Type> Known =
        typeof(FixtureRun).Assembly.GetTypes().Where(type => type is { IsAbstract: false, IsNested: false } && HasTests(type))
            .ToDictionary(type => type.Name);

    /// <summary>Returns whether a class of this name has tests.</summary>
    public static bool Knows(string fixture) => Known.ContainsKey(fixture);

    /// <summary>Runs fixtures up to the first failure and writes that test's name into <paramref name="report"/>; nothing if all
    /// passed.</summary>
    /// <param name="fixtures">Names of classes, without namespaces.</param>
    /// <returns>0 if all passed, else 1.</returns>
    public static int Run(string report, IReadOnlyList<string> fixtures)
    {
        var (text, passed) = (new StringBuilder(), 0);
        // slow tests are left out, unless the whole class is slow
        foreach (var group in fixtures.Select(name => Known[name]).GroupBy(IsSlow).OrderBy(group => group.Key))
            if (text.Length == 0) passed += Run([.. group], group.Key ? TestFilter.Empty : TestFilter.FromXml(NotSlow), text);
        if (passed == 0 && text.Length == 0) text.Append("no test ran\n");
        File.WriteAllText(report, text.ToString());
        return text.Length == 0 ? 0 : 1;
    }

    /// <returns>The number of passed tests.</returns>
    private static int Run(IReadOnlyList<Type> fixtures, TestFilter filter, StringBuilder failures)
    {
        var runner = new NUnitTestAssemblyRunner(new DefaultTestAssemblyBuilder());
        runner.Load(typeof(FixtureRun).Assembly, new Dictionary<string, object>
        {
            ["LOAD"] = fixtures.Append(typeof(SetUp)).Select(fixture => fixture.FullName!).ToList(),
            ["StopOnError"] = true,
            ["NumberOfTestWorkers"] = 0,
        });
        var failed = new List<ITestResult>();
        var result = runner.Run(new Listener(failed), filter);
        foreach (var one in failed)
            failures.Append($"{one.Test.ClassName?.Split('.')[^1]}.{one.Test.MethodName}\n{one.Message}\n");
        if (failed.Count == 0 && result.FailCount > 0) failures.Append(result.Message).Append('\n');
        return result.PassCount;
    }

    private static bool IsSlow(Type fixture) =>
        fixture.GetCustomAttributes<NUnit.Framework.CategoryAttribute>().Any(category => category.Name == Slow);

    private static bool HasTests(Type type) =>
        type.GetMethods(BindingFlags.Instance | BindingFlags.Static | BindingFlags.Public)
            .Any(method => method.GetCustomAttributes().Any(attribute => attribute is ITestBuilder or ISimpleTestBuilder));

    private sealed class Listener(List<ITestResult> failed) : ITestListener
    {
        public void TestFinished(ITestResult result)
        {
            if (!result.HasChildren && result.ResultState.Status == TestStatus.Failed) failed.Add(result);
        }

        public void TestStarted(ITest test)
        {
        }

        public void TestOutput(TestOutput output)
        {
        }

        public void SendMessage(TestMessage message)
        {
        }
    }
}
