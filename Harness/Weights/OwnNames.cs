using Ablation.Harness.Networks;
using Ablation.Losses.Options;

namespace Ablation.Harness.Weights;

/// <summary>The names of this program's own networks.</summary>
internal sealed class OwnNames : WeightNames
{
    public override string Name => "ablation";

    public override IReadOnlyList<string> Anchors => ["body.conv.weight", "body.stem.conv.weight"];

    public override IReadOnlyDictionary<string, BackboneOptions> Networks { get; } =
        Catalog.RecordsOf<BackboneOptions>().Where(one => one.Value.GetConstructor(Type.EmptyTypes) is not null)
            .ToDictionary(one => one.Key, one => (BackboneOptions)Activator.CreateInstance(one.Value)!, StringComparer.OrdinalIgnoreCase);

    public override bool Suits(BackboneOptions network) => true;

    public override IReadOnlyList<WeightPlace> Of(BackboneOptions network, IReadOnlyList<string> ours) =>
        [.. ours.Select(name => new WeightPlace(name, name))];
}
