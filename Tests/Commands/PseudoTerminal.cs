using Ablation.Harness.Native;
using Ablation.Tests.Terminal;

namespace Ablation.Tests.Commands;

/// <summary>The program in a pseudo-terminal, made by script(1) of Linux, and the screen that it leaves.</summary>
internal static class PseudoTerminal
{
    private const string Script = "/usr/bin/script";

    /// <summary>Runs the program to its end.</summary>
    /// <param name="variables">Set beside TERM=xterm-256color and a UTF-8 locale: "NO_COLOR=1".</param>
    /// <returns>Its exit code, what it wrote as it came, and the screen.</returns>
    public static (int Code, string Written, VirtualScreen Screen) Run(string folder, int width, string[] arguments,
        params string[] variables)
    {
        if (!OperatingSystem.IsLinux() || !File.Exists(Script)) Assert.Ignore("a pseudo-terminal is made by script(1) of Linux");
        string[] command = ["env", "TERM=xterm-256color", "LC_ALL=C.UTF-8", .. variables, .. Cli.Program(), .. arguments];
        var line = $"stty cols {width} rows 40; exec {string.Join(' ', command.Select(word => $"'{word}'"))}";
        var start = ChildProcess.Describe(Script, ["--quiet", "--return", "--command", line, "/dev/null"]);
        start.WorkingDirectory = folder;
        start.Environment.Remove("ABLATION_DATA");
        start.Environment.Remove("NO_COLOR");
        start.Environment["ABLATION_CACHE"] = Path.Combine(AppContext.BaseDirectory, "ablation-cache");
        using var process = ChildProcess.StartWithoutInput(start);
        var written = process.StandardOutput.ReadToEnd();
        Assert.That(process.WaitForExit(TimeSpan.FromMinutes(3)), "the program did not end");
        return (process.ExitCode, written, new VirtualScreen(width, 40).Write(written));
    }
}
