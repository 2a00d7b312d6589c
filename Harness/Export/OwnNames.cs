using Ablation.Harness.Networks;

namespace Ablation.Harness.Export;

/// <summary>This program's own names: "body.unit1_1.residual.conv1.weight".</summary>
internal sealed class OwnNames : KeyNames
{
    public const string Convention = "own";

    public override string Name => Convention;

    public override string? Problem(BackboneOptions network) => null;

    public override string Of(string own) => own;
}
