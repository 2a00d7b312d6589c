using System.ComponentModel;
using System.ComponentModel.DataAnnotations;
using System.Text.Json.Serialization;
using Ablation.Harness.Foundations;
using Ablation.Losses.Options;

namespace Ablation.Harness.Faces;

/// <summary>
/// A part of any set of labelled faces: fewer identities, fewer images of each, a long tail, wrong labels, or without the people of given
/// lists. Draws of one seed are nested: a smaller part lies within a larger one, and less noise within more.
/// </summary>
[Description("A part of another source: fewer identities or images, a long tail, wrong labels, people left out")]
public sealed record SubsetOptions : SourceOptions
{
    [Required, Description("The source that the part is taken from")]
    public required SourceOptions Of { get; init; }

    [Description("Number of identities, drawn by the seed; all by default"), Range(2, 100_000_000)]
    public int? Identities { get; init; }

    [Description("Most images per identity, drawn by the seed; all by default"), Range(1, 1_000_000)]
    public int? ImagesPerIdentity { get; init; }

    [Description("Identities with fewer images than this are left out"), Range(1, 1_000_000)]
    public int LeastImages { get; init; } = 1;

    [Description("0: every image; else the k-th identity of the draw keeps the share (k+1)^-longTail of its images, at least one"),
        Range(0.0, 3.0)]
    public double LongTail { get; init; }

    [Description("Share of the images that carry the label of another identity of the part"), Range(0.0, 0.4)]
    public double LabelNoise { get; init; }

    [Description("Lists of people to leave out: one name per line, or a .tsv list of images whose folders are the names")]
    [OnDisk]
    [MayBeEmpty("nobody is left out")]
    public IReadOnlyList<string> Without { get; init; } = [];

    [Description("Lists of images to leave out after everything is drawn, which data noise writes: path TAB class")]
    [OnDisk, MayBeEmpty("no image is left out")]
    [JsonIgnore(Condition = JsonIgnoreCondition.WhenWritingNull)]
    public IReadOnlyList<string>? WithoutImages { get; init; }

    [Description("Draws identities, images and wrong labels")]
    public int Seed { get; init; }

    public override FaceSource Open(DataRoot data)
    {
        CheckedOptions.Of(this);
        var left = new PeopleList();
        foreach (var list in Without) left.Add(data.Resolve(list));
        var images = new ImageList();
        foreach (var list in WithoutImages ?? []) images.Add(data.Resolve(list));
        var whole = Of.Open(data);
        try
        {
            return new SubsetSource(this, whole, left, images);
        }
        catch
        {
            whole.Dispose();
            throw;
        }
    }
}

internal sealed class SubsetSource : PartSource
{
    private readonly SubsetOptions options;
    private readonly HashSet<int> wrong = []; // images with a wrong label
    private readonly IReadOnlyList<string> notes;

    /// <exception cref="DataProblem">Nothing, or fewer identities than required, would be left.</exception>
    public SubsetSource(SubsetOptions options, FaceSource whole, PeopleList without, ImageList leftOut) : base(whole)
    {
        (this.options, Name) = (options, $"part of {whole.Name}");
        var byIdentity = Enumerable.Range(0, whole.Count).ToLookup(whole.IdentityOf);
        int[] order = [.. Enumerable.Range(0, whole.Identities)];
        new RandomStream(options.Seed, StreamPurpose.SubsetIdentities).Shuffle(order);
        if (!without.IsEmpty && order.FirstOrDefault(identity => whole.PersonName(identity) is null, -1) is >= 0 and var nameless)
            throw new DataProblem(whole.Name, $"identity {nameless} has no name, so nobody can be left out by name",
                "leave Without out, or take a source whose folders are names");
        notes = without.Compare(Enumerable.Range(0, without.IsEmpty ? 0 : whole.Identities).Select(whole.PersonName).OfType<string>(),
            whole.Name);
        int[] drawn = [.. order.Where(identity => byIdentity[identity].Count() >= options.LeastImages
            && (without.IsEmpty || !without.Has(whole.PersonName(identity)!)))];
        if (options.Identities is { } wanted)
        {
            if (wanted > drawn.Length)
                throw new DataProblem(whole.Name, $"{drawn.Length} identities are left for {wanted}",
                    "ask for fewer Identities, or lower LeastImages");
            drawn = drawn[..wanted];
        }

        if (drawn.Length < 2)
            throw new DataProblem(whole.Name, $"{drawn.Length} identities are left; a set needs two",
                "lower LeastImages, or leave fewer people out");
        Kept = [.. drawn.Order()];
        var rank = drawn.Index().ToDictionary(one => one.Item, one => one.Index);
        var numbered = Kept.SelectMany((identity, number) => Chosen([.. byIdentity[identity]], rank[identity], identity)
            .Select(image => (image, number))).OrderBy(one => one.image).ToList();
        (Images, Labels) = ([.. numbered.Select(one => one.image)], [.. numbered.Select(one => one.number)]);
        Mislabel();
        if (!leftOut.IsEmpty) (Kept, Images, Labels) = Without(leftOut.In(whole));
    }

    public override string Name { get; }

    public override IReadOnlyList<string> Notes => [.. base.Notes, .. notes];

    public override bool? IsMislabelled(int index) =>
        options.LabelNoise == 0 ? base.IsMislabelled(index) : wrong.Contains(index) || base.IsMislabelled(index) == true;

    /// <summary>
    /// Returns the images of one identity that are kept, by a draw of its own: a smaller number is a prefix of a larger one.
    /// </summary>
    private IEnumerable<int> Chosen(int[] own, int place, int identity)
    {
        var most = Math.Min(own.Length, options.ImagesPerIdentity ?? int.MaxValue);
        if (options.LongTail > 0) most = Math.Max(1, (int)Math.Floor(most * PortableMath.Pow(place + 1, -options.LongTail) + 0.5));
        if (most == own.Length) return own;
        new RandomStream(options.Seed, StreamPurpose.SubsetImages, identity).Shuffle(own);
        return own[..most];
    }

    /// <summary>Leaves images out after everything is drawn, so that the others are as they were, wrong labels too.</summary>
    private (int[] Kept, int[] Images, int[] Labels) Without(HashSet<int> leftOut)
    {
        int[] stay = [.. Enumerable.Range(0, Images.Length).Where(image => !leftOut.Contains(Images[image]))];
        int[] shown = [.. stay.Select(image => Labels[image]).Distinct().Order()];
        if (shown.Length < 2)
            throw new DataProblem(Name, $"{shown.Length} identities are left without the listed images; a set needs two",
                "list fewer images: raise --degrees of data noise");
        int[] wrongStay = [.. stay.Index().Where(one => wrong.Contains(one.Item)).Select(one => one.Index)];
        wrong.Clear();
        wrong.UnionWith(wrongStay);
        return ([.. shown.Select(label => Kept[label])], [.. stay.Select(image => Images[image])],
            [.. stay.Select(image => Array.BinarySearch(shown, Labels[image]))]);
    }

    private void Mislabel()
    {
        var count = (int)Math.Floor(options.LabelNoise * Count + 0.5);
        if (count == 0) return;
        var stream = new RandomStream(options.Seed, StreamPurpose.SubsetLabelNoise);
        int[] visits = [.. Enumerable.Range(0, Count)];
        stream.Shuffle(visits);
        foreach (var image in visits.AsSpan(0, count))
        {
            Labels[image] = (Labels[image] + 1 + stream.NextBelow(Identities - 1)) % Identities;
            wrong.Add(image);
        }
    }
}
