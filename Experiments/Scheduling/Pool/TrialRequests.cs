using Ablation.Experiments.Store;
using Ablation.Harness.Foundations;

namespace Ablation.Experiments.Scheduling.Pool;

/// <summary>What people ask of single trials while a pool runs, read from the trials' folders.</summary>
/// <param name="began">When the pool began; what was asked before is ignored.</param>
public sealed class TrialRequests(ResultStore store, DateTimeOffset began)
{
    /// <summary>Whether a trial is to stop, or not to begin.</summary>
    public bool IsLeft(string id) => store.Files(id).ReadAsked()?.Asks(RequestKind.Leave, began) == true;

    /// <summary>Whether a trial is to be queued again; true once for each request.</summary>
    public bool TakeRetry(string id)
    {
        var files = store.Files(id);
        if (files.ReadAsked()?.Asks(RequestKind.Retry, began) != true) return false;
        try
        {
            PatientFile.Delete(files.Asked);
            return true;
        }
        catch (Exception e) when (e is IOException or UnauthorizedAccessException)
        {
            return false; // it would be asked for without end
        }
    }
}
