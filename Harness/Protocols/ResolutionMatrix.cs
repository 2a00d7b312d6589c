using Ablation.Harness.Metrics;

namespace Ablation.Harness.Protocols;

/// <summary>One figure of a low-resolution test over gallery and probe resolutions, laid out for printing.</summary>
public static class ResolutionMatrix
{
    /// <summary>
    /// A header row, then one row per gallery resolution, falling from native; one column per probe resolution in the same order. A cell
    /// that was not compared is empty.
    /// </summary>
    /// <param name="scores">Those of one test; scores without resolutions are skipped.</param>
    /// <param name="figure">The figure of a cell: by name and estimator, for instance.</param>
    /// <param name="text">Formats it; called with null for one that the pairs do not support.</param>
    public static IReadOnlyList<IReadOnlyList<string>> Build(IReadOnlyList<TestScores> scores, Func<PairScores, Metric?> figure,
        Func<double?, string> text)
    {
        var cells = scores.OfType<PairScores>().Where(cell => cell is { GalleryPixels: not null, ProbePixels: not null })
            .ToDictionary(cell => (Gallery: cell.GalleryPixels!.Value, Probe: cell.ProbePixels!.Value));
        var galleries = Falling(cells.Keys.Select(cell => cell.Gallery));
        var probes = Falling(cells.Keys.Select(cell => cell.Probe));
        return
        [
            ["gallery \\ probe px", .. probes.Select(LowResolutionTest.Text)],
            .. galleries.Select(gallery => (IReadOnlyList<string>)
            [
                LowResolutionTest.Text(gallery),
                .. probes.Select(probe => cells.TryGetValue((gallery, probe), out var cell) ? text(figure(cell)?.Value) : ""),
            ]),
        ];
    }

    private static int[] Falling(IEnumerable<int> pixels) =>
        [.. pixels.Distinct().OrderByDescending(side => side == LowResolutionTest.Native ? int.MaxValue : side)];
}
