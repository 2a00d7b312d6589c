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

/// <summary>Streams images out of a pack. Opening reads the index, record 0 and the last record; it reads every record's head
/// (never an image) only where neither a property file nor identity records say how many identities there are.</summary>
/// <remarks>
/// Image i is the i-th by ascending key. Where record 0 holds labels and no image, the first label is the first key that is no
/// image (keys from there on are identity records); otherwise every key is an image. An image's class is what its own record
/// says, not the identity records: filtered packs are known to keep old ones.
/// </remarks>
public sealed class RecordIoSource : FaceSource
{
    private const int SmallestRecord = 32; // bytes: magic and length, flag, label and two ids
    private const int ExactFloats = 1 << 24; // whole numbers beyond it are rounded in a float32 label
    private readonly RecordIoFile _file;
    private readonly PackFiles _pack;
    private readonly int[] _keys; // ascending
    private readonly long[] _offsets;
    private readonly int _first; // position of the first image in the index: 1 behind a header, else 0
    private readonly (int Width, int Height)? _size; // where the property file says
    private int[]? _labels; // known only after a scan
    private string[] _layout = []; // what a scan noticed of the index

    internal RecordIoSource(PackFiles pack)
    {
        _pack = pack;
        _file = new RecordIoFile(pack.Records);
        try
        {
            (_keys, _offsets) = RecordIoIndex.Read(pack.Index, _file.Length / SmallestRecord);
            CheckEnds();
            var head = _keys[0] == 0 ? _file.ReadHead(_offsets[0]) : default;
            var identityRecords = 0;
            Count = _keys.Length;
            if (head is { Labels: > 0, HasImage: false })
            {
                _first = 1;
                Count = ImagesBehindHeader(head.Label);
                identityRecords = _keys.Length - 1 - Count;
            }

            _size = pack.Size();
            Identities = pack.Classes() ?? identityRecords;
            if (Identities == 0) (_labels, Identities) = NumberedLabels();
        }
        catch
        {
            _file.Dispose();
            throw;
        }
    }

    /// <summary>The folder's name, or the file's where it is not the usual "train.rec".</summary>
    public override string Name => _pack.Name;

    public override int Count { get; }

    public override int Identities { get; }

    public override string? Fingerprint => SourceFingerprint.OfPack(_pack);

    /// <summary>Reads asked of the pack's file so far: what opening and reading cost.</summary>
    public long Reads => _file.Reads;

    public override IReadOnlyList<string> Notes => [.. _layout, .. Noted(Locate)];

    /// <summary>Reads the head of every record, in the order of the file, on all cores; from then on all labels are known.</summary>
    /// <inheritdoc/>
    public override void CheckClasses(CancellationToken cancel = default)
    {
        var scan = PackScan.Read(_file, _offsets, _first, Count, Identities, cancel);
        (_labels, _layout) = (scan.Labels, scan.Notes);
        if (scan.Missing == 0) return;
        throw new DataProblem(_pack.Records,
            $"{Identities} classes are stated by {(_pack.Classes() is null ? "the identity records" : _pack.Property)}, " +
                $"but {scan.Missing} of them have no image, the first is {scan.FirstMissing}: a training would push their proxies away " +
                $"from everything",
            "state the number of classes that the pack has, or take it through a Subset, which numbers those that have images anew");
    }

    public override LabelledFace Read(int index)
    {
        var offset = OffsetOf(index);
        var where = _file.Where(offset);
        using var record = _file.Read(offset);
        var head = RecordHead.Parse(record.Bytes, record.Bytes.Length, where);
        var identity = Class(head.Label, Identities, where);
        var image = ImageDecoder.Decode(record.Bytes[head.ImageAt..], where);
        if (_size is { } size && (image.Width, image.Height) != (size.Width, size.Height))
            throw new DataProblem(where,
                $"the image is {image.Width} x {image.Height} pixels, the property file says {size.Width} x {size.Height}",
                    "mend the property file, or write or download the pack again");
        return new LabelledFace(Noting(index, image), identity);
    }

    public override bool Touch(int index)
    {
        _file.Touch(OffsetOf(index));
        return true;
    }

    public override int IdentityOf(int index)
    {
        if (_labels is not null) return _labels[index];
        var offset = OffsetOf(index);
        return Class(_file.ReadHead(offset).Label, Identities, _file.Where(offset));
    }

    public override string Locate(int index) => _file.Where(OffsetOf(index));

    public override void Dispose()
    {
        _file.Dispose();
        base.Dispose();
    }

    private long OffsetOf(int index)
    {
        // behind the last image lie identity records, not the array's end
        ArgumentOutOfRangeException.ThrowIfNegative(index);
        ArgumentOutOfRangeException.ThrowIfGreaterThanOrEqual(index, Count);
        return _offsets[_first + index];
    }

    /// <summary>Every offset lies in the file, and the last record ends in it: a broken download is seen here, not after hours.</summary>
    private void CheckEnds()
    {
        var last = 0;
        for (var i = 0; i < _offsets.Length; i++)
        {
            if (_offsets[i] > _offsets[last]) last = i;
        }

        if (_offsets[last] >= _file.Length)
        {
            throw new DataProblem(_pack.Index, $"key {_keys[last]} lies at byte {_offsets[last]}, but {_pack.Records} has {_file.Length}",
                "the pack is cut off or not the index's: download both again");
        }

        _ = _file.ReadHead(_offsets[last]);
    }

    private int ImagesBehindHeader(float label)
    {
        var where = _file.Where(_offsets[0]);
        if (!(label >= 2 && label <= int.MaxValue - 128) || label != MathF.Floor(label))
            throw new DataProblem(where, $"record 0 says that images end before key {label}", "write or download the pack again");
        var end = (int)label;
        if (end >= ExactFloats) end = EndOfImages(end);
        var images = end - 1;
        if (images >= _keys.Length || _keys[images] != images)
        {
            var missing = Enumerable.Range(1, images).First(key => key >= _keys.Length || _keys[key] != key);
            throw new DataProblem(_pack.Index, $"record 0 promises images 1 to {images}, but the index lacks key {missing}",
                "rebuild the index from the pack, or download both again");
        }

        return images;
    }

    /// <summary>A float32 holds only every second whole number from 2^24 on: looks at the records about the claimed end.</summary>
    private int EndOfImages(int claimed)
    {
        for (var key = claimed - 2; key <= claimed + 2 && key < _keys.Length; key++)
        {
            if (_keys[key] == key && !_file.ReadHead(_offsets[key]).HasImage) return key;
        }

        return Math.Min(claimed, _keys.Length);
    }

    private (int[] Labels, int Classes) NumberedLabels()
    {
        var labels = PackScan.Read(_file, _offsets, _first, Count, int.MaxValue, CancellationToken.None).Labels;
        var seen = labels.ToHashSet();
        var classes = labels.Max() + 1L;
        if (classes == seen.Count) return (labels, seen.Count);
        var empty = Enumerable.Range(0, int.MaxValue).First(c => !seen.Contains(c));
        throw new DataProblem(_pack.Records, $"labels go to {classes - 1}, but no image has label {empty}",
            "put a file \"property\" with the line classes,height,width beside the pack if that is meant, and take the pack through a " +
            "Subset, which numbers the classes that have images anew");
    }

    internal static int Class(float label, int classes, string where) =>
        label >= 0 && label < classes && label == MathF.Floor(label)
            ? (int)label
            : throw new DataProblem(where, $"label {label.ToString()} is no class from 0 to {classes - 1}",
                "check the property file, or write or download the pack again")
            { IsLabel = true };
}
