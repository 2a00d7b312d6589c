using System.Text.Json;
using Ablation.Experiments.Suites;
using Ablation.Harness.Foundations;

namespace Ablation.Experiments.Store;

/// <summary>
/// The part of a suite that was last run or submitted: <c>part.json</c>, beside a copy of the suite with everything written out. From both,
/// a reader who has only the folder knows which trials are still to come.
/// </summary>
/// <param name="Seeds">In place of the suite's seeds; empty for those.</param>
/// <param name="Losses">Labels or patterns; empty for all.</param>
/// <param name="Conditions">Names or patterns; empty for all.</param>
public sealed record RunPart(IReadOnlyList<int> Seeds, IReadOnlyList<string> Losses, IReadOnlyList<string> Conditions)
{
    public const string FileName = "part.json";

    /// <summary>Returns the path of the copy of a suite. It has the suite's name, which is the name of its file.</summary>
    public static string CopyOf(ResultStore store, string suite) => Path.Combine(store.Folder, suite + ".jsonc");

    /// <summary>Writes the copy of the suite and the part.</summary>
    /// <exception cref="IOException">The folder cannot be written.</exception>
    public void Save(ResultStore store, Suite suite)
    {
        if (suite.Source?.Text is not { } text) return; // not read from a file: nothing to copy
        AtomicFile.Write(CopyOf(store, suite.Name), text);
        AtomicFile.Write(Path.Combine(store.Folder, FileName), SpecJson.Write(this) + "\n");
    }

    /// <summary>Reads the part; null if the folder has none, or no copy of its suite.</summary>
    /// <param name="copy">The path of the copy.</param>
    public static RunPart? Load(string folder, out string copy)
    {
        copy = CopyOf(new ResultStore(folder), Path.GetFileName(Path.TrimEndingDirectorySeparator(folder)));
        var path = Path.Combine(folder, FileName);
        if (!File.Exists(copy) || !File.Exists(path)) return null;
        try
        {
            return SpecJson.Read<RunPart>(File.ReadAllText(path));
        }
        catch (Exception e) when (e is JsonException or NotSupportedException or IOException or UnauthorizedAccessException)
        {
            return null; // being rewritten, or of another version: only the trials that were begun are known
        }
    }
}
