using System.ComponentModel;
using System.Diagnostics;
using Ablation.Experiments.Processes;
using Ablation.Experiments.Store;
using Ablation.Harness.Native;

namespace Ablation.Experiments.Scheduling.Pool;

/// <summary>Starts trials as processes of this program.</summary>
/// <param name="print">Called from any thread if a log cannot be written.</param>
public sealed class ProcessStarter(Action<string> print) : ITrialStarter
{
    public ITrialProcess Start(string id, ResultStore store, ProcessSettings settings, PoolDevice device)
    {
        var program = TrialCommandLine.Program();
        var start = ChildProcess.Describe(program[0],
            [.. program.Skip(1), .. TrialCommandLine.ById(id, store, settings with { Device = device.Device }), "--supervised"]);
        CrashDump.Ask(start, store.TrialFolder(id));
        if (device.Visible is { } visible) start.Environment["CUDA_VISIBLE_DEVICES"] = visible;
        try
        {
            return new Running(Process.Start(start)!, new TrialLog(store.Files(id).Log, print));
        }
        catch (Win32Exception e)
        {
            throw new TrialStartException($"{program[0]}: no trial could be started ({e.Message})", e);
        }
    }

    private sealed class Running : ITrialProcess
    {
        private static readonly TimeSpan LastWords = TimeSpan.FromSeconds(5);
        private readonly Process process;
        private readonly TrialLog log;

        public Running(Process process, TrialLog log)
        {
            (this.process, this.log) = (process, log);
            process.OutputDataReceived += (_, line) => log.Add(line.Data);
            process.ErrorDataReceived += (_, line) => log.Add(line.Data);
            process.BeginOutputReadLine();
            process.BeginErrorReadLine();
            Exit = Task.Run(async () =>
            {
                // a child process may survive and keep the pipes open, so do not wait for more output
                using var impatience = new CancellationTokenSource();
                var all = process.WaitForExitAsync(impatience.Token);
                while (!process.HasExited && !all.IsCompleted) await Task.WhenAny(all, Task.Delay(50)).ConfigureAwait(false);
                impatience.CancelAfter(LastWords);
                try { await all.ConfigureAwait(false); }
                catch (OperationCanceledException) { }
                return process.ExitCode;
            });
        }

        public Task<int> Exit { get; }

        public string? LastLine => log.Last;

        public void RequestStop()
        {
            try
            {
                process.StandardInput.Close(); // as if the pool had died: the end of input is the request
            }
            catch (IOException)
            {
                // it has already ended
            }
        }

        public void Kill() => ProcessTree.Kill(process);

        public long? MemoryBytes() => ProcessTree.OwnBytes(process);

        public TimeSpan? ProcessorTime() => ProcessTree.ProcessorTime(process);

        public void Dispose()
        {
            process.Dispose();
            log.Dispose();
        }
    }
}
