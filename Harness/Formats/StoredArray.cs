namespace Ablation.Harness.Formats;

/// <summary>Values of a file with their shape.</summary>
/// <param name="Values">One-dimensional, in C order, of one of the types of <see cref="NpyArray.Codes"/>.</param>
/// <param name="Shape">Its product is the number of values.</param>
public sealed record StoredArray(Array Values, params long[] Shape)
{
    /// <summary>A vector.</summary>
    public static StoredArray FromArray(Array values) => new(values, values.LongLength);
}
