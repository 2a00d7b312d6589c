using System.Text.Json;
using Ablation.Harness.Foundations;

namespace Ablation.Experiments.Store;

/// <summary>Another copy of the trial has taken it; this one may write nothing more.</summary>
public sealed class LeaseLostException(string path, string? holder)
    : Exception($"{path}: the trial was taken by {holder ?? "nobody that left its name"} meanwhile; this copy stops and writes nothing " +
        $"more");

/// <summary>Who asks for a trial.</summary>
/// <param name="Job">The cluster's name of the job (ARRAY_TASK); null outside one.</param>
/// <param name="Restart">How often the cluster has started the job again.</param>
public sealed record LeaseHolder(string? Job = null, int Restart = 0);

/// <summary>
/// A trial taken by this process: <c>lease.json</c> with its token. Taking it, and every write that counts, happens while lease.lock is
/// held, after the token is read: of two copies, the one whose token is not there any more writes nothing. A holder on this machine
/// lives as long as it has <c>running-TOKEN.lock</c> open; one on another machine, or on a file system without locks, as long as it writes
/// progress.json.
/// </summary>
public sealed class TrialLease : IDisposable
{
    /// <summary>Between two writes of progress.json.</summary>
    public static readonly TimeSpan Heartbeat = TimeSpan.FromSeconds(2);

    /// <summary>A holder on another machine that has not written for so long is gone.</summary>
    public static readonly TimeSpan Silence = TimeSpan.FromMinutes(2);

    private static readonly TimeSpan Patience = TimeSpan.FromSeconds(60);
    private readonly TrialFiles files;
    private readonly FileStream running;

    private TrialLease(TrialFiles files, LeaseRecord record, FileStream running) =>
        (this.files, Record, this.running) = (files, record, running);

    public LeaseRecord Record { get; }

    /// <summary>Takes the trial; null where another process has it. Freed by disposing, and by the end of the process.</summary>
    /// <exception cref="IOException">The folder cannot be written; the trial is not taken.</exception>
    public static TrialLease? TryTake(TrialFiles files, LeaseHolder holder)
    {
        try
        {
            Directory.CreateDirectory(files.Folder);
            using var section = FileLock.Wait(files.LeaseLock, Patience);
            if (Read(files) is { } before && IsAlive(files, before) && !IsSameJobAgain(before, holder)) return null;
            var token = Guid.NewGuid().ToString("N");
            foreach (var left in Directory.GetFiles(files.Folder, "running-*.lock").Where(path => !FileLock.IsHeld(path)))
                File.Delete(left);
            var running = FileLock.TryOpen(files.Running(token), FileOptions.DeleteOnClose)
                ?? throw new IOException($"{files.Running(token)}: open already");
            var record = new LeaseRecord(token, Environment.MachineName, Environment.ProcessId, holder.Job, holder.Restart,
                DateTimeOffset.UtcNow, FileLock.IsHeld(files.Running(token)));
            try
            {
                AtomicFile.Write(files.Lease, SpecJson.Write(record) + "\n");
            }
            catch
            {
                running.Dispose();
                throw;
            }

            return new TrialLease(files, record, running);
        }
        catch (Exception e) when (e is IOException or UnauthorizedAccessException)
        {
            throw new IOException(
                $"{files.Folder}: the trial could not be taken ({e.Message}); free space or choose another --results folder", e);
        }
    }

    /// <summary>Whether some process has the trial, as far as its files show; takes nothing.</summary>
    public static bool IsHeld(TrialFiles files) => files.ReadLease() is { } lease && IsAlive(files, lease);

    /// <summary>Does what must not happen once another copy has the trial. While it runs, nobody can take it.</summary>
    /// <exception cref="LeaseLostException">Another copy has it; nothing was done.</exception>
    /// <exception cref="IOException">The lease cannot be read, or of <paramref name="action"/>.</exception>
    public void Commit(Action action)
    {
        using var section = FileLock.Wait(files.LeaseLock, Patience);
        var now = Read(files);
        if (now?.Token != Record.Token)
            throw new LeaseLostException(files.Lease, now is null ? null : $"process {now.Process} on {now.Host}");
        action();
    }

    /// <summary>Gives it back: a lease that is still this one is deleted.</summary>
    public void Dispose()
    {
        try
        {
            Commit(() => File.Delete(files.Lease));
        }
        catch (Exception e) when (e is LeaseLostException or IOException or UnauthorizedAccessException)
        {
            // lost: it is another's. The disk is gone: the lock below goes with the process
        }

        running.Dispose();
    }

    /// <summary>Null where there is none, or none that can be understood. An unreadable disk is not "none".</summary>
    private static LeaseRecord? Read(TrialFiles files)
    {
        try
        {
            return File.Exists(files.Lease) ? SpecJson.Read<LeaseRecord>(File.ReadAllText(files.Lease)) : null;
        }
        catch (Exception e) when (e is JsonException or NotSupportedException)
        {
            return null;
        }
    }

    /// <summary>A cluster has started the holder's own job again: the copy before is dead, or on a lost node and to be fenced.</summary>
    private static bool IsSameJobAgain(LeaseRecord before, LeaseHolder holder) =>
        holder.Job is { } job && before.Job == job && holder.Restart > before.Restart;

    private static bool IsAlive(TrialFiles files, LeaseRecord lease) =>
        lease.Host == Environment.MachineName && lease.Locks
        ? FileLock.IsHeld(files.Running(lease.Token)) : Now(files) - LastSign(files) < Silence;

    private static DateTime LastSign(TrialFiles files)
    {
        var (taken, written) = (File.GetLastWriteTimeUtc(files.Lease), File.GetLastWriteTimeUtc(files.Progress));
        return taken > written ? taken : written; // a file that is not there is of 1601
    }

    /// <summary>By the file system's clock, which may be another machine's.</summary>
    private static DateTime Now(TrialFiles files)
    {
        var probe = Path.Combine(files.Folder, $"clock.{Guid.NewGuid():N}.tmp");
        try
        {
            File.WriteAllText(probe, "");
            return File.GetLastWriteTimeUtc(probe);
        }
        catch (Exception e) when (e is IOException or UnauthorizedAccessException)
        {
            return DateTime.UtcNow;
        }
        finally
        {
            try { File.Delete(probe); }
            catch (Exception e) when (e is IOException or UnauthorizedAccessException) { } // it goes when the trial is finished
        }
    }
}
