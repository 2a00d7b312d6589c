using System.ComponentModel;

namespace Ablation.Harness.Native;

/// <summary>Runs another program for its output.</summary>
internal static class ToolOutput
{
    /// <summary>Returns its standard output, trimmed; null if it is missing, fails, or exceeds <paramref name="timeout"/>.</summary>
    public static string? Run(string program, IEnumerable<string> arguments, TimeSpan timeout, string? folder = null)
    {
        try
        {
            var start = ChildProcess.Describe(program, arguments);
            start.WorkingDirectory = folder ?? "";
            using var tool = ChildProcess.StartWithoutInput(start);
            var (text, errors) = (tool.StandardOutput.ReadToEndAsync(), tool.StandardError.ReadToEndAsync());
            if (Task.WaitAll([text, errors], timeout) && tool.WaitForExit(timeout)) return tool.ExitCode == 0 ? text.Result.Trim() : null;
            tool.Kill(entireProcessTree: true);
            return null;
        }
        catch (Exception e) when (e is Win32Exception or InvalidOperationException or IOException)
        {
            return null; // not on this machine
        }
    }
}
