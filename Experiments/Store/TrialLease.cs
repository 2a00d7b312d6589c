using System.Text.Json;
using Ablation.Harness.Foundations;

namespace Ablation.Experiments.Store;

/// <summary>Another copy of the trial has taken the lease; this one must not write anything more.</summary>
public sealed class LeaseLostException(string path, string? holder)
    : Exception($"{path}: the trial was taken by {holder ?? "an unknown process"}; this copy stops and writes nothing more");

/// <summary>The process that requests a trial.</summary>
/// <param name="Job">The cluster's name of the job (ARRAY_TASK); null outside one.</param>
/// <param name="Restart">How often the cluster has restarted the job.</param>
public sealed record LeaseHolder(string? Job = null, int Restart = 0);

/// <summary>
/// A trial taken by this process: <c>lease.json</c> with its token. Taking the trial and writing its result require lease.lock to be held,
/// after reading the token: of two copies, the one whose token was replaced writes nothing. A holder on this machine is alive while it has
/// <c>running-TOKEN.lock</c> open. One on another machine, or on a file system without locks, is alive while it writes progress.json.
/// </summary>
public sealed class TrialLease : IDisposable
{
    /// <summary>Interval between writes of progress.json.</summary>
    public static readonly TimeSpan Heartbeat = TimeSpan.FromSeconds(2);

    /// <summary>A holder on another machine that has not written for this time is dead.</summary>
    public static readonly TimeSpan Silence = TimeSpan.FromMinutes(2);

    private readonly TrialFiles files;
    private readonly FileStream running;

    private TrialLease(TrialFiles files, LeaseRecord record, FileStream running) =>
        (this.files, Record, this.running) = (files, record, running);

    public LeaseRecord Record { get; }

    /// <summary>Takes the trial; null if another process has it. Released by disposing, and at the end of the process.</summary>
    /// <exception cref="IOException">The folder cannot be written; the trial is not taken.</exception>
    public static TrialLease? TryTake(TrialFiles files, LeaseHolder holder)
    {
        try
        {
            Directory.CreateDirectory(files.Folder);
            using var section = FileLock.Wait(files.LeaseLock);
            if (Read(files) is { } before && IsAlive(files, before) && !IsSameJobAgain(before, holder)) return null;
            var token = Guid.NewGuid().ToString("N");
            foreach (var left in Directory.GetFiles(files.Folder, "running-*.lock").Where(path => !FileLock.IsHeld(path)))
                PatientFile.Delete(left);
            var running = FileLock.TryOpen(files.Running(token), FileOptions.DeleteOnClose)
                ?? throw new IOException($"{files.Running(token)}: already open");
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

    /// <summary>Whether some process has the trial, according to its files; does not take it.</summary>
    public static bool IsHeld(TrialFiles files) => files.ReadLease() is { } lease && IsAlive(files, lease);

    /// <summary>Runs an action only if this process still has the trial; no other process can take it meanwhile.</summary>
    /// <exception cref="LeaseLostException">Another copy has it; nothing was done.</exception>
    /// <exception cref="IOException">The lease cannot be read, or <paramref name="action"/> threw it.</exception>
    public void Commit(Action action)
    {
        using var section = FileLock.Wait(files.LeaseLock);
        var now = Read(files);
        if (now?.Token != Record.Token)
            throw new LeaseLostException(files.Lease, now is null ? null : $"process {now.Process} on {now.Host}");
        action();
    }

    /// <summary>Releases the trial: deletes the lease if it is still that of this process.</summary>
    public void Dispose()
    {
        try
        {
            Commit(() => PatientFile.Delete(files.Lease));
        }
        catch (Exception e) when (e is LeaseLostException or IOException or UnauthorizedAccessException)
        {
            // either another process has the lease, or the disk is gone and the lock below ends with the process
        }

        running.Dispose();
    }

    /// <summary>Reads the lease; null if it is missing or invalid. Throws if the disk cannot be read.</summary>
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

    /// <summary>Whether the cluster has restarted the job: the earlier copy is dead, or on a lost node and must be fenced off.</summary>
    private static bool IsSameJobAgain(LeaseRecord before, LeaseHolder holder) =>
        holder.Job is { } job && before.Job == job && holder.Restart > before.Restart;

    private static bool IsAlive(TrialFiles files, LeaseRecord lease) =>
        lease.Host == Environment.MachineName && lease.Locks
        ? FileLock.IsHeld(files.Running(lease.Token)) : Now(files) - LastSign(files) < Silence;

    private static DateTime LastSign(TrialFiles files)
    {
        var (taken, written) = (File.GetLastWriteTimeUtc(files.Lease), File.GetLastWriteTimeUtc(files.Progress));
        return taken > written ? taken : written; // the time of a missing file is in 1601
    }

    /// <summary>Returns the time of the file system's clock, which may be that of another machine.</summary>
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
            try { PatientFile.Delete(probe); }
            catch (Exception e) when (e is IOException or UnauthorizedAccessException) { } // deleted when the trial is finished
        }
    }
}
