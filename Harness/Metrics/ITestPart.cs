namespace Ablation.Harness.Metrics;

/// <summary>What identifies the scores of one test, or of one cell of a low-resolution test.</summary>
public interface ITestPart
{
    /// <summary>Its name in tables; unique in a trial.</summary>
    string Test { get; }

    /// <summary>
    /// Pixels per side to which the gallery's images, the first of a pair, were reduced, 0 for full size; null if the test is not of low
    /// resolution.
    /// </summary>
    int? GalleryPixels { get; }

    /// <summary>The same for the probes, the second images of pairs.</summary>
    int? ProbePixels { get; }
}
