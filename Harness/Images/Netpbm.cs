using Ablation.Harness.Foundations;

namespace Ablation.Harness.Images;

/// <summary>
/// Decodes binary PGM (P5) and PPM (P6) of 8 bits per sample, the format of the ORL faces. Grey is replicated to R, G, B.
/// </summary>
internal static class Netpbm
{
    public static bool Starts(ReadOnlySpan<byte> bytes) => bytes.Length >= 2 && bytes[0] == 'P' && bytes[1] is (byte)'5' or (byte)'6';

    public static FaceImage Decode(ReadOnlySpan<byte> bytes, string where)
    {
        var grey = bytes[1] == '5';
        var at = 2;
        var width = Number(bytes, ref at, where);
        var height = Number(bytes, ref at, where);
        var maximum = Number(bytes, ref at, where);
        FaceImage.CheckSize(width, height, where);
        if (maximum != 255)
            throw new DataProblem(where, $"samples go to {maximum}, not to 255", "convert the image to 8 bits a sample");
        if (at >= bytes.Length || !IsSpace(bytes[at])) throw Damaged(where);
        at++; // exactly one: the next byte is a sample, even if it looks like a space

        var pixels = (int)(width * height);
        var need = grey ? pixels : 3L * pixels;
        if (bytes.Length - at < need)
            throw new DataProblem(where, $"the image is cut off: {bytes.Length - at} of {need} bytes", "write or download it again");

        var samples = bytes.Slice(at, (int)need);
        if (!grey) return new FaceImage((int)width, (int)height, samples.ToArray());
        var rgb = new byte[3 * pixels];
        for (var i = 0; i < pixels; i++) rgb.AsSpan(3 * i, 3).Fill(samples[i]);
        return new FaceImage((int)width, (int)height, rgb);
    }

    /// <summary>Reads the next number of the header, after white space and comments (# to the end of the line).</summary>
    private static long Number(ReadOnlySpan<byte> bytes, ref int at, string where)
    {
        for (; at < bytes.Length && (IsSpace(bytes[at]) || bytes[at] == '#'); at++)
        {
            if (bytes[at] != '#') continue;
            while (at < bytes.Length && bytes[at] is not ((byte)'\n' or (byte)'\r')) at++;
        }

        var start = at;
        long value = 0;
        for (; at < bytes.Length && bytes[at] is >= (byte)'0' and <= (byte)'9' && at - start < 10; at++)
            value = value * 10 + bytes[at] - '0';
        return at > start ? value : throw Damaged(where);
    }

    private static bool IsSpace(byte value) => value is (byte)' ' or (>= 9 and <= 13);

    private static DataProblem Damaged(string where) =>
        new(where, "the PGM or PPM header is damaged", "it should be P5 or P6, then width, height and 255");
}
