using Ablation.Harness.Formats;

namespace Ablation.Harness.Metrics;

/// <summary>
/// The raw result of a test, from which every figure can be computed again. One record per kind, found by reflection; a kind is written as
/// named arrays (<see cref="Store"/>) and has a public constructor that takes a <see cref="StoredScores"/>. The
/// <see cref="TestMetrics{TScores}"/> of the kind computes its figures.
/// </summary>
/// <param name="Test">Its name in tables; unique in a trial.</param>
public abstract record TestScores(string Test) : ITestPart
{
    private const string GalleryWord = "gallery_pixels", ProbeWord = "probe_pixels";

    /// <inheritdoc/>
    public int? GalleryPixels { get; init; }

    /// <inheritdoc/>
    public int? ProbePixels { get; init; }

    /// <summary>Returns what <see cref="WithPixels"/> wrote.</summary>
    protected static (int? Gallery, int? Probe) PixelsIn(StoredScores stored) => (
        stored.Words.ContainsKey(GalleryWord) ? stored.Number(GalleryWord) : null,
        stored.Words.ContainsKey(ProbeWord) ? stored.Number(ProbeWord) : null);

    /// <summary>Adds both to the words of <see cref="Store"/>, if there are any.</summary>
    protected Dictionary<string, string> WithPixels(Dictionary<string, string> words)
    {
        if (GalleryPixels is { } gallery) words[GalleryWord] = gallery.ToString();
        if (ProbePixels is { } probe) words[ProbeWord] = probe.ToString();
        return words;
    }

    /// <summary>Returns everything as named arrays and a few words.</summary>
    public abstract StoredScores Store();
}

/// <summary>
/// Scores as stored in a file: a few words and numbers, and arrays (float[], double[], int[], long[], short[], byte[], bool[]) of one or
/// two dimensions.
/// </summary>
/// <param name="Kind">Name of the record without "Scores": "Pair".</param>
public sealed record StoredScores(string Kind, string Test, IReadOnlyDictionary<string, string> Words,
    IReadOnlyDictionary<string, StoredArray> Arrays)
{
    /// <exception cref="InvalidDataException">It is missing or of another type.</exception>
    public T[] Array<T>(string name) where T : unmanaged =>
        ArrayOrNull<T>(name) ?? throw new InvalidDataException($"the array {name} is missing");

    public T[]? ArrayOrNull<T>(string name) where T : unmanaged => !Arrays.TryGetValue(name, out var array) ? null
        : array.Values as T[]
        ?? throw new InvalidDataException(
            $"the array {name} is of type {array.Values.GetType().GetElementType()?.Name}, not {typeof(T).Name}");

    /// <exception cref="InvalidDataException">It is missing or not a whole number.</exception>
    public int Number(string name) => int.TryParse(Word(name), System.Globalization.NumberStyles.Integer, null, out var number)
        ? number : throw new InvalidDataException($"{name} is \"{Word(name)}\", no whole number");

    public string Word(string name) => Words.TryGetValue(name, out var word) ? word : throw new InvalidDataException($"{name} is missing");
}
