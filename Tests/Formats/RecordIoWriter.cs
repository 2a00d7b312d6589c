
namespace Ablation.Tests.Formats;

/// <summary>Writes RecordIO packs by the definition of the format, as an oracle for the reader.</summary>
internal sealed class RecordIoWriter
{
    public const uint Magic = 0xced7230a;
    private readonly MemoryStream pack = new();

    /// <summary>Key and byte offset of every record, in the order written.</summary>
    public List<(int Key, long Offset)> Index { get; } = [];

    public byte[] Bytes => pack.ToArray();

    public RecordIoWriter Image(int key, float label, byte[] image) => Payload(key, Head(0, label, key), image);

    public RecordIoWriter Image(int key, float[] labels, byte[] image) =>
        Payload(key, [.. Head(labels.Length, 0, key), .. Floats(labels)], image);

    /// <summary>Record 0 of an InsightFace pack: images are 1 .. firstIdentity-1, identities firstIdentity .. end-1.</summary>
    public RecordIoWriter Header(float firstIdentity, float end) => Image(0, [firstIdentity, end], []);

    /// <summary>Writes a pack with a header: image k has <paramref name="labels"/>[k-1]; the identity records give their ranges.</summary>
    public static RecordIoWriter WithHeader(int[] labels, Func<int, byte[]> image)
    {
        var classes = labels.Max() + 1;
        var pack = new RecordIoWriter().Header(labels.Length + 1, labels.Length + 1 + classes);
        for (var i = 0; i < labels.Length; i++) pack.Image(i + 1, labels[i], image(i));
        for (var c = 0; c < classes; c++)
            pack.Image(labels.Length + 1 + c, [Array.IndexOf(labels, c) + 1, Array.LastIndexOf(labels, c) + 2], []);
        return pack;
    }

    /// <summary>Saves pack and index, with the lines of the index in the order written or reversed.</summary>
    public string Save(string folder, string name = "train", string? property = null, bool backwards = false)
    {
        File.WriteAllBytes(Path.Combine(folder, name + ".rec"), Bytes);
        var lines = Index.Select(line => $"{line.Key}\t{line.Offset}\n");
        if (backwards) lines = lines.Reverse();
        File.WriteAllText(Path.Combine(folder, name + ".idx"), string.Concat(lines));
        if (property is not null) File.WriteAllText(Path.Combine(folder, "property"), property);
        return folder;
    }

    private RecordIoWriter Payload(int key, byte[] head, byte[] image)
    {
        Index.Add((key, pack.Position));
        byte[] payload = [.. head, .. image];
        var start = 0;
        for (var i = 0; i + 4 <= payload.Length; i += 4)
        {
            if (BitConverter.ToUInt32(payload, i) != Magic) continue;
            Part(start == 0 ? 1u : 2u, payload[start..i]); // without the magic word
            start = i + 4;
        }

        Part(start == 0 ? 0u : 3u, payload[start..]);
        return this;
    }

    private void Part(uint flag, byte[] bytes)
    {
        pack.Write(BitConverter.GetBytes(Magic));
        pack.Write(BitConverter.GetBytes(flag << 29 | (uint)bytes.Length));
        pack.Write(bytes);
        while (pack.Position % 4 != 0) pack.WriteByte(0);
    }

    private static byte[] Head(int labels, float label, int id) =>
    [
        .. BitConverter.GetBytes(labels), .. BitConverter.GetBytes(label),
        .. BitConverter.GetBytes((ulong)id), .. BitConverter.GetBytes(0UL),
    ];

    private static byte[] Floats(float[] values) => [.. values.SelectMany(BitConverter.GetBytes)];
}
