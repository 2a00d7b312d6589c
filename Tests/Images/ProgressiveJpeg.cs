namespace Ablation.Tests.Images;

/// <summary>Writes a grey JPEG of 8 x 8 blocks by hand: in two progressive scans, or in one with restart markers. ITU-T T.81 with the
/// simplest tables that it allows.</summary>
internal sealed class ProgressiveJpeg
{
    private readonly List<byte> bytes = [];
    private int bits, count;

    /// <summary>Where the entropy-coded bytes of each scan begin and end.</summary>
    public List<(int Start, int End)> Scans { get; } = [];

    public byte[] Bytes => [.. bytes];

    /// <summary>The picture with its end marker.</summary>
    /// <param name="restart">Blocks between restart markers; 0 for none.</param>
    public static ProgressiveJpeg Of(bool isProgressive, int restart = 0, int columns = 4, int rows = 4)
    {
        var jpeg = new ProgressiveJpeg();
        jpeg.bytes.AddRange([0xFF, 0xD8]);
        jpeg.Segment(0xDB, [0, .. Enumerable.Repeat((byte)16, 64)]);
        jpeg.Segment((byte)(isProgressive ? 0xC2 : 0xC0), [8, 0, (byte)(8 * rows), 0, (byte)(8 * columns), 1, 1, 0x11, 0]);
        // DC: category i is the 4 bits of i
        jpeg.Segment(0xC4, [0x00, 0, 0, 0, 12, .. new byte[12], .. Enumerable.Range(0, 12).Select(i => (byte)i)]);
        // AC: the same, without zeros before
        jpeg.Segment(0xC4, [0x10, 0, 0, 0, 11, .. new byte[12], .. Enumerable.Range(0, 11).Select(i => (byte)i)]);
        if (restart > 0) jpeg.Segment(0xDD, [0, (byte)restart]);
        var blocks = Enumerable.Range(0, columns * rows).Select(i => (Dc: i * 37 % 29 - 14, Ac: i * 23 % 19 - 9)).ToArray();
        if (isProgressive)
        {
            jpeg.Scan(blocks, restart, hasDc: true, hasAc: false);
            jpeg.Scan(blocks, restart, hasDc: false, hasAc: true);
        }
        else
        {
            jpeg.Scan(blocks, restart, hasDc: true, hasAc: true);
        }

        jpeg.bytes.AddRange([0xFF, 0xD9]);
        return jpeg;
    }

    private void Scan((int Dc, int Ac)[] blocks, int restart, bool hasDc, bool hasAc)
    {
        Segment(0xDA, [1, 1, 0x00, (byte)(hasDc ? 0 : 1), (byte)(hasAc ? 63 : 0), 0]);
        var start = bytes.Count;
        var before = 0;
        for (var i = 0; i < blocks.Length; i++)
        {
            if (restart > 0 && i > 0 && i % restart == 0)
            {
                Flush();
                bytes.AddRange([0xFF, (byte)(0xD0 + (i / restart - 1) % 8)]);
                before = 0;
            }

            if (hasDc) Value(blocks[i].Dc - before);
            before = blocks[i].Dc;
            if (!hasAc) continue;
            if (blocks[i].Ac != 0) Value(blocks[i].Ac);
            Put(0, 4); // end of block
        }

        Flush();
        Scans.Add((start, bytes.Count));
    }

    private void Value(int value)
    {
        var category = value == 0 ? 0 : (int)Math.Log2(Math.Abs(value)) + 1;
        Put(category, 4);
        Put(value < 0 ? value + (1 << category) - 1 : value, category);
    }

    private void Put(int value, int length)
    {
        for (var i = length - 1; i >= 0; i--)
        {
            bits = bits << 1 | value >> i & 1;
            if (++count == 8) Byte();
        }
    }

    private void Flush()
    {
        while (count > 0) Put(1, 1);
    }

    private void Byte()
    {
        bytes.Add((byte)bits);
        if ((byte)bits == 0xFF) bytes.Add(0);
        (bits, count) = (0, 0);
    }

    private void Segment(byte marker, byte[] content) =>
        bytes.AddRange([0xFF, marker, (byte)(content.Length + 2 >> 8), (byte)(content.Length + 2), .. content]);
}
