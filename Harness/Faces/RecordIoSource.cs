using System.ComponentModel;
using System.ComponentModel.DataAnnotations;
using Ablation.Harness.Formats;
using Ablation.Harness.Foundations;
using Ablation.Harness.Images;

namespace Ablation.Harness.Faces;

/// <summary>Training faces in a RecordIO pack, as InsightFace and MXNet's im2rec write them.</summary>
[Description("A RecordIO pack: train.rec with train.idx beside it, and perhaps a property file")]
public sealed record RecordIoOptions : SourceOptions
{
    [Required, Description("The folder of the pack, or its .rec file")]
    [OnDisk]
    public required string Path { get; init; }

    public override FaceSource Open(DataRoot data) => new RecordIoSource(PackFiles.At(data.Resolve(Path)));
}

/// <summary>Reads images of a pack. Opening reads the index, record 0 and the last record; it reads every record's head, never an image,
/// only if neither a property file nor identity records state the number of identities.</summary>
/// <remarks>
/// Image i is the i-th by ascending key. If record 0 holds labels and no image, its first label is the first key that is not an image
/// (keys from there on are identity records); otherwise every key is an image. The class of an image comes from its own record, not from
/// the identity records: filtered packs are known to keep old ones.
/// </remarks>
public sealed class RecordIoSource : FaceSource
{
    private const int SmallestRecord = 32; // bytes: magic and length, flag, label and two ids
    private const int MostEmpty = 10_000_000; // classes without an image: a part of a pack may keep the whole one's property file
    private const int ExactFloats = 1 << 24; // whole numbers beyond it are rounded in a float32 label
    private readonly RecordIoFile file;
    private readonly PackFiles pack;
    private readonly int[] keys; // ascending
    private readonly long[] offsets;
    private readonly int first; // position of the first image in the index: 1 behind a header, else 0
    private readonly (int Width, int Height)? size; // from the property file, if it has one
    private int[]? labels; // known only after a scan
    private string[] layout = []; // what a scan noticed of the index

    internal RecordIoSource(PackFiles pack)
    {
        this.pack = pack;
        file = new RecordIoFile(pack.Records);
        try
        {
            (keys, offsets) = RecordIoIndex.Read(pack.Index, file.Length / SmallestRecord);
            CheckEnds();
            var head = keys[0] == 0 ? file.ReadHead(offsets[0]) : default;
            var identityRecords = 0;
            Count = keys.Length;
            if (head is { Labels: > 0, HasImage: false })
            {
                first = 1;
                Count = ImagesBehindHeader(head.Label);
                identityRecords = keys.Length - 1 - Count;
            }

            size = pack.Size();
            Identities = pack.Classes() ?? identityRecords;
            if (Identities > Count && Identities > MostEmpty)
                throw new DataProblem(pack.Property, $"{Identities} classes for {Count} images", "correct the property file: its first " +
                    "number is that of the identities");
            if (Identities == 0) (labels, Identities) = NumberedLabels();
        }
        catch
        {
            file.Dispose();
            throw;
        }
    }

    /// <summary>The folder's name, or the file's if it is not the usual "train.rec".</summary>
    public override string Name => pack.Name;

    public override int Count { get; }

    public override int Identities { get; }

    public override string? Fingerprint => SourceFingerprint.OfPack(pack);

    public override IReadOnlyList<string> Notes => [.. layout, .. UnendedNotes(Locate)];

    /// <summary>Reads the head of every record in the order of the file, on all cores; after that all labels are known.</summary>
    /// <inheritdoc/>
    public override void CheckClasses(CancellationToken cancel = default)
    {
        var scan = PackScan.Read(file, offsets, first, Count, Identities, cancel);
        (labels, layout) = (scan.Labels, scan.Notes);
        if (scan.Missing == 0) return;
        throw new DataProblem(pack.Records,
            $"{Identities} classes are stated by {(pack.Classes() is null ? "the identity records" : pack.Property)}, " +
                $"but {scan.Missing} of them have no image, the first is {scan.FirstMissing}: training would push their proxies away " +
                $"from everything",
            "state the number of classes that the pack has, or take it through a Subset, which numbers those that have images anew");
    }

    public override LabelledFace Read(int index)
    {
        var offset = OffsetOf(index);
        var where = file.Where(offset);
        using var record = file.Read(offset);
        var head = RecordHead.Parse(record.Bytes, record.Bytes.Length, where);
        var identity = head.Class(Identities, where);
        var image = ImageDecoder.Decode(record.Bytes[head.ImageAt..], where);
        if (this.size is { } size && (image.Width, image.Height) != (size.Width, size.Height))
            throw new DataProblem(where,
                $"the image is {image.Width} x {image.Height} pixels, the property file says {size.Width} x {size.Height}",
                    "correct the property file, or write or download the pack again");
        return new LabelledFace(Note(index, image), identity);
    }

    public override bool Touch(int index)
    {
        file.Touch(OffsetOf(index));
        return true;
    }

    public override int IdentityOf(int index)
    {
        if (labels is not null) return labels[index];
        var offset = OffsetOf(index);
        return file.ReadHead(offset).Class(Identities, file.Where(offset));
    }

    public override string Locate(int index) => file.Where(OffsetOf(index));

    public override void Dispose()
    {
        file.Dispose();
        base.Dispose();
    }

    private long OffsetOf(int index)
    {
        // identity records follow the last image
        ArgumentOutOfRangeException.ThrowIfNegative(index);
        ArgumentOutOfRangeException.ThrowIfGreaterThanOrEqual(index, Count);
        return offsets[first + index];
    }

    /// <summary>
    /// Checks that every offset lies in the file and the last record ends in it: a broken download is found here, not after hours.
    /// </summary>
    private void CheckEnds()
    {
        var last = 0;
        for (var i = 0; i < offsets.Length; i++)
        {
            if (offsets[i] > offsets[last]) last = i;
        }

        if (offsets[last] >= file.Length)
        {
            throw new DataProblem(pack.Index, $"key {keys[last]} lies at byte {offsets[last]}, but {pack.Records} has {file.Length}",
                "the pack is cut off or not the index's: download both again");
        }

        _ = file.ReadHead(offsets[last]);
    }

    private int ImagesBehindHeader(float label)
    {
        var where = file.Where(offsets[0]);
        if (!(label >= 2 && label <= int.MaxValue - 128) || label != MathF.Floor(label))
            throw new DataProblem(where, $"record 0 says that images end before key {label}", "write or download the pack again");
        var end = (int)label;
        if (end >= ExactFloats) end = EndOfImages(end);
        var images = end - 1;
        if (images >= keys.Length || keys[images] != images)
        {
            var missing = Enumerable.Range(1, images).First(key => key >= keys.Length || keys[key] != key);
            throw new DataProblem(pack.Index, $"record 0 promises images 1 to {images}, but the index lacks key {missing}",
                "rebuild the index from the pack, or download both again");
        }

        return images;
    }

    /// <summary>Finds the exact end from the records about it: from 2^24 on a float32 holds only every second whole number.</summary>
    private int EndOfImages(int claimed)
    {
        for (var key = claimed - 2; key <= claimed + 2 && key < keys.Length; key++)
        {
            if (keys[key] == key && !file.ReadHead(offsets[key]).HasImage) return key;
        }

        return Math.Min(claimed, keys.Length);
    }

    private (int[] Labels, int Classes) NumberedLabels()
    {
        var labels = PackScan.Read(file, offsets, first, Count, int.MaxValue, CancellationToken.None).Labels;
        var seen = labels.ToHashSet();
        var classes = labels.Max() + 1L;
        if (classes == seen.Count) return (labels, seen.Count);
        var empty = Enumerable.Range(0, int.MaxValue).First(c => !seen.Contains(c));
        throw new DataProblem(pack.Records, $"labels go to {classes - 1}, but no image has label {empty}",
            "put a file \"property\" with the line classes,height,width beside the pack if that is meant, and take the pack through a " +
            "Subset, which numbers the classes that have images anew");
    }
}
