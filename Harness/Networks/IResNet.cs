using System.ComponentModel;
using System.ComponentModel.DataAnnotations;
using System.Text.Json.Serialization;
using Ablation.Losses.Options;
using TorchSharp.Modules;
using static TorchSharp.torch;

namespace Ablation.Harness.Networks;

/// <summary>The depths that the field trains.</summary>
public enum IResNetDepth
{
    R18 = 18,
    R34 = 34,
    R50 = 50,
    R100 = 100,
    R200 = 200,
}

/// <summary>How a unit with stride passes its input on where the widths are equal.</summary>
public enum IResNetShortcut
{
    /// <summary>By a 1 x 1 convolution with BN: the paper and insightface.</summary>
    Conv,

    /// <summary>By every second pixel, without weights: the IR networks of face.evoLVe, AdaFace, CVLface and TFace.</summary>
    Subsample,
}

/// <summary>
/// The face-recognition ResNet (Deng et al., ArcFace, CVPR 2019; "improved residual unit" of Han et al. 2017): 3x3 stem with
/// stride 1, pre-activation units BN-conv-BN-PReLU-conv-BN with the stride in the second conv, BN-dropout-FC-BN head whose
/// last scale is frozen at 1. At 112 px, 512-d: R18 24.03 M parameters and 2.6 G multiply-adds, R34
/// 34.14 M and 4.5 G, R50 43.59 M and 6.3 G, R100 65.16 M and 12.1 G, R200 118.83 M and 23.4 G.
/// </summary>
[FormulaVersion(2)] // 1: on a CPU with AVX-512 oneDNN computed a 1 x 1 convolution wrongly
[Description("IResNet: pre-activation residual network of the face-recognition field")]
public sealed record IResNetOptions : BackboneOptions
{
    [Description("depth: r18, r34, r50, r100 or r200")]
    public IResNetDepth Depth { get; init; } = IResNetDepth.R50;

    [Description("values of an embedding")]
    [Range(2, 4096)]
    public override int EmbeddingDimension { get; init; } = 512;

    [Description("dropout before the embedding layer")]
    [Range(0.0, 0.9)]
    public double Dropout { get; init; }

    [Description("units with stride and equal widths: conv (the paper, insightface), or subsample (AdaFace, CVLface, TFace)")]
    [JsonIgnore(Condition = JsonIgnoreCondition.WhenWritingDefault)]
    public IResNetShortcut Shortcut { get; init; }

    [Description("no BN between the first convolution and PReLU of a unit (face.evoLVe, CurricularFace's release)")]
    [JsonIgnore(Condition = JsonIgnoreCondition.WhenWritingDefault)]
    public bool SkipMiddleNorm { get; init; }

    public override bool Accepts(int resolution) => resolution is >= 16 and <= 512;

    protected override Backbone Create(int resolution) => new IResNet(this, resolution);
}

internal sealed class IResNet : Backbone, IComposed
{
    private readonly Sequential body;
    private readonly EmbeddingHead head;

    public IResNet(IResNetOptions options, int resolution) : base(nameof(IResNet))
    {
        int[] units = options.Depth switch
        {
            IResNetDepth.R18 => [2, 2, 2, 2],
            IResNetDepth.R34 => [3, 4, 6, 3],
            IResNetDepth.R50 => [3, 4, 14, 3],
            IResNetDepth.R100 => [3, 13, 30, 3],
            _ => [6, 26, 60, 6],
        };
        body = nn.Sequential(
            ("conv", nn.Conv2d(3, 64, 3, padding: 1, bias: false)),
            ("bn", nn.BatchNorm2d(64)),
            ("prelu", nn.PReLU(64)));
        var channels = 64;
        var pixels = resolution;
        for (var stage = 0; stage < 4; stage++)
        {
            var wide = 64 << stage;
            for (var unit = 0; unit < units[stage]; unit++)
            {
                body.append($"unit{stage + 1}_{unit + 1}", new PreActivationUnit(channels, wide, stride: unit == 0 ? 2 : 1,
                    ("prelu", nn.PReLU(wide)), options.Shortcut, options.SkipMiddleNorm));
                channels = wide;
            }

            pixels = (pixels + 1) / 2;
        }

        head = new EmbeddingHead(channels, pixels, options.EmbeddingDimension, options.Dropout);
        RegisterComponents();
        using var grad = no_grad();
        foreach (var convolution in modules().OfType<Conv2d>()) nn.init.normal_(convolution.weight!, 0, 0.1);
    }

    public override IEnumerable<Parameter> EmbeddingLayer() => head.FullyConnected;

    public Composition Composition => new Series(body, head);

    public override Tensor forward(Tensor images) => Composition.Run(images);
}
