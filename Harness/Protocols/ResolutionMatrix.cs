using Ablation.Harness.Metrics;

namespace Ablation.Harness.Protocols;

/// <summary>Lays out one figure of a low-resolution test by gallery and probe resolution, for printing.</summary>
public static class ResolutionMatrix
{
    /// <summary>
    /// Returns a header row, then one row per gallery resolution, falling from native, with one column per probe resolution in the same
    /// order. A cell that was not compared is empty.
    /// </summary>
    /// <param name="scores">Of one test; scores without resolutions are skipped.</param>
    /// <param name="figure">Selects the figure of a cell, for example by name and estimator.</param>
    /// <param name="text">Formats a figure; called with null if the test does not support it.</param>
    public static IReadOnlyList<IReadOnlyList<string>> Build(IReadOnlyList<TestScores> scores, Func<TestScores, Metric?> figure,
        Func<double?, string> text)
    {
        var cells = scores.Where(cell => cell is { GalleryPixels: not null, ProbePixels: not null })
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
