using Ablation.Harness.Networks;

namespace Ablation.Harness.Weights;

/// <summary>One tensor of a network and its name in a file.</summary>
/// <param name="Ours">Name in our network: "body.unit1_1.residual.conv1.weight".</param>
/// <param name="Theirs">Name in the file, without a prefix: "layer1.0.conv1.weight".</param>
/// <param name="Constant">Value of every element where the file may leave the tensor out; null where it must be there.</param>
public sealed record WeightPlace(string Ours, string Theirs, double? Constant = null);

/// <summary>How one code base names the tensors of a network. One file per naming, found by reflection.</summary>
public abstract class WeightNames
{
    /// <summary>Every naming of the program, by name.</summary>
    public static readonly IReadOnlyList<WeightNames> All =
    [
        .. typeof(WeightNames).Assembly.GetTypes().Where(type => type.IsSubclassOf(typeof(WeightNames)) && !type.IsAbstract)
            .Select(type => (WeightNames)Activator.CreateInstance(type)!).OrderBy(names => names.Name, StringComparer.Ordinal),
    ];

    /// <summary>The code base: "arcface_torch".</summary>
    public abstract string Name { get; }

    /// <summary>The networks that the code base trains, by the names that --network takes.</summary>
    public abstract IReadOnlyDictionary<string, BackboneOptions> Networks { get; }

    /// <summary>Ends of names of which a file of this naming has at least one; what stands before is the file's prefix.</summary>
    public abstract IReadOnlyList<string> Anchors { get; }

    /// <summary>Whether this code base has networks of these options' family.</summary>
    public abstract bool Suits(BackboneOptions network);

    /// <summary>Returns the name of each tensor.</summary>
    /// <param name="ours">Names of the tensors of the network, in its order, without num_batches_tracked.</param>
    public abstract IReadOnlyList<WeightPlace> Of(BackboneOptions network, IReadOnlyList<string> ours);
}
