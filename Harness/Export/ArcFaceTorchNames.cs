using System.Text.RegularExpressions;
using Ablation.Harness.Networks;
using Ablation.Losses.Options;

namespace Ablation.Harness.Export;

/// <summary>
/// The names of insightface's recognition/arcface_torch for IResNet, whose structure is the same: "layer1.0.conv1.weight".
/// </summary>
internal sealed partial class ArcFaceTorchNames : KeyNames
{
    public const string Convention = "arcface_torch";

    /// <summary>Our modules outside of the units, and theirs.</summary>
    private static readonly Dictionary<string, string> Modules = new(StringComparer.Ordinal)
    {
        ["body.conv"] = "conv1",
        ["body.bn"] = "bn1",
        ["body.prelu"] = "prelu",
        ["head.bn"] = "bn2",
        ["head.fc"] = "fc",
        ["head.features"] = "features",
    };

    public override string Name => Convention;

    public override string? Problem(BackboneOptions network) => network is IResNetOptions ? null
        : $"--names {Convention}: {Catalog.NameOf(network)} is not in arcface_torch with this structure; only IResNet is. Use --names " +
            OwnNames.Convention;

    public override string Of(string own)
    {
        var dot = own.LastIndexOf('.');
        var (module, leaf) = (own[..dot], own[(dot + 1)..]);
        if (Modules.TryGetValue(module, out var theirs)) return $"{theirs}.{leaf}";
        var unit = Unit().Match(module);
        if (!unit.Success) throw new ArgumentException($"{own}: has no name in {Convention}; use --names {OwnNames.Convention}");
        var inside = unit.Groups["shortcut"].Value switch
        {
            "conv" => "downsample.0",
            "bn" => "downsample.1",
            _ => unit.Groups["residual"].Value,
        };
        return $"layer{unit.Groups["stage"].Value}.{int.Parse(unit.Groups["unit"].Value) - 1}.{inside}.{leaf}"; // theirs begin at 0
    }

    [GeneratedRegex(@"^body\.unit(?<stage>\d)_(?<unit>\d+)\.(residual\.(?<residual>bn[123]|conv[12]|prelu)|shortcut\.(?<shortcut>conv|bn))$")]
    private static partial Regex Unit();
}
