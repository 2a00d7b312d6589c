using Ablation.Harness.Networks;
using Ablation.Losses.Options;

namespace Ablation.Harness.Export;

/// <summary>Names of the weights in an exported file: one file per convention, found by reflection.</summary>
public abstract class KeyNames
{
    /// <summary>The convention as the command line names it.</summary>
    public abstract string Name { get; }

    /// <summary>Returns why a network has no names in this convention; null if it has.</summary>
    public abstract string? Problem(BackboneOptions network);

    /// <summary>Returns the name of a parameter or buffer by its name in the network.</summary>
    public abstract string Of(string own);

    /// <summary>Returns all conventions by name.</summary>
    public static IReadOnlyDictionary<string, KeyNames> Known() =>
        Catalog.RecordsOf<KeyNames>().Values.Where(type => type.GetConstructor(Type.EmptyTypes) is not null)
            .Select(type => (KeyNames)Activator.CreateInstance(type)!)
            .ToDictionary(one => one.Name, StringComparer.Ordinal);
}
