using Ablation.Harness.Statistics;

namespace Ablation.Tests.Statistics;

/// <summary>Accuracy on CFP-FF in percent of eight losses, seeds 1 to 3, from an earlier run of the small version of Table 3.</summary>
internal static class Fixture
{
    public static readonly string[] Losses =
        ["Softmax", "NormalisedSoftmax", "ProxyTriplet", "SphereFace", "CosFace", "CurricularFace", "Npt"];

    private static readonly double[][] Values =
    [
        [73.46, 72.79, 72.90], [74.27, 74.57, 72.80], [70.27, 70.40, 69.93], [75.31, 73.84, 74.03], [75.44, 73.36, 73.54],
        [72.29, 72.53, 72.30], [64.09, 63.37, 62.37],
    ];

    public static ComparedColumn Column { get; } = new(Of(73.80, 75.84, 75.01), [.. Values.Select(values => Of(values))]);

    public static LossComparison Loss(string name, ComparedColumn? column = null) =>
        ModeratedT.Compare(column ?? Column)[Array.IndexOf(Losses, name)];

    /// <summary>Values of the seeds 1, 2, ...</summary>
    public static LossSeeds Of(params double[] values) => new(values.Index().ToDictionary(one => one.Index + 1, one => one.Item));
}
