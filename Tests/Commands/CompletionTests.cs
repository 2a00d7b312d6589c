using Ablation.Harness.Native;
using Ablation.Tests.Keeping;

namespace Ablation.Tests.Commands;

/// <summary>The Tab key completes what the program knows, in a real bash with the script sourced.</summary>
[Category("Slow")]
[Parallelizable]
public sealed class CompletionTests
{
    [TestCase("ru", "run")]
    [TestCase("run quick-t", "quick-tune")]
    [TestCase("run quick --losses Arc", "ArcFace")]
    [TestCase("run quick --when", "--when-done")]
    [TestCase("run quick --device cp", "cpu")]
    [TestCase("trials mad", "made")]
    [TestCase("delete --where lo", "loss=")]
    [Platform(Exclude = "Win", Reason = "bash")]
    public void Bash_completes_what_the_program_knows(string typed, string expected)
    {
        using var kept = new KeptSuites();
        Assert.That(Bash(typed, kept), Is.EqualTo(new[] { expected }));
    }

    [Test]
    [Platform(Exclude = "Win", Reason = "bash")]
    public void Bash_completes_the_ids_of_the_results()
    {
        using var kept = new KeptSuites();
        var id = kept.Made.Id("Softmax", 1);
        Assert.That(Bash($"compare {id[..5]}", kept), Is.EqualTo(new[] { id }));
        Assert.That(Bash($"delete {id[..5]}", kept), Is.EqualTo(new[] { id }));
        Assert.That(Bash("", kept), Does.Contain("run").And.Contain("trials").And.Contain("import"));
        Assert.That(Bash("run no-such-suite-at-", kept), Is.Empty);
    }

    [Test]
    public void Every_shell_has_a_script([Values("bash", "zsh", "fish", "powershell")] string shell)
    {
        var (code, output, _) = Cli.Run(".", "completion", shell);
        Assert.That(code, Is.Zero);
        Assert.That(output, Does.Contain("suggest:"));
    }

    [Test]
    public void An_unknown_shell_is_an_error() => Assert.That(Cli.Run(".", "completion", "csh").Code, Is.EqualTo(2));

    private static string[] Bash(string typed, KeptSuites kept)
    {
        // a folder called "results", as the program looks there
        Directory.CreateSymbolicLink(Path.Combine(kept.Results, "results"), kept.Results);
        try
        {
            var words = $"ablation {typed}";
            var script = $$"""
                ablation() { {{string.Join(' ', Cli.Program().Select(part => $"'{part}'"))}} "$@"; }
                eval "$(ablation completion bash)"
                COMP_LINE='{{words}}' COMP_POINT={{words.Length}}
                read -r -a COMP_WORDS <<< "$COMP_LINE"
                case "$COMP_LINE" in *' ') COMP_WORDS+=('') ;; esac
                COMP_CWORD=$((${#COMP_WORDS[@]} - 1))
                compopt() { :; }
                _ablation
                printf '%s\n' "${COMPREPLY[@]}"
                """;
            var start = ChildProcess.Describe("bash", ["--norc", "-c", script]);
            start.WorkingDirectory = kept.Results;
            using var process = ChildProcess.StartWithoutInput(start);
            var errors = process.StandardError.ReadToEndAsync();
            var output = process.StandardOutput.ReadToEnd();
            process.WaitForExit();
            Assert.That(errors.Result, Is.Empty);
            return [.. output.Split('\n', StringSplitOptions.RemoveEmptyEntries).Distinct()]; // as bash shows them
        }
        finally
        {
            Directory.Delete(Path.Combine(kept.Results, "results"));
        }
    }
}
