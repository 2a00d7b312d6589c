namespace Ablation.Tests.Scheduling.Slurm;

/// <summary>Shell scripts in place of SLURM's commands, first on the PATH until disposed. POSIX only.</summary>
internal sealed class FakeSlurm : IDisposable
{
    private readonly TemporaryFolder folder = new();
    private readonly string path = Environment.GetEnvironmentVariable("PATH")!;

    /// <summary>sbatch answers 101, 102, ...; the queue is empty; arrays have four members at most.</summary>
    public FakeSlurm()
    {
        Environment.SetEnvironmentVariable("PATH", $"{folder.Path}{Path.PathSeparator}{path}");
        Command("sbatch",
            $"n=$(($(cat '{folder.File("count")}' 2>/dev/null || echo 0) + 1)); echo $n > '{folder.File("count")}'; echo $((100 + n))");
        Command("squeue", "true");
        Command("scontrol", "echo 'MaxArraySize = 4'");
    }

    /// <summary>What the commands were called with, in turn: "sbatch --parsable ...".</summary>
    public IReadOnlyList<string> Calls => File.Exists(folder.File("calls")) ? File.ReadAllLines(folder.File("calls")) : [];

    /// <param name="body">Of a shell script.</param>
    public void Command(string name, string body)
    {
        File.WriteAllText(folder.File(name), $"#!/bin/sh\necho \"{name} $*\" >> '{folder.File("calls")}'\n{body}\n");
        if (!OperatingSystem.IsWindows())
            File.SetUnixFileMode(folder.File(name), UnixFileMode.UserRead | UnixFileMode.UserWrite | UnixFileMode.UserExecute);
    }

    /// <summary>Only what is faked is on the PATH from now on, and this command is not.</summary>
    public void Remove(string name)
    {
        File.Delete(folder.File(name));
        Environment.SetEnvironmentVariable("PATH", folder.Path);
    }

    public void Forget() => File.Delete(folder.File("calls"));

    public void Dispose()
    {
        Environment.SetEnvironmentVariable("PATH", path);
        folder.Dispose();
    }
}
