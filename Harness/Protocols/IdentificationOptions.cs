using System.ComponentModel;
using System.ComponentModel.DataAnnotations;
using System.Text.Json.Serialization;
using Ablation.Harness.Faces;
using Ablation.Harness.Foundations;
using Ablation.Harness.Images;
using Ablation.Harness.Metrics;
using Ablation.Losses.Options;

namespace Ablation.Harness.Protocols;

/// <summary>Identification on any set of labelled faces: the first images of an identity are enrolled, the others are probes.</summary>
[Description("identification on any labelled faces: the first images of each identity are the gallery, the others are searched in it")]
public sealed record IdentificationOptions : ProtocolOptions
{
    /// <summary>Default number of distractors, as in ablation tables of the field; fewer if fewer are available.</summary>
    public const int UsualDistractors = 10_000;

    [Required, Description("The labelled faces, written like a suite's training data")]
    public required SourceOptions Faces { get; init; }

    [Description("Images of each identity in the gallery: its first ones"), Range(1, 1000)]
    public int Enrolled { get; init; } = 1;

    [Description("Share of the identities that are not enrolled; all their images are non-mated probes (open set)"),
        Range(0.0, 1.0, MaximumIsExclusive = true)]
    public double Unenrolled { get; init; }

    [Description("Faces of other people that are added after the gallery")]
    public SourceOptions? Distractors { get; init; }

    [Description("Numbers of distractors, rising; every figure is reported for each. Default: 10000, or all if there are fewer")]
    [Rising]
    public IReadOnlyList<int>? DistractorCounts { get; init; }

    [Description("Draws the identities that are not enrolled, and the order of the distractors")]
    public int Seed { get; init; }

    [Description(
        "MegaFace's rule: no identity is enrolled; each image searches for each other image of its identity among the distractors")]
    [JsonIgnore(Condition = JsonIgnoreCondition.WhenWritingDefault)]
    public bool EachMateAlone { get; init; }

    [Description("Name in tables; default: the faces' name and \"1:N\"")]
    public string? Name { get; init; }

    public override FaceTest Open(DataRoot data)
    {
        CheckedOptions.Of(this);
        if (Distractors is null && DistractorCounts is not null)
            throw new DataProblem("Identification.DistractorCounts", "numbers of distractors without distractors",
                "name the faces in Distractors");
        if (EachMateAlone && Distractors is null)
            throw new DataProblem("Identification.EachMateAlone", "there are no distractors to search among",
                "name the faces in Distractors");
        if (EachMateAlone && (Enrolled != 1 || Unenrolled > 0))
            throw new DataProblem("Identification.EachMateAlone", "no identity is enrolled by this rule", "omit Enrolled and Unenrolled");
        var faces = Faces.Open(data);
        FaceSource? distractors = null;
        try
        {
            distractors = Distractors?.Open(data);
            return new SourceIdentification(this, faces, distractors);
        }
        catch
        {
            faces.Dispose();
            distractors?.Dispose();
            throw;
        }
    }
}

internal sealed class SourceIdentification : IdentificationTest
{
    private readonly FaceSource faces;
    private readonly FaceSource? distractors;
    private readonly int[] distractorOrder = [];
    private readonly Lazy<string?> facesPrint, distractorsPrint;
    private readonly Lazy<string[]> alike;

    public SourceIdentification(IdentificationOptions options, FaceSource faces, FaceSource? distractors)
    {
        (this.faces, this.distractors) = (faces, distractors);
        alike = new(() => [.. SoughtDistractors()]);
        (facesPrint, distractorsPrint) = (new(() => faces.Fingerprint), new(() => distractors?.Fingerprint));
        Name = options.Name ?? $"{faces.Name} 1:N";
        int[] identities = [.. Enumerable.Range(0, faces.Identities)];
        new RandomStream(options.Seed, StreamPurpose.IdentificationSplit).Shuffle(identities);
        var strangers = identities[..(int)Math.Floor(options.Unenrolled * identities.Length + 0.5)].ToHashSet();
        if (options.Unenrolled > 0 && strangers.Count == 0)
            throw new DataProblem("Identification.Unenrolled",
                $"{options.Unenrolled} of {identities.Length} identities is less than one, so every probe would have a mate",
                $"raise it to {1.0 / identities.Length:0.####} or more, or omit it");
        var (probes, gallery, seen) = (new List<int>(), new List<int>(), new int[faces.Identities]);
        for (var image = 0; image < faces.Count; image++)
        {
            var identity = faces.IdentityOf(image);
            (!options.EachMateAlone && !strangers.Contains(identity) && seen[identity]++ < options.Enrolled ? gallery : probes).Add(image);
        }

        if (options.EachMateAlone && probes.CountBy(faces.IdentityOf).All(count => count.Value < 2))
            throw new DataProblem(faces.Name, "no identity has two images, so no probe has a mate",
                "use faces with more images per identity");
        if (gallery.Count == 0 && !options.EachMateAlone)
            throw new DataProblem(faces.Name, "the gallery is empty", "enrol at least one identity: lower unenrolled");
        if (probes.Count == 0)
            throw new DataProblem(faces.Name, $"no identity has more than {options.Enrolled} images, so there are no probes",
                "lower enrolled, or use faces with more images per identity");
        int[] levels = [];
        if (distractors is not null)
        {
            levels = DistractorLevels.Choose(options.DistractorCounts, distractors.Count, [IdentificationOptions.UsualDistractors],
                $"distractors of {Name}");
            distractorOrder = [.. Enumerable.Range(0, distractors.Count)];
            new RandomStream(options.Seed, StreamPurpose.IdentificationSplit, StreamPart.DistractorOrder).Shuffle(distractorOrder);
            distractorOrder = distractorOrder[..levels[^1]];
        }

        Design = new IdentificationDesign(options.EachMateAlone
            ? MateRule.EachAlone
            : MateRule.Any, [.. probes], [.. probes.Select(faces.IdentityOf)], [.. gallery], [.. gallery.Select(faces.IdentityOf)],
            [.. Enumerable.Range(faces.Count, distractorOrder.Length)], levels, options.EachMateAlone ? [1] : [1, 5, 10]);
    }

    public override string Name { get; }

    public override int ImageCount => faces.Count + distractorOrder.Length;

    public override IdentificationDesign Design { get; }

    public override IReadOnlyList<string> Notes => [.. faces.Notes, .. distractors?.Notes ?? [], .. alike.Value];

    /// <summary>Returns a line if people who are searched for stand among the distractors, by their names.</summary>
    private IEnumerable<string> SoughtDistractors()
    {
        if (distractors is null) yield break;
        var sought = Enumerable.Range(0, faces.Identities).Select(faces.PersonName).OfType<string>().Select(PlainName.Normalise)
            .ToHashSet(StringComparer.Ordinal);
        var own = distractorOrder.Select(distractors.IdentityOf).Distinct().Select(distractors.PersonName).OfType<string>()
            .Where(name => sought.Contains(PlainName.Normalise(name))).Order(StringComparer.Ordinal).ToList();
        if (own.Count > 0)
            yield return $"{own.Count} people who are searched for are distractors too, such as {own[0]}: a probe that finds such a " +
                "picture counts as wrong; leave them out by a Subset";
    }

    public override FaceImage Read(int image) => At(image).Source.Read(At(image).Index).Image;

    public override string Locate(int image) => At(image).Source.Locate(At(image).Index);

    public override string ImageName(int image)
    {
        var (source, index) = At(image);
        return image < faces.Count ? source.ImageName(index) : $"distractors/{source.ImageName(index)}";
    }

    /// <summary>Returns the source's key if it has one, else the source's fingerprint with the image's number.</summary>
    public override string? ImageKey(int image)
    {
        var (source, index) = At(image);
        return source.ImageKey(index)
            ?? ((image < faces.Count ? facesPrint : distractorsPrint).Value is { } print ? $"{print} #{index}" : null);
    }

    public override string? PersonName(int image)
    {
        var (source, index) = At(image);
        return source.PersonName(source.IdentityOf(index));
    }

    public override void Describe(DesignHash hash)
    {
        base.Describe(hash);
        hash.Add(distractorOrder);
    }

    public override void Dispose()
    {
        faces.Dispose();
        distractors?.Dispose();
        base.Dispose();
    }

    private (FaceSource Source, int Index) At(int image) =>
        image < faces.Count ? (faces, image) : (distractors!, distractorOrder[image - faces.Count]);
}
