using System.Collections.Concurrent;
using Ablation.Harness.Formats;

namespace Ablation.Experiments.Store;

/// <summary>
/// Arrays that the score files of many trials have in common, such as the truths of a test's pairs: unpacked once, and found by the hash
/// that a file lists for them. Only for files whose own checksum was compared: what lies in the archive is not looked at again.
/// </summary>
public sealed class SharedArrays
{
    // of each name in a test only the first, so that arrays of which every trial has its own are not kept
    private readonly ConcurrentDictionary<(string Test, string Name), (string Sha256, StoredArray Array)> first = new();

    /// <summary>Returns the array with a hash; reads it if the first one of this name has another hash.</summary>
    internal StoredArray Get(string test, string name, string sha256, Func<StoredArray> read)
    {
        if (first.TryGetValue((test, name), out var known))
            return known.Sha256 == sha256 ? known.Array : read();
        var own = (sha256, read());
        known = first.GetOrAdd((test, name), own);
        return known.Sha256 == sha256 ? known.Array : own.Item2;
    }
}
