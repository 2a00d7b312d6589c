using Ablation.Experiments.Scheduling;
using Ablation.Experiments.Scheduling.Pool;
using Ablation.Experiments.Store;

namespace Ablation.Tests.Scheduling.Pool;

/// <summary>Fake processes scripted by a test: they end at once with a code, or wait to be stopped or killed.</summary>
/// <param name="script">Called at each start with the trial's id and its number of starts; returns the exit code, or null to
/// wait.</param>
internal sealed class ScriptedStarter(Func<string, int, int?> script) : ITrialStarter
{
    private readonly Dictionary<string, int> starts = [];

    public List<(string Id, PoolDevice Device)> Started { get; } = [];

    /// <summary>"stop ID" and "kill ID", in order.</summary>
    public List<string> Ended { get; } = [];

    /// <summary>The largest number that ran at once.</summary>
    public int MostAtOnce { get; private set; }

    /// <summary>Whether a process ends when it is asked to stop.</summary>
    public bool Obeys { get; init; } = true;

    /// <summary>Whether a process ends when it is killed.</summary>
    public bool Dies { get; init; } = true;

    public Func<string, long?> Memory { get; init; } = _ => null;

    private int running;

    public ITrialProcess Start(string id, ResultStore store, ProcessSettings settings, PoolDevice device)
    {
        Started.Add((id, device));
        MostAtOnce = Math.Max(MostAtOnce, ++running);
        var process = new Process(this, id);
        if (script(id, starts[id] = starts.GetValueOrDefault(id) + 1) is { } code) process.End(code);
        return process;
    }

    private sealed class Process(ScriptedStarter starter, string id) : ITrialProcess
    {
        private readonly TaskCompletionSource<int> exit = new();

        public Task<int> Exit => exit.Task;

        public void End(int code) => exit.TrySetResult(code);

        public string? LastLine => null;

        public void RequestStop()
        {
            starter.Ended.Add($"stop {id}");
            if (starter.Obeys) End(TrialExit.Interrupted);
        }

        public void Kill()
        {
            starter.Ended.Add($"kill {id}");
            if (starter.Dies) End(137);
        }

        public long? MemoryBytes() => starter.Memory(id);

        public TimeSpan? ProcessorTime() => null;

        public void Dispose() => starter.running--;
    }
}
