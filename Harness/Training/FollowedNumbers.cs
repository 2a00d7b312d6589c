using Ablation.Losses;
using static TorchSharp.torch;

namespace Ablation.Harness.Training;

/// <summary>The single numbers that a loss trains or follows, read at a log point.</summary>
internal static class FollowedNumbers
{
    /// <summary>Returns them by name; null where the loss has none.</summary>
    public static IReadOnlyDictionary<string, double>? Read(FaceLoss loss)
    {
        var followed = loss.Followed;
        if (followed.Count == 0) return null;
        using var scope = NewDisposeScope();
        using var grad = no_grad();
        return followed.ToDictionary(one => one.Key, one => one.Value.detach().to(ScalarType.Float64, CPU).item<double>());
    }
}
