using System.Reflection;
using System.Text;
using NUnit.Framework.Api;
using NUnit.Framework.Interfaces;
using NUnit.Framework.Internal;

namespace Ablation.Tests.Mutants;

/// <summary>Runs some fixtures in this process, without the test platform: a mutant then costs its tests and little more.</summary>
internal static class FixtureRun
{
    public const string Verb = "fixtures";

    private static readonly Dictionary<string, Type> Known =
        typeof(FixtureRun).Assembly.GetTypes().Where(type => type is { IsAbstract: false, IsNested: false } && HasTests(type))
            .ToDictionary(type => type.Name);

    /// <summary>Whether a class of this name has tests.</summary>
    public static bool Knows(string fixture) => Known.ContainsKey(fixture);

    /// <summary>Runs fixtures up to the first failure and writes its test's name into <paramref name="report"/>; nothing if all
    /// passed.</summary>
    /// <param name="fixtures">Names of classes, without namespaces.</param>
    /// <returns>0 where all passed, else 1.</returns>
    public static int Run(string report, IReadOnlyList<string> fixtures)
    {
        var chosen = fixtures.Select(name => Known[name].FullName!).Append(typeof(SetUp).FullName!).ToList();
        var runner = new NUnitTestAssemblyRunner(new DefaultTestAssemblyBuilder());
        runner.Load(typeof(FixtureRun).Assembly, new Dictionary<string, object>
        {
            ["LOAD"] = chosen,
            ["StopOnError"] = true,
            ["NumberOfTestWorkers"] = 0,
        });
        var failed = new List<ITestResult>();
        var result = runner.Run(new Listener(failed), TestFilter.Empty);
        var text = new StringBuilder();
        foreach (var one in failed)
            text.Append(one.Test.ClassName?.Split('.')[^1]).Append('.').Append(one.Test.MethodName).Append('\n').Append(one.Message).Append('\n');
        if (failed.Count == 0 && result.FailCount > 0) text.Append(result.Message).Append('\n');
        if (result.PassCount == 0 && text.Length == 0) text.Append("no test ran\n");
        File.WriteAllText(report, text.ToString());
        return text.Length == 0 ? 0 : 1;
    }

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
