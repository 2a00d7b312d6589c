using System.Buffers.Binary;

namespace Ablation.Harness.Images;

/// <summary>The scans of a JPEG that have begun (ITU-T T.81, annex B): a progressive one cut off between two scans still decodes,
/// coarsely.</summary>
/// <param name="AreAllThere">Whether every component has a scan and, if progressive, every coefficient its last bit.</param>
/// <param name="NextRestart">Number of the restart marker that would follow.</param>
internal sealed record JpegScans(bool AreAllThere, int NextRestart)
{
    private const int Coefficients = 64;

    /// <param name="bytes">From the start marker to anywhere in a scan.</param>
    /// <returns>Null if it has its end marker, ends outside a scan, or is damaged.</returns>
    public static JpegScans? Read(ReadOnlySpan<byte> bytes)
    {
        var (isProgressive, restart, inScan) = (false, 0, false);
        var missing = new Dictionary<byte, int[]>(); // by component: the lowest bit that each coefficient has
        for (var at = 2; at + 1 < bytes.Length;)
        {
            if (bytes[at] != 0xFF || bytes[at + 1] is 0 or 0xFF)
            {
                if (!inScan && bytes[at] != 0xFF) return null;
                at += bytes[at] == 0xFF && bytes[at + 1] == 0 ? 2 : 1;
                continue;
            }

            var marker = bytes[at + 1];
            at += 2;
            if (marker == 0xD9) return null;
            if (marker is >= 0xD0 and <= 0xD7)
            {
                restart = marker - 0xD0 + 1;
                continue;
            }

            if (at + 2 > bytes.Length || at + BinaryPrimitives.ReadUInt16BigEndian(bytes[at..]) is var next && next > bytes.Length)
                return null;
            var segment = bytes[(at + 2)..(at + BinaryPrimitives.ReadUInt16BigEndian(bytes[at..]))];
            at += 2 + segment.Length;
            inScan = marker == 0xDA;
            if (marker is >= 0xC0 and <= 0xCF and not (0xC4 or 0xC8 or 0xCC))
            {
                isProgressive = marker is 0xC2 or 0xC6 or 0xCA or 0xCE;
                for (var i = 6; i + 2 < segment.Length; i += 3) missing[segment[i]] = [.. Enumerable.Repeat(int.MaxValue, Coefficients)];
            }

            if (inScan && !Scan(segment, isProgressive, missing)) return null;
            if (inScan) restart = 0;
        }

        return inScan ? new JpegScans(missing.Count > 0 && missing.Values.All(bits => bits.All(bit => bit == 0)), restart % 8) : null;
    }

    /// <summary>Notes what the scan carries; false if its head is damaged.</summary>
    private static bool Scan(ReadOnlySpan<byte> head, bool isProgressive, Dictionary<byte, int[]> missing)
    {
        if (head.Length < 4 || head.Length < 4 + 2 * head[0]) return false;
        var tail = head[(1 + 2 * head[0])..];
        var (from, to, bit) = isProgressive ? (tail[0], tail[1], tail[2] & 15) : (0, Coefficients - 1, 0);
        if (from > to || to >= Coefficients) return false;
        for (var i = 0; i < head[0]; i++)
        {
            if (!missing.TryGetValue(head[1 + 2 * i], out var bits)) return false;
            bits.AsSpan(from, to - from + 1).Fill(bit);
        }

        return true;
    }
}
