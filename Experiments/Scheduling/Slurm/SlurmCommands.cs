using System.ComponentModel;
using System.Diagnostics;
using System.Text.RegularExpressions;
using Ablation.Harness.Native;

namespace Ablation.Experiments.Scheduling.Slurm;

/// <summary>Exit code and output of a SLURM command.</summary>
public sealed record CommandAnswer(int Code, string Output, string Errors)
{
    /// <summary>The command's error message, or its exit code if it printed none.</summary>
    public string Problem => Errors.Trim() is { Length: > 0 } text ? text : $"exit code {Code} without a word";
}

/// <summary>Runs SLURM's commands from the PATH; no SLURM library is linked.</summary>
public static partial class SlurmCommands
{
    /// <summary>Long enough for sbatch to wait for a restarting controller.</summary>
    private static readonly TimeSpan Patience = TimeSpan.FromMinutes(5);

    /// <summary>Submits a script and returns the job's id.</summary>
    /// <param name="after">Ids of jobs that must end first, successfully or not.</param>
    /// <exception cref="IOException">sbatch is missing, refuses, or prints no id.</exception>
    public static string Submit(string script, IReadOnlyList<string> after)
    {
        var answer = Run("sbatch", Arguments(script, after));
        if (answer.Code != 0) throw new IOException($"sbatch refused {script}: {answer.Problem}");
        var id = JobId().Match(answer.Output.Trim()); // "12", or "12;cluster" if there are several clusters
        return id.Success
            ? id.Groups[1].Value
            : throw new IOException(
                $"sbatch took {script} but printed \"{answer.Output.Trim()}\" in place of a job's id; check squeue before you submit " +
                $"again");
    }

    /// <summary>The arguments of <see cref="Submit"/>.</summary>
    public static IReadOnlyList<string> Arguments(string script, IReadOnlyList<string> after) =>
        ["--parsable", .. after.Count > 0 ? [$"--dependency=afterany:{string.Join(':', after)}"] : (string[])[], script];

    /// <summary>Lets sbatch check a script without submitting it.</summary>
    /// <exception cref="IOException">sbatch is missing.</exception>
    public static CommandAnswer Test(string text) => Run("sbatch", ["--test-only"], text);

    /// <summary>Runs a command to its end.</summary>
    /// <exception cref="IOException">The command is missing or does not end.</exception>
    public static CommandAnswer Run(string program, IReadOnlyList<string> arguments, string input = "")
    {
        using var process = Start(ChildProcess.Describe(program, arguments));
        var (output, errors) = (process.StandardOutput.ReadToEndAsync(), process.StandardError.ReadToEndAsync());
        try
        {
            process.StandardInput.Write(input);
            process.StandardInput.Close();
        }
        catch (IOException)
        {
            // it ended without reading its input; its exit code shows why
        }

        if (process.WaitForExit(Patience)) return new CommandAnswer(process.ExitCode, output.Result, errors.Result);
        process.Kill(entireProcessTree: true);
        throw new IOException(
            $"{program} {string.Join(' ', arguments)}: no answer in {Patience.TotalMinutes} minutes; SLURM's controller may be down. If " +
            $"this was sbatch, check squeue before you submit again");
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
