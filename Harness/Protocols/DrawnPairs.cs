using System.ComponentModel;
using System.ComponentModel.DataAnnotations;
using Ablation.Harness.Faces;
using Ablation.Harness.Foundations;
using Ablation.Harness.Images;

namespace Ablation.Harness.Protocols;

/// <summary>
/// A verification test with pairs drawn from any set of labelled faces; for sets without a protocol, and for validation.
/// </summary>
[Description("Verification pairs drawn from a source of faces: half of one person, half of two, in folds that share no person")]
public sealed record DrawnPairsOptions : PairProtocolOptions
{
    [Required, Description("The source of the faces")]
    public required SourceOptions Of { get; init; }

    [Description("Pairs, half of them of one person; a multiple of twice folds"), Range(2, 1_000_000)]
    public int Pairs { get; init; } = 2000;

    [Description("Folds; no person is in two of them"), Range(1, 100)]
    public int Folds { get; init; } = 10;

    [Description("Draws folds and pairs")]
    public int Seed { get; init; }

    /// <inheritdoc/>
    protected override PairProtocol OpenPairs(DataRoot data)
    {
        CheckedOptions.Of(this);
        var source = Of.Open(data);
        try
        {
            return new DrawnPairs(this, source);
        }
        catch
        {
            source.Dispose();
            throw;
        }
    }
}

/// <summary>
/// Deals identities into folds. Within a fold, draws pairs of one person from one person after another, and pairs of two persons by drawing
/// two persons and a picture of each. All pairs are distinct. Owns the source.
/// </summary>
internal sealed class DrawnPairs : PairProtocol
{
    private const int PatientDraws = 20; // per pair; after that, images are drawn instead of persons
    private readonly FaceSource source;
    private readonly DrawnPairsOptions options;
    private readonly List<FacePair> pairs = [];
    private readonly List<int> images = []; // of the source, in the order of their first pair
    private readonly Dictionary<int, int> numbers = [];

    /// <exception cref="DataProblem">The pairs cannot be split evenly, or a fold has too few.</exception>
    public DrawnPairs(DrawnPairsOptions options, FaceSource source)
    {
        (this.options, this.source) = (options, source);
        if (options.Pairs % (2 * options.Folds) != 0)
        {
            throw new DataProblem("DrawnPairs.pairs",
                $"{options.Pairs} pairs cannot be split into {options.Folds} folds, half of each of one person",
                $"choose a multiple of {2 * options.Folds}");
        }

        var half = options.Pairs / (2 * options.Folds);
        var byIdentity = Enumerable.Range(0, source.Count).ToLookup(source.IdentityOf);
        int[] order = [.. byIdentity.Select(person => person.Key).Order()];
        new RandomStream(options.Seed, StreamPurpose.DrawnPairs).Shuffle(order);
        for (var fold = 0; fold < options.Folds; fold++)
            AddFold(fold, half,
                [.. order.Where((_, place) => place % options.Folds == fold).Select(identity => byIdentity[identity].ToArray())]);
    }

    public override string Name => $"{options.Pairs} pairs of {source.Name}";

    public override int ImageCount => images.Count;

    public override IReadOnlyList<FacePair> Pairs => pairs;

    public override int Folds => options.Folds;

    public override IReadOnlyList<string> Notes => [.. base.Notes, .. source.Notes];

    public override FaceImage Read(int image) => source.Read(images[image]).Image;

    public override string Locate(int image) => source.Locate(images[image]);

    public override string ImageName(int image) => source.ImageName(images[image]);

    public override string? ImageKey(int image) => source.ImageKey(images[image]);

    public override string? PersonName(int image) => source.PersonName(source.IdentityOf(images[image]));

    public override void Dispose()
    {
        source.Dispose();
        base.Dispose();
    }

    /// <param name="people">Images of each person of the fold.</param>
    private void AddFold(int fold, int half, IReadOnlyList<int[]> people)
    {
        var mates = people.Sum(person => (long)person.Length * (person.Length - 1) / 2);
        var all = people.Sum(person => (long)person.Length);
        var others = (all * all - people.Sum(person => (long)person.Length * person.Length)) / 2;
        if (mates < half || others < half)
        {
            throw new DataProblem(source.Name,
                $"fold {fold} of {options.Folds} has {people.Count} identities, which give {mates} pairs of one person and " +
                $"{others} of two; {half} of each are needed",
                "use fewer pairs, fewer folds, or a source with more identities or images");
        }

        var stream = new RandomStream(options.Seed, StreamPurpose.DrawnPairs, StreamPart.PairsOfFold, fold);
        foreach (var (first, second) in Mates(people, half, stream)) pairs.Add(new FacePair(NumberOf(first), NumberOf(second), Same: true,
            fold));
        foreach (var (first, second) in Others(people, half, stream)) pairs.Add(new FacePair(NumberOf(first), NumberOf(second), Same: false,
            fold));
    }

    /// <summary>Draws one pair per person in turn, so that persons with many pictures do not dominate the test.</summary>
    private static List<(int, int)> Mates(IReadOnlyList<int[]> people, int count, RandomStream stream)
    {
        var found = new List<(int, int)>();
        var seen = people.Select(_ => new HashSet<(int, int)>()).ToList();
        for (var turn = 0; found.Count < count; turn++)
        {
            var (person, own) = (people[turn % people.Count], seen[turn % people.Count]);
            if (own.Count == (long)person.Length * (person.Length - 1) / 2) continue;
            (int First, int Second) drawn;
            do
            {
                var first = stream.NextBelow(person.Length);
                var second = (first + 1 + stream.NextBelow(person.Length - 1)) % person.Length;
                drawn = (Math.Min(first, second), Math.Max(first, second));
            }
            while (!own.Add(drawn));
            found.Add((person[drawn.First], person[drawn.Second]));
        }

        return found;
    }

    private static List<(int, int)> Others(IReadOnlyList<int[]> people, int count, RandomStream stream)
    {
        (int Person, int Image)[] all = [.. people.Index().SelectMany(person => person.Item.Select(image => (person.Index, image)))];
        var found = new List<(int, int)>();
        var seen = new HashSet<(int, int)>();
        for (var draw = 0L; found.Count < count; draw++)
        {
            var isPatient = draw < (long)PatientDraws * count;
            var (one, other) = isPatient
                ? (OfPerson(stream.NextBelow(people.Count)), OfPerson(stream.NextBelow(people.Count)))
                : (all[stream.NextBelow(all.Length)], all[stream.NextBelow(all.Length)]);
            if (one.Person != other.Person && seen.Add((Math.Min(one.Image, other.Image), Math.Max(one.Image, other.Image))))
                found.Add((one.Image, other.Image));
        }

        return found;

        (int Person, int Image) OfPerson(int person) => (person, people[person][stream.NextBelow(people[person].Length)]);
    }

    private int NumberOf(int image)
    {
        if (numbers.TryGetValue(image, out var number)) return number;
        images.Add(image);
        return numbers[image] = images.Count - 1;
    }
}
