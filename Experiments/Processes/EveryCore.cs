using System.Runtime.ExceptionServices;

namespace Ablation.Experiments.Processes;

/// <summary>Runs independent work on every core.</summary>
internal static class EveryCore
{
    /// <summary>
    /// Returns the results in the order of the items. If several fail, rethrows the error of the first item.
    /// </summary>
    public static TResult[] Select<TItem, TResult>(IReadOnlyList<TItem> items, Func<TItem, TResult> work)
    {
        var results = new TResult[items.Count];
        var errors = new Exception?[items.Count];
        Parallel.For(0, items.Count, i =>
        {
            try
            {
                results[i] = work(items[i]);
            }
            catch (Exception e)
            {
                errors[i] = e;
            }
        });
        if (errors.FirstOrDefault(error => error is not null) is { } first) ExceptionDispatchInfo.Throw(first);
        return results;
    }
}
