using Ablation.Experiments.Store;
using Ablation.Harness;

namespace Ablation.Experiments.Serving;

/// <summary>Reads the training loss of a trial, finished or not.</summary>
internal static class Curves
{
    /// <summary>Returns no points for a trial that was not trained.</summary>
    public static IReadOnlyList<CurvePoint> Of(ResultStore store, string id) =>
        store.Load(id, out _) is { } result ? Stored(store, result) : LiveCurve.Read(store.Files(id).Curve);

    /// <summary>Returns no points for a history that is damaged, which the report says.</summary>
    public static IReadOnlyList<CurvePoint> Stored(ResultStore store, TrialResult result)
    {
        try
        {
            return [.. store.LoadHistory(result).Select(point => new CurvePoint(point.Step, point.Loss))];
        }
        catch (InvalidDataException)
        {
            return [];
        }
    }
}
