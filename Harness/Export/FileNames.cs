using Ablation.Harness.Networks;
using Ablation.Harness.Weights;
using Ablation.Losses.Options;

namespace Ablation.Harness.Export;

/// <summary>The names of a network's tensors in an exported file, in the naming of a code base.</summary>
public sealed class FileNames
{
    private const string Counter = "num_batches_tracked", BesideCounter = "running_mean";
    private static readonly WeightNames OwnNaming = new OwnNames();
    private readonly Dictionary<string, string> theirs;

    private FileNames(WeightNames naming, ExportedNetwork network)
    {
        Naming = naming.Name;
        List<string> all = [.. network.Network.state_dict().Keys];
        theirs = naming.Of(network.Options, [.. all.Where(name => !IsCounter(name))])
            .ToDictionary(place => place.Ours, place => place.Theirs, StringComparer.Ordinal);
        // namings have no names of the batch counters, which PyTorch keeps beside the statistics of each norm
        foreach (var counter in all.Where(IsCounter)) theirs.Add(counter, Swap(theirs[Swap(counter, BesideCounter)], Counter));
    }

    /// <summary>First words of the known namings: "ablation", "arcface_torch".</summary>
    public static IReadOnlyList<string> Words { get; } = [.. WeightNames.All.Select(FirstWord).Distinct().Order(StringComparer.Ordinal)];

    /// <summary>The naming: "arcface_torch mbf".</summary>
    public string Naming { get; }

    /// <summary>Returns this program's own names.</summary>
    public static FileNames Own(ExportedNetwork network) => new(OwnNaming, network);

    /// <summary>Returns the names of the code base that trains the same network; this program's own if there is none.</summary>
    public static FileNames OfTheField(ExportedNetwork network) => new(Fitting(network.Options).FirstOrDefault(OwnNaming), network);

    /// <summary>Returns the names of a code base.</summary>
    /// <param name="word">One of <see cref="Words"/>.</param>
    /// <exception cref="ArgumentException">The code base has no such network.</exception>
    public static FileNames Of(string word, ExportedNetwork network)
    {
        if (word == OwnNaming.Name) return Own(network);
        var naming = Fitting(network.Options).FirstOrDefault(one => FirstWord(one) == word) ?? throw new ArgumentException(
            $"--names {word}: no network of {word} has the structure of this {Catalog.NameOf(network.Options)}; use --names " +
            $"{string.Join(" or ", Fitting(network.Options).Select(FirstWord).Append(OwnNaming.Name))}");
        return new FileNames(naming, network);
    }

    /// <summary>Returns the name of a tensor by its name in the network.</summary>
    public string this[string own] => theirs[own];

    /// <summary>Returns the namings of other programs' code in which a network of this structure is trained.</summary>
    private static IEnumerable<WeightNames> Fitting(BackboneOptions options) => WeightNames.All.Where(naming =>
        naming.Name != OwnNaming.Name && naming.Suits(options)
        && naming.Networks.Values.Any(network => Structure(network) == Structure(options)));

    /// <summary>The options without those that leave names and their order as they are.</summary>
    private static BackboneOptions Structure(BackboneOptions options)
    {
        var bare = options with { EmbeddingDimension = 512, Init = null, Frozen = null };
        return bare is IResNetOptions iresnet ? iresnet with { Dropout = 0 } : bare;
    }

    private static string FirstWord(WeightNames naming) => naming.Name.Split(' ')[0];

    private static bool IsCounter(string name) => name.EndsWith($".{Counter}", StringComparison.Ordinal);

    private static string Swap(string name, string leaf) => name[..(name.LastIndexOf('.') + 1)] + leaf;
}
