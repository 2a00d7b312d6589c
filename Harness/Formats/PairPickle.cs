using System.Buffers.Binary;

namespace Ablation.Harness.Formats;

/// <summary>
/// Writes a verification file of the field: a pickle (protocol 3, which Python 3 reads without options) of a list of encoded images and a
/// list of booleans, as one tuple.
/// </summary>
internal static class PairPickle
{
    private const byte Protocol = 0x80, EmptyList = (byte)']', Mark = (byte)'(', Appends = (byte)'e', Bytes = (byte)'B', True = 0x88,
        False = 0x89, Pair = 0x86, Stop = (byte)'.';

    /// <param name="images">Two for each pair, written as they come.</param>
    public static void Write(Stream file, IEnumerable<byte[]> images, IEnumerable<bool> same)
    {
        Span<byte> length = stackalloc byte[4];
        file.Write([Protocol, 3, EmptyList, Mark]);
        foreach (var image in images)
        {
            BinaryPrimitives.WriteInt32LittleEndian(length, image.Length);
            file.WriteByte(Bytes);
            file.Write(length);
            file.Write(image);
        }

        file.Write([Appends, EmptyList, Mark]);
        foreach (var one in same) file.WriteByte(one ? True : False);
        file.Write([Appends, Pair, Stop]);
    }
}
