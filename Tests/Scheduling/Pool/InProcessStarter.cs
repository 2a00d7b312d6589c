using Ablation.Experiments.Scheduling;
using Ablation.Experiments.Scheduling.Pool;
using Ablation.Experiments.Store;
using Ablation.Experiments.Suites;
using Ablation.Harness.Provenance;

namespace Ablation.Tests.Scheduling.Pool;

/// <summary>Runs attempts in the tests' process; a kill is only recorded.</summary>
internal sealed class InProcessStarter(TrialPlace place) : ITrialStarter
{
    public ITrialProcess Start(string id, ResultStore store, ProcessSettings settings, PoolDevice device) =>
        new Attempt(id, store, settings, place);

    private sealed class Attempt : ITrialProcess
    {
        private readonly CancellationTokenSource stop = new();

        public Attempt(string id, ResultStore store, ProcessSettings settings, TrialPlace place)
        {
            Exit = Task.Run(() =>
            {
                try
                {
                    return new TrialAttempt(store, id, settings, place, new LeaseHolder(), _ => { }).Run(stop.Token);
                }
                catch (Exception e) when (e is SuiteException or IOException)
                {
                    return TrialExit.Usage;
                }
            });
        }

        public Task<int> Exit { get; }

        public string? LastLine => null;

        public void RequestStop() => stop.Cancel();

        public void Kill() => stop.Cancel();

        public long? MemoryBytes() => null;

        public TimeSpan? ProcessorTime() => null;

        public void Dispose() => stop.Dispose();
    }
}
