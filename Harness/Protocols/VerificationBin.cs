using System.Buffers.Binary;
using System.ComponentModel;
using System.ComponentModel.DataAnnotations;
using System.Security.Cryptography;
using Ablation.Harness.Faces;
using Ablation.Harness.Formats;
using Ablation.Harness.Foundations;
using Ablation.Harness.Images;

namespace Ablation.Harness.Protocols;

/// <summary>A verification file of the field (lfw.bin, cfp_fp.bin, agedb_30.bin): a pickle of 2N encoded images and N booleans,
/// pair i = images 2i and 2i+1; ten contiguous folds.</summary>
[Description("A pickled verification file: lfw.bin, cfp_fp.bin, agedb_30.bin, calfw.bin, cplfw.bin")]
public sealed record VerificationBinOptions : PairProtocolOptions
{
    [Required, Description("The .bin file")]
    [OnDisk]
    public required string Path { get; init; }

    [Description("Name in tables; default: from the file's name")]
    public string? Name { get; init; }

    protected override PairProtocol OpenPairs(DataRoot data) => new VerificationBin(data.Resolve(Path), Name);
}

/// <summary>Holds the file in memory and per image only its place in it; equal images count as one.</summary>
internal sealed class VerificationBin : PairProtocol
{
    private const string Cure = "the file is a pickle of (list of 2N encoded images, list of N booleans)";
    private readonly byte[] file;
    private readonly string path;
    private readonly List<PickleBytes> images = [];
    private readonly List<UInt128> keys = []; // of their bytes
    private readonly FacePair[] pairs;

    public VerificationBin(string path, string? name)
    {
        this.path = path;
        Name = name ?? UsualName(System.IO.Path.GetFileNameWithoutExtension(path));
        file = Bytes(path);
        var (images, same) = Halves(PickleReader.Read(file, path, new PickleGlobals(file, path)));
        if (same.Length == 0 || images.Count != 2L * same.Length)
            throw new DataProblem(path, $"{images.Count} images for {same.Length} pairs", Cure);

        var number = Number(images);
        Folds = ContiguousFolds.Count(same.Length);
        pairs = new FacePair[same.Length];
        for (var i = 0; i < pairs.Length; i++)
            pairs[i] = new FacePair(number[2 * i], number[2 * i + 1], same[i], ContiguousFolds.FoldOf(i, same.Length, Folds));
    }

    public override string Name { get; }

    public override int ImageCount => images.Count;

    public override IReadOnlyList<FacePair> Pairs => pairs;

    public override int Folds { get; }

    public override FaceImage Read(int image) => Noting(image, ImageDecoder.Decode(images[image].Read(file, path), Locate(image)));

    public override string Locate(int image) => $"{path}@{images[image].Offset}";

    /// <summary>Returns the image's place among the file's distinct images, from 0.</summary>
    public override string ImageName(int image) => image.ToString("000000");

    public override string? ImageKey(int image) => $"bytes {keys[image]:x32}";

    /// <summary>Numbers each listed image among the distinct ones: lfw.bin lists 12,000 images, 7,701 distinct.</summary>
    private int[] Number(List<object?> images)
    {
        var known = new Dictionary<UInt128, int>();
        var numbers = new int[images.Count];
        Span<byte> hash = stackalloc byte[SHA256.HashSizeInBytes];
        for (var i = 0; i < numbers.Length; i++)
        {
            var image = Image(images[i], i);
            SHA256.HashData(file.AsSpan(image.Offset, image.Length), hash);
            var key = BinaryPrimitives.ReadUInt128LittleEndian(hash);
            if (!known.TryGetValue(key, out numbers[i]))
            {
                known.Add(key, numbers[i] = this.images.Count);
                this.images.Add(image);
                keys.Add(key);
            }
        }

        return numbers;
    }

    private PickleBytes Image(object? value, int index)
    {
        switch (value)
        {
            case PickleBytes { IsText: false } bytes: return bytes;
            case PickleArray { Code: "u1", Data: { IsText: false } data, Shape: [long length, .. var rest] }
                when rest.All(side => side is 1L) && (data.Form != PickleForm.Raw || data.Length == length):
                return data;
            default:
                var at = value is PickleArray { Data: { } part } ? $"{path}@{part.Offset}" : path;
                throw new DataProblem(at, $"image {index} is neither bytes nor a uint8 array of shape (N,) or (N,1)", Cure);
        }
    }

    private (List<object?> Images, bool[] Same) Halves(object? value) => value switch
    {
        object?[] and [List<object?> images, var same] => (images, new PickleTruths(file, path).Read(same)),
        List<object?> and [List<object?> images, var same] => (images, new PickleTruths(file, path).Read(same)),
        _ => throw new DataProblem(path, "the pickle is not two lists, of images and of truths", Cure),
    };

    private static byte[] Bytes(string path)
    {
        if (!File.Exists(path)) throw new DataProblem(path, "no such file", "check the path and the data folder");
        try
        {
            return File.ReadAllBytes(path);
        }
        catch (Exception problem) when (problem is IOException or UnauthorizedAccessException)
        {
            throw new DataProblem(path, "the file cannot be read", "check its permissions; files above 2 GB are not read", problem);
        }
    }

    private static string UsualName(string file) => file switch
    {
        "lfw" => "LFW",
        "cfp_ff" => "CFP-FF",
        "cfp_fp" => "CFP-FP",
        "agedb_30" => "AgeDB-30",
        "calfw" => "CALFW",
        "cplfw" => "CPLFW",
        "vgg2_fp" => "VGG2-FP",
        _ => file,
    };
}
