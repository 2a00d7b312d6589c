namespace Ablation.Tests.Scheduling.Slurm;

/// <summary>Shell scripts that replace SLURM's commands, first in PATH until disposed. POSIX only.</summary>
internal sealed class FakeSlurm : IDisposable
{
    private readonly TemporaryFolder folder = new();
    private readonly string path = Environment.GetEnvironmentVariable("PATH")!;

    /// <summary>Makes sbatch print 101, 102, ...; the queue is empty; arrays have at most four members.</summary>
    public FakeSlurm()
    {
        Environment.SetEnvironmentVariable("PATH", $"{folder.Path}{Path.PathSeparator}{path}");
        Command("sbatch",
            $"n=$(($(cat '{folder.File("count")}' 2>/dev/null || echo 0) + 1)); echo $n > '{folder.File("count")}'; echo $((100 + n))");
        Command("squeue", "true");
        Command("scontrol", "echo 'MaxArraySize = 4'");
    }

    /// <summary>The calls of the commands in order: "sbatch --parsable ...".</summary>
    public IReadOnlyList<string> Calls => File.Exists(folder.File("calls")) ? File.ReadAllLines(folder.File("calls")) : [];

    /// <param name="body">The body of a shell script.</param>
    public void Command(string name, string body)
    {
        File.WriteAllText(folder.File(name), $"#!/bin/sh\necho \"{name} $*\" >> '{folder.File("calls")}'\n{body}\n");
        if (!OperatingSystem.IsWindows())
            File.SetUnixFileMode(folder.File(name), UnixFileMode.UserRead | UnixFileMode.UserWrite | UnixFileMode.UserExecute);
    }

    /// <summary>Removes this command and leaves only the fake commands in PATH.</summary>
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
