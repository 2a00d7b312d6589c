using System.Buffers.Binary;
using Ablation.Harness.Foundations;

namespace Ablation.Harness.Formats;

/// <summary>The start of a payload: u32 n, f32 label, u64 id, u64 id, then n f32 labels which replace the single one if n > 0;
/// the encoded image, if any, follows.</summary>
/// <param name="Labels">n: 0 if there is no array of labels.</param>
/// <param name="Label">The label, or the first of the array.</param>
/// <param name="ImageAt">Where the image starts, in bytes from the payload's start.</param>
/// <param name="HasImage">Whether any bytes follow the labels.</param>
internal readonly record struct RecordHead(uint Labels, float Label, int ImageAt, bool HasImage)
{
    /// <summary>Size of the head: the fixed part and the first label of an array.</summary>
    public const int Bytes = Fixed + 4;

    private const int Fixed = 24;

    /// <param name="start">The first <see cref="Bytes"/> bytes of the payload, or the whole payload if it is shorter.</param>
    /// <param name="length">Bytes of the whole payload.</param>
    /// <exception cref="DataProblem">The payload is too short for what it announces.</exception>
    public static RecordHead Parse(ReadOnlySpan<byte> start, int length, string where)
    {
        if (length < Fixed || start.Length < Fixed)
            throw new DataProblem(where, $"a payload of {length} bytes has no label", "write or download the pack again");
        var labels = BinaryPrimitives.ReadUInt32LittleEndian(start);
        var imageAt = Fixed + 4L * labels;
        if (imageAt > length || (labels > 0 && start.Length < Bytes))
            throw new DataProblem(where, $"{labels} labels do not fit a payload of {length} bytes", "write or download the pack again");
        var label = BinaryPrimitives.ReadSingleLittleEndian(start[(labels > 0 ? Fixed : 4)..]);
        return new RecordHead(labels, label, (int)imageAt, length > imageAt);
    }

    /// <summary>The label as one of <paramref name="classes"/> classes.</summary>
    /// <exception cref="DataProblem">It is none of them (<see cref="DataProblem.IsLabel"/>).</exception>
    public int Class(int classes, string where) =>
        Label >= 0 && Label < classes && Label == MathF.Floor(Label)
            ? (int)Label
            : throw new DataProblem(where, $"label {Label.ToString()} is not a class from 0 to {classes - 1}",
                "check the property file, or write or download the pack again")
            { IsLabel = true };
}
