using System.ComponentModel;
using System.ComponentModel.DataAnnotations;
using Ablation.Harness.Foundations;
using Ablation.Harness.Images;

namespace Ablation.Harness.Faces.Synthetic;

/// <summary>Synthetic training faces painted by this program: they show nobody, need no files and are the same everywhere.</summary>
[Description("Synthetic faces painted by this program from a seed; they show nobody and need no files")]
public sealed record SyntheticOptions : SourceOptions
{
    [Description("People"), Range(2, 1_000_000)]
    public int Identities { get; init; } = 100;

    [Description("Pictures per person (the mean if longTail is not 0)"), Range(1, 10_000)]
    public int ImagesPerIdentity { get; init; } = 20;

    [Description("Chooses the family of people and pictures")]
    public int Seed { get; init; }

    [Description("0: plain portraits of unlike people; 1: strong pose, light and cover, people much alike"), Range(0.0, 1.0)]
    public double Difficulty { get; init; } = 0.5;

    [Description("0: equal counts; else person k has pictures in proportion to 1 / (k+1)^longTail, at least one"), Range(0.0, 3.0)]
    public double LongTail { get; init; }

    [Description("Share of the pictures that carry another person's label"), Range(0.0, 0.4)]
    public double LabelNoise { get; init; }

    [Description("Pixels per side of the stored picture"), Range(16, 512)]
    public int Resolution { get; init; } = 112;

    /// <inheritdoc/>
    public override FaceSource Open(DataRoot data) => new SyntheticSource(CheckedOptions.Of(this));
}

/// <summary>A set of synthetic faces, sorted by person; each picture is painted when it is read.</summary>
public sealed class SyntheticSource : FaceSource
{
    private readonly SyntheticOptions options;
    private readonly int[] starts;
    private readonly int[] labels;

    /// <exception cref="DataProblem">There are more pictures than an index can hold.</exception>
    public SyntheticSource(SyntheticOptions options)
    {
        this.options = options;
        var total = (long)options.Identities * options.ImagesPerIdentity;
        if (total > Array.MaxLength)
            throw new DataProblem("Synthetic", $"{total} pictures are too many", "lower Identities or ImagesPerIdentity");
        starts = new int[options.Identities + 1];
        labels = new int[total];
        var counts = LongTail.Counts(options.Identities, (int)total, options.LongTail);
        for (var identity = 0; identity < options.Identities; identity++)
        {
            starts[identity + 1] = starts[identity] + counts[identity];
            labels.AsSpan(starts[identity], counts[identity]).Fill(identity);
        }

        Mislabel();
    }

    public override string Name => $"synthetic ({options.Identities} x {options.ImagesPerIdentity}, difficulty {options.Difficulty})";

    public override int Count => labels.Length;

    public override int Identities => options.Identities;

    /// <summary>Number of pictures with another person's label.</summary>
    public int Mislabelled => (int)Math.Floor(options.LabelNoise * Count + 0.5);

    public override LabelledFace Read(int index)
    {
        var person = PersonOf(index);
        return new LabelledFace(SyntheticFace.Paint(options.Seed, person, index - starts[person], options.Difficulty, options.Resolution),
            labels[index]);
    }

    public override int IdentityOf(int index) => labels[index];

    /// <summary>Returns the person shown, whatever the label.</summary>
    public int PersonOf(int index)
    {
        ArgumentOutOfRangeException.ThrowIfNegative(index);
        ArgumentOutOfRangeException.ThrowIfGreaterThanOrEqual(index, Count);
        var found = Array.BinarySearch(starts, index);
        return found >= 0 ? found : ~found - 1;
    }

    public override string ImageName(int index) => $"{PersonName(PersonOf(index))}/{index - starts[PersonOf(index)]}";

    public override string? ImageKey(int index) =>
        $"synthetic {options.Seed} {PersonOf(index)} {index - starts[PersonOf(index)]} {options.Difficulty} {options.Resolution}";

    public override string PersonName(int identity) => $"synthetic-{options.Seed}-{identity}";

    public override string Locate(int index)
    {
        var person = PersonOf(index);
        return $"synthetic seed {options.Seed}, person {person}, picture {index - starts[person]}";
    }

    /// <summary>Gives the first pictures of a shuffle another label, so that more noise keeps the wrong labels of less.</summary>
    private void Mislabel()
    {
        if (Mislabelled == 0) return;
        var stream = new RandomStream(options.Seed, StreamPurpose.SyntheticLabelNoise);
        var visits = new int[Count];
        for (var i = 0; i < visits.Length; i++) visits[i] = i;
        stream.Shuffle(visits);
        foreach (var index in visits.AsSpan(0, Mislabelled))
            labels[index] = (labels[index] + 1 + stream.NextBelow(options.Identities - 1)) % options.Identities;
    }
}
