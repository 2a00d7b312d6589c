using System.Management.Automation;
using System.Management.Automation.Language;
using System.Management.Automation.Runspaces;
using Ablation.Experiments.Commands;

namespace Ablation.Tests.Scripts;

/// <summary>run-all.ps1 in a real PowerShell runspace, with a fake dotnet that records its calls.</summary>
[Category("Slow")]
public sealed class RunAllTests
{
    private static readonly string Script = Path.Combine(Repository.Root, "run-all.ps1");

    [Test]
    public void It_parses_and_has_the_parameters_of_the_readme()
    {
        var ast = Parser.ParseFile(Script, out _, out var errors);
        Assert.That(errors, Is.Empty);
        Assert.That(ast.ParamBlock.Parameters.Select(parameter => parameter.Name.VariablePath.UserPath),
            Is.EqualTo(new[] { "Suite", "Device", "Data", "Results", "Seeds", "SkipTests" }));
    }

    [Test]
    public void It_builds_tests_and_runs_the_suites_in_order()
    {
        var calls = Run(call => 0,
            new()
            {
                ["Suite"] = new[] { "quick", "smoke" },
                ["Device"] = "cpu",
                ["Data"] = "faces",
                ["Results"] = "out",
                ["Seeds"] = new[] { 1, 2 }
            }, out var error);
        Assert.That(error, Is.Null);
        Assert.That(calls.Select(call => call[0]), Is.EqualTo(new[] { "build", "test", "run", "run" }));
        foreach (var (call, suite) in calls.Skip(2).Zip(["quick", "smoke"]))
        {
            var parsed = AblationCommand.Build().Parse([.. call.SkipWhile(word => word != "--").Skip(1)]);
            Assert.That(parsed.Errors, Is.Empty);
            Assert.That(parsed.GetValue<string>("suite"), Is.EqualTo(suite));
            Assert.That(parsed.GetValue<string>("--device"), Is.EqualTo("cpu"));
            Assert.That(parsed.GetValue<DirectoryInfo>("--data")!.Name, Is.EqualTo("faces"));
            Assert.That(parsed.GetValue<DirectoryInfo>("--results")!.Name, Is.EqualTo("out"));
            Assert.That(parsed.GetValue<int[]>("--seeds"), Is.EqualTo(new[] { 1, 2 }));
        }
    }

    [Test, Description("powershell -File passes a list as one text, which PowerShell would read as the number 123")]
    public void Lists_may_come_as_one_text()
    {
        var calls = Run(call => 0, new() { ["Suite"] = "quick,smoke", ["Seeds"] = "1,2, 3", ["SkipTests"] = true }, out var error);
        Assert.That(error, Is.Null);
        Assert.That(calls.Skip(1).Select(call => call[Array.IndexOf(call, "--") + 2]), Is.EqualTo(new[] { "quick", "smoke" }));
        Assert.That(calls[^1][^4..], Is.EqualTo(new[] { "--seeds", "1", "2", "3" }));
    }

    [Test]
    public void A_seed_that_is_no_number_is_refused_before_the_build()
    {
        Assert.That(Run(call => 0, new() { ["Seeds"] = "1;2" }, out var error), Is.Empty);
        Assert.That(error, Does.Contain("-Seeds 1;2: not a whole number"));
    }

    [Test, Description("Windows PowerShell 5.1 quotes \"D:\\my faces\\\" so that the program would read a quote")]
    public void A_folder_with_blanks_may_end_in_a_backslash()
    {
        var call = Run(call => 0, new() { ["Data"] = @"D:\my faces\", ["Results"] = @"D:\", ["SkipTests"] = true }, out _)[^1];
        Assert.That(call[Array.IndexOf(call, "--data") + 1], Is.EqualTo(@"D:\my faces\\"));
        Assert.That(call[Array.IndexOf(call, "--results") + 1], Is.EqualTo(@"D:\"));
    }

    [Test]
    public void It_has_only_syntax_and_letters_of_Windows_PowerShell_5()
    {
        var ast = Parser.ParseFile(Script, out var tokens, out _);
        TokenKind[] later = [TokenKind.QuestionMark, TokenKind.QuestionQuestion, TokenKind.QuestionQuestionEquals, TokenKind.QuestionDot,
            TokenKind.QuestionLBracket, TokenKind.AndAnd, TokenKind.OrOr, TokenKind.Clean];
        Assert.That(tokens.Where(token => later.Contains(token.Kind)).Select(token => token.Text), Is.Empty);
        Assert.That(ast.FindAll(one => one is TernaryExpressionAst or PipelineChainAst, searchNestedScriptBlocks: true), Is.Empty);
        Assert.That(File.ReadAllText(Script).All(char.IsAscii), "5.1 reads a file without a mark in the code page of the system");
    }

    [Test]
    public void Without_arguments_it_runs_quick_with_the_suites_seeds()
    {
        var calls = Run(call => 0, [], out _);
        Assert.That(calls, Has.Count.EqualTo(3));
        var parsed = AblationCommand.Build().Parse([.. calls[2].SkipWhile(word => word != "--").Skip(1)]);
        Assert.That(parsed.Errors, Is.Empty);
        Assert.That(parsed.GetValue<string>("suite"), Is.EqualTo("quick"));
        Assert.That(parsed.GetValue<int[]>("--seeds"), Is.Null.Or.Empty);
        Assert.That(parsed.GetValue<DirectoryInfo>("--results")!.FullName, Is.EqualTo(Path.Combine(Repository.Root, "results")));
    }

    [Test]
    public void SkipTests_skips_only_the_tests() =>
        Assert.That(Run(call => 0, new() { ["SkipTests"] = true }, out _).Select(call => call[0]), Is.EqualTo(new[] { "build", "run" }));

    [TestCase("build", "build failed with exit code 7")]
    [TestCase("test", "test failed with exit code 7")]
    [TestCase("run", "suite quick failed with exit code 7")]
    public void It_stops_at_the_first_failing_command_with_its_name_and_exit_code(string failing, string message)
    {
        var calls = Run(call => call[0] == failing ? 7 : 0, new() { ["Suite"] = new[] { "quick", "smoke" } }, out var error);
        Assert.That(error, Does.Contain(message));
        Assert.That(calls[^1][0], Is.EqualTo(failing));
        Assert.That(calls.Count(call => call[0] == failing), Is.EqualTo(1));
    }

    private static List<string[]> Run(Func<string[], int> exitCode, Dictionary<string, object> parameters, out string? error)
    {
        var calls = new List<string[]>();
        Func<object[], int> note = words =>
        {
            var call = words.Select(word => word.ToString()!).ToArray();
            calls.Add(call);
            return exitCode(call);
        };
        var session = InitialSessionState.CreateDefault2();
        if (OperatingSystem.IsWindows()) session.ExecutionPolicy = Microsoft.PowerShell.ExecutionPolicy.Bypass;
        using var runspace = RunspaceFactory.CreateRunspace(session);
        runspace.Open();
        runspace.SessionStateProxy.SetVariable("note", note);
        using var shell = PowerShell.Create(runspace);
        // a native command gets an array argument as its elements, a function as one array: flatten it
        shell.AddScript("function dotnet { $global:LASTEXITCODE = $global:note.Invoke(@($args | ForEach-Object { $_ })) }",
            useLocalScope: false).Invoke();
        shell.Commands.Clear();
        error = null;
        try
        {
            shell.AddCommand(Script).AddParameters(parameters).Invoke();
        }
        catch (RuntimeException stopped)
        {
            error = stopped.Message;
        }

        return calls;
    }
}
