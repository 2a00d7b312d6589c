using System.Text.Json;
using Ablation.Experiments.Store;
using Ablation.Experiments.Suites;
using Ablation.Harness.Foundations;

namespace Ablation.Experiments.Tuning;

/// <summary><c>tuning/choice.json</c> of a suite: written once, under a checksum, and read by every later command.</summary>
public static class ChoiceFile
{
    /// <summary>Writes the file.</summary>
    /// <param name="store">Store of the tuning trials.</param>
    /// <exception cref="IOException">The file cannot be written.</exception>
    public static void Save(TuningChoice choice, ResultStore store) =>
        AtomicFile.Write(PathIn(store), Seal.Close(SpecJson.Write(choice)));

    /// <summary>Returns the suite with its chosen settings; unchanged if it does not tune or nothing is chosen yet.</summary>
    /// <param name="store">Store of the suite.</param>
    /// <exception cref="SuiteException">The choice was made for another search.</exception>
    /// <exception cref="InvalidDataException">The file is damaged.</exception>
    public static Suite Apply(Suite suite, ResultStore store)
    {
        var path = PathIn(TuningPlan.StoreOf(store));
        if (suite.Tune is null || !File.Exists(path)) return suite;
        TuningChoice choice;
        var json = "";
        try
        {
            json = Seal.Open(File.ReadAllBytes(path)).Json;
            choice = SpecJson.Read<TuningChoice>(json);
        }
        catch (Exception e) when (e is JsonException or NotSupportedException or InvalidDataException)
        {
            throw new InvalidDataException(
                $"{(e is InvalidDataException ? $"{path}: {e.Message}" : JsonProblem.Describe(path, json, e, typeof(TuningChoice)))}; " +
                $"not a choice of this version: delete the file, and the next run writes it again from the tuning trials", e);
        }

        return choice.Design == TuningPlan.Build(suite).Design() ? suite with { Tuned = choice }
            : throw new SuiteException(
                $"{path}: chosen for another search: the tune block has changed since, or the losses, network, resolution, training or " +
                $"data that it searches; delete this file to choose anew (finished tuning trials that still belong to the search are " +
                $"kept), or undo the change");
    }

    private static string PathIn(ResultStore store) => Path.Combine(store.Folder, TuningChoice.FileName);
}
