using Ablation.Experiments.Processes;
using Ablation.Experiments.Store;
using Ablation.Harness.Foundations;

namespace Ablation.Experiments.Scheduling.Pool;

/// <summary><c>pools/TOKEN.json</c> of a pool, which <c>ablation status</c> reads. A write error does not stop the pool.</summary>
internal sealed class PoolBoard(ResultStore store, RunEnd? deadline, int threads, SteadyClock clock, Action<string> print) : IDisposable
{
    private static readonly TimeSpan Pace = TimeSpan.FromSeconds(2);
    private readonly string token = Guid.NewGuid().ToString("N");
    private readonly DateTimeOffset started = clock.Wall;
    private DateTimeOffset written;
    private bool hasFailed;

    private string FilePath => Path.Combine(store.Folder, "pools", $"{token}.json");

    /// <summary>Writes the board if it is due or <paramref name="isNews"/> is set.</summary>
    public void Write(IEnumerable<Slot> slots, bool isNews)
    {
        var now = clock.Now;
        if (!isNews && now - written < Pace) return;
        written = now;
        var record = new PoolRecord(token, Environment.MachineName, Environment.ProcessId, started, clock.Wall, deadline?.Moment,
            [.. slots.Select(slot => new PoolSlot(slot.Number, slot.Device.Name, threads, slot.Trial?.Id, slot.Trial?.Trial.Label,
                slot.Trial is null ? null : clock.OnWall(slot.Started)))]);
        try
        {
            AtomicFile.Write(FilePath, SpecJson.Write(record) + "\n", isLasting: false);
        }
        catch (IOException e)
        {
            if (!hasFailed) print($"ablation status will not see this run: {e.Message}");
            hasFailed = true;
        }
    }

    public void Dispose()
    {
        try
        {
            PatientFile.Delete(FilePath);
            var folder = Path.GetDirectoryName(FilePath)!;
            if (!Directory.EnumerateFileSystemEntries(folder).Any()) PatientFile.DeleteFolder(folder);
        }
        catch (Exception e) when (e is IOException or UnauthorizedAccessException)
        {
            // status regards a pool whose file is not rewritten as gone
        }
    }
}
