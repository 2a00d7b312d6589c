using System.ComponentModel;
using System.Diagnostics;
using System.Text.RegularExpressions;

namespace Ablation.Experiments.Scheduling.Slurm;

/// <summary>What one of SLURM's commands printed.</summary>
public sealed record CommandAnswer(int Code, string Output, string Errors)
{
    /// <summary>What to show of an error: the command's own words, else its exit code.</summary>
    public string Problem => Errors.Trim() is { Length: > 0 } text ? text : $"exit code {Code} without a word";
}

/// <summary>SLURM's commands as they are on the PATH; nothing of SLURM is linked.</summary>
public static partial class SlurmCommands
{
    /// <summary>sbatch waits for a controller that restarts; a query that takes so long is of no use.</summary>
    private static readonly TimeSpan Patience = TimeSpan.FromMinutes(5);

    /// <summary>Submits a script; the job's id.</summary>
    /// <param name="after">Ids of jobs that have to end first, however they end.</param>
    /// <exception cref="IOException">sbatch is not there, refuses, or answers no id.</exception>
    public static string Submit(string script, IReadOnlyList<string> after)
    {
        var answer = Run("sbatch", Arguments(script, after));
        if (answer.Code != 0) throw new IOException($"sbatch refused {script}: {answer.Problem}");
        var id = JobId().Match(answer.Output.Trim()); // "12", or "12;cluster" where there are several
        return id.Success
            ? id.Groups[1].Value
            : throw new IOException(
                $"sbatch took {script} but answered \"{answer.Output.Trim()}\" in place of a job's id; look at squeue before you submit " +
                $"again");
    }

    /// <summary>The arguments of <see cref="Submit"/>.</summary>
    public static IReadOnlyList<string> Arguments(string script, IReadOnlyList<string> after) =>
        ["--parsable", .. after.Count > 0 ? [$"--dependency=afterany:{string.Join(':', after)}"] : (string[])[], script];

    /// <summary>Has sbatch look through a script without submitting it.</summary>
    /// <exception cref="IOException">sbatch is not there.</exception>
    public static CommandAnswer Test(string text) => Run("sbatch", ["--test-only"], text);

    /// <summary>Runs a command to its end.</summary>
    /// <exception cref="IOException">It is not there, or does not end.</exception>
    public static CommandAnswer Run(string program, IReadOnlyList<string> arguments, string input = "")
    {
        var start = new ProcessStartInfo(program, arguments)
        {
            RedirectStandardInput = true,
            RedirectStandardOutput = true,
            RedirectStandardError = true
        };
        using var process = Start(start);
        var (output, errors) = (process.StandardOutput.ReadToEndAsync(), process.StandardError.ReadToEndAsync());
        try
        {
            process.StandardInput.Write(input);
            process.StandardInput.Close();
        }
        catch (IOException)
        {
            // it ended without reading, which its exit code shows
        }

        if (process.WaitForExit(Patience)) return new CommandAnswer(process.ExitCode, output.Result, errors.Result);
        process.Kill(entireProcessTree: true);
        throw new IOException(
            $"{program} {string.Join(' ', arguments)}: no answer in {Patience.TotalMinutes} minutes; SLURM's controller may be down. If " +
            $"this was sbatch, look at squeue before you submit again");
    }

    private static Process Start(ProcessStartInfo start)
    {
        try
        {
            return Process.Start(start)!;
        }
        catch (Win32Exception e)
        {
            throw new IOException(
                $"{start.FileName}: could not be started ({e.Message}); run this where SLURM's commands are on the PATH, for example on " +
                $"a login node", e);
        }
    }

    [GeneratedRegex("^([0-9]+)(;.*)?$")]
    private static partial Regex JobId();
}
