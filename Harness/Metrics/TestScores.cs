using Ablation.Harness.Formats;

namespace Ablation.Harness.Metrics;

/// <summary>
/// The raw result of a test, from which every figure can be computed again. One record per kind, found by reflection; a kind is written as
/// named arrays (<see cref="Store"/>) and has a public constructor that takes a <see cref="StoredScores"/>. Its figures are computed by the
/// <see cref="TestMetrics{TScores}"/> of the kind.
/// </summary>
/// <param name="Test">What tables call it; unique in a trial.</param>
public abstract record TestScores(string Test)
{
    /// <summary>Everything as named arrays and a few words.</summary>
    public abstract StoredScores Store();
}

/// <summary>
/// Scores as they lie in a file: a few words and numbers, and arrays (float[], double[], int[], long[], short[], byte[], bool[]) of one or
/// two sides.
/// </summary>
/// <param name="Kind">Name of the record without "Scores": "Pair".</param>
public sealed record StoredScores(string Kind, string Test, IReadOnlyDictionary<string, string> Words,
    IReadOnlyDictionary<string, StoredArray> Arrays)
{
    /// <exception cref="InvalidDataException">It is not there, or of another type.</exception>
    public T[] Array<T>(string name) where T : unmanaged =>
        ArrayOrNull<T>(name) ?? throw new InvalidDataException($"the array {name} is missing");

    public T[]? ArrayOrNull<T>(string name) where T : unmanaged => !Arrays.TryGetValue(name, out var array) ? null
        : array.Values as T[]
        ?? throw new InvalidDataException(
            $"the array {name} is of type {array.Values.GetType().GetElementType()?.Name}, not {typeof(T).Name}");

    /// <exception cref="InvalidDataException">It is not there, or no whole number.</exception>
    public int Number(string name) => int.TryParse(Word(name), System.Globalization.NumberStyles.Integer, null, out var number)
        ? number : throw new InvalidDataException($"{name} is \"{Word(name)}\", no whole number");

    public string Word(string name) => Words.TryGetValue(name, out var word) ? word : throw new InvalidDataException($"{name} is missing");
}
