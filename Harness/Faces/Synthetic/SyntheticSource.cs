using Ablation.Harness.Foundations;
using Ablation.Harness.Images;

namespace Ablation.Harness.Faces.Synthetic;

/// <summary>A set of synthetic faces, sorted by person; each picture is painted when it is read.</summary>
public sealed class SyntheticSource : FaceSource
{
    private readonly SyntheticOptions options;
    private readonly int[] starts;
    private readonly int[] labels;

    /// <exception cref="DataProblem">There are more pictures than an index can count.</exception>
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

    /// <summary>Pictures that carry another person's label.</summary>
    public int Mislabelled => (int)Math.Floor(options.LabelNoise * Count + 0.5);

    public override LabelledFace Read(int index)
    {
        var person = PersonOf(index);
        return new LabelledFace(SyntheticFace.Paint(options.Seed, person, index - starts[person], options.Difficulty, options.Resolution),
            labels[index]);
    }

    public override int IdentityOf(int index) => labels[index];

    /// <summary>Who is really shown, whatever the label says.</summary>
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

    /// <summary>The first pictures of a shuffle get another label, so that more noise keeps the wrong labels of less.</summary>
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
