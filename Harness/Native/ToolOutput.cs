using System.ComponentModel;
using System.Diagnostics;

namespace Ablation.Harness.Native;

/// <summary>What another program prints.</summary>
internal static class ToolOutput
{
    /// <summary>
    /// Its standard output, trimmed; null where it is not there, takes longer than <paramref name="patience"/> or ends with an error.
    /// </summary>
    public static string? Run(string program, IEnumerable<string> arguments, TimeSpan patience, string? folder = null)
    {
        try
        {
            using var tool = Process.Start(new ProcessStartInfo(program, arguments)
            {
                WorkingDirectory = folder ?? "",
                RedirectStandardOutput = true,
                RedirectStandardError = true,
            });
            var (text, errors) = (tool!.StandardOutput.ReadToEndAsync(), tool.StandardError.ReadToEndAsync());
            if (Task.WaitAll([text, errors], patience) && tool.WaitForExit(patience)) return tool.ExitCode == 0 ? text.Result.Trim() : null;
            tool.Kill(entireProcessTree: true);
            return null;
        }
        catch (Exception e) when (e is Win32Exception or InvalidOperationException or IOException)
        {
            return null; // not on this machine
        }
    }
}
