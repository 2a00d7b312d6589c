using System.ComponentModel;
using System.ComponentModel.DataAnnotations;
using Ablation.Harness.Faces;
using Ablation.Harness.Faces.Synthetic;
using Ablation.Harness.Foundations;
using Ablation.Harness.Images;

namespace Ablation.Harness.Protocols;

/// <summary>A verification test on synthetic people who are in no synthetic training set.</summary>
[Description("Verification pairs of synthetic faces; the people are in no synthetic training set")]
public sealed record SyntheticPairsOptions : PairProtocolOptions
{
    [Description("Pairs, half of them of one person; a multiple of twice folds"), Range(2, 1_000_000)]
    public int Pairs { get; init; } = 2000;

    [Description("Folds; no person is in two of them"), Range(1, 100)]
    public int Folds { get; init; } = 10;

    [Description("As for the training faces"), Range(0.0, 1.0)]
    public double Difficulty { get; init; } = 0.5;

    [Description("Chooses the family of people; the seed of the training set gives the same family, but other people")]
    public int Seed { get; init; }

    [Description("Pixels per side of the stored picture"), Range(16, 512)]
    public int Resolution { get; init; } = 112;

    /// <inheritdoc/>
    protected override PairProtocol OpenPairs(DataRoot data) => new SyntheticPairs(CheckedOptions.Of(this));
}

/// <summary>
/// Balanced pairs in folds that share no person: five pairs per person from its six pictures, and as many pairs of two people.
/// </summary>
public sealed class SyntheticPairs : PairProtocol
{
    private const int PicturesEach = 6;
    private const int SamePairsEach = 5; // of the 15 that six pictures allow

    private readonly SyntheticPairsOptions options;
    private readonly List<FacePair> pairs = [];
    private readonly List<(long Person, int Picture)> images = [];

    /// <exception cref="DataProblem">The pairs cannot be split evenly.</exception>
    public SyntheticPairs(SyntheticPairsOptions options)
    {
        this.options = options;
        if (options.Pairs % (2 * options.Folds) != 0)
        {
            throw new DataProblem("SyntheticPairs.Pairs",
                $"{options.Pairs} pairs cannot be split into {options.Folds} folds, half of each of one person",
                $"choose a multiple of {2 * options.Folds}");
        }

        var half = options.Pairs / (2 * options.Folds);
        var people = Math.Max(2, (half + SamePairsEach - 1) / SamePairsEach);
        for (var fold = 0; fold < options.Folds; fold++) AddFold(fold, half, people);
    }

    public override string Name => $"synthetic pairs (difficulty {options.Difficulty})";

    public override int ImageCount => images.Count;

    public override IReadOnlyList<FacePair> Pairs => pairs;

    public override int Folds => options.Folds;

    public override FaceImage Read(int image)
    {
        var (person, picture) = images[image];
        return SyntheticFace.Paint(options.Seed, person, picture, options.Difficulty, options.Resolution);
    }

    public override string ImageName(int image) => $"{PersonName(image)}/{images[image].Picture}";

    public override string? ImageKey(int image) =>
        $"synthetic {options.Seed} {images[image].Person} {images[image].Picture} {options.Difficulty} {options.Resolution}";

    public override string PersonName(int image) => $"synthetic-{options.Seed}-{images[image].Person}";

    public override string Locate(int image) =>
        $"synthetic seed {options.Seed}, test person {images[image].Person - SyntheticFace.FirstTestIdentity}, picture " +
        $"{images[image].Picture}";

    private void AddFold(int fold, int half, int people)
    {
        var stream = new RandomStream(options.Seed, StreamPurpose.SyntheticPairs, fold);
        var numbers = new Dictionary<(int Person, int Picture), int>();
        int ImageOf(int person, int picture)
        {
            if (numbers.TryGetValue((person, picture), out var number)) return number;
            images.Add((SyntheticFace.FirstTestIdentity + (long)fold * people + person, picture));
            return numbers[(person, picture)] = images.Count - 1;
        }

        var mates = Enumerable.Range(0, people).Select(_ => Mates(stream)).ToArray();
        for (var i = 0; i < half; i++)
        {
            var (first, second) = mates[i % people][i / people];
            pairs.Add(new FacePair(ImageOf(i % people, first), ImageOf(i % people, second), Same: true, fold));
        }

        var seen = new HashSet<(int, int)>();
        while (seen.Count < half)
        {
            var person = stream.NextBelow(people);
            var other = (person + 1 + stream.NextBelow(people - 1)) % people;
            var (first, second) = (ImageOf(person, stream.NextBelow(PicturesEach)), ImageOf(other, stream.NextBelow(PicturesEach)));
            if (seen.Add((Math.Min(first, second), Math.Max(first, second)))) pairs.Add(new FacePair(first, second, Same: false, fold));
        }
    }

    /// <summary>Returns all pairs of a person's pictures, shuffled.</summary>
    private static (int First, int Second)[] Mates(RandomStream stream)
    {
        var all = (from first in Enumerable.Range(0, PicturesEach)
                   from second in Enumerable.Range(first + 1, PicturesEach - first - 1)
                   select (first, second)).ToArray();
        var visits = Enumerable.Range(0, all.Length).ToArray();
        stream.Shuffle(visits);
        return [.. visits.Select(i => all[i])];
    }
}
