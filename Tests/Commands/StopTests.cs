using System.Diagnostics;
using System.Runtime.InteropServices;

namespace Ablation.Tests.Commands;

/// <summary>
/// Every command ends soon after a stop request even while it blocks: each reads an empty named pipe, as it would read a file
/// of an unreachable server.
/// </summary>
[Platform(Exclude = "Win", Reason = "named pipes in the file system and signals are POSIX")]
[Category("Slow"), Parallelizable] // each test starts a process
public sealed partial class StopTests
{
    private const int WriteOnly = 1, Owner = 0x180; // O_WRONLY; 0600
    private static readonly int NonBlocking = OperatingSystem.IsMacOS() ? 4 : 0x800;
    private static readonly TimeSpan Soon = TimeSpan.FromSeconds(4); // one second, and time for a slow machine
    private readonly TemporaryFolder folder = new();
    private int pipes;

    [OneTimeTearDown]
    public void Remove() => folder.Dispose();

    [TestCase(130, "status", "PIPE")]
    [TestCase(130, "watch", "PIPE")]
    [TestCase(130, "plan", "PIPE")]
    [TestCase(130, "run", "PIPE", "--device", "cpu")]
    [TestCase(130, "report", "PIPE")]
    [TestCase(130, "submit", "PIPE", "--slurm")]
    [TestCase(130, "overlap", "PIPE")]
    [TestCase(130, "metrics", "PIPE")]
    [TestCase(75, "trial", "--folder", ".", "--list", "PIPE", "--index", "0", Description = "the code of an interrupted trial")]
    public void A_command_that_blocks_ends_nevertheless(int code, params string[] arguments)
    {
        foreach (var signal in (int[])[Cli.Terminate, Cli.Interrupt])
        {
            if (!Cli.Hears(signal)) Assert.Ignore($"SIGTERM was tried; {Cli.Deaf}");
            var pipe = folder.File($"suite{++pipes}.jsonc");
            Assert.That(mkfifo(pipe, Owner), Is.Zero);
            using var cli = Cli.Start(folder.Path, [.. arguments.Select(word => word == "PIPE" ? pipe : word)]);
            var writer = OpenOnceItReads(pipe);
            try
            {
                var clock = Stopwatch.StartNew();
                cli.Signal(signal);
                Assert.That(cli.End(), Is.EqualTo(code), cli.Errors);
                Assert.That(clock.Elapsed, Is.LessThan(Soon));
                Assert.That(cli.Errors, Does.StartWith("stopped; finished trials are kept"));
            }
            finally
            {
                _ = close(writer);
            }
        }
    }

    /// <summary>A pipe can be opened for writing, without waiting, once it is open for reading.</summary>
    private static int OpenOnceItReads(string pipe)
    {
        for (var clock = Stopwatch.StartNew(); clock.Elapsed < TimeSpan.FromMinutes(1); Thread.Sleep(20))
            if (open(pipe, WriteOnly | NonBlocking) is >= 0 and var writer) return writer;
        throw new AssertionException("the command did not begin to read");
    }

    [LibraryImport("libc", StringMarshalling = StringMarshalling.Utf8)]
    private static partial int mkfifo(string path, uint mode);

    [LibraryImport("libc", StringMarshalling = StringMarshalling.Utf8)]
    private static partial int open(string path, int flags);

    [LibraryImport("libc")]
    private static partial int close(int file);
}
