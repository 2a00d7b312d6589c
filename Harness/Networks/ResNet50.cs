using System.ComponentModel;
using System.ComponentModel.DataAnnotations;
using Ablation.Losses.Options;
using TorchSharp.Modules;
using static TorchSharp.torch;

namespace Ablation.Harness.Networks;

/// <summary>The order of layers inside a unit of <see cref="ResNet50Options"/>.</summary>
public enum ResNet50Unit
{
    /// <summary>He et al.'s: conv-BN-ReLU-conv-BN, add, ReLU.</summary>
    PostActivation,

    /// <summary>The NPT authors' code: BN-conv-BN-ReLU-conv-BN, add.</summary>
    PreActivation,
}

/// <summary>
/// The 50-layer network of the NPT paper (arXiv 2103.03503): a 3x3 stem with stride 2 and no max-pooling, ReLU, and
/// 3-4-14-3 two-convolution units (2 x 24 + stem + FC = 50 layers) at 56, 28, 14 and 7 pixels for an input of 112, and the
/// field's BN-dropout-FC-BN head. The paper does not name the order inside a unit; the authors' code has the pre-activation
/// unit (docs/paper.md). At 112 px, 512-d: 43.57 M parameters and 5.41 G multiply-adds, or 43.58 M and 5.93 G.
/// </summary>
[FormulaVersion(2)] // 1: on a CPU with AVX-512 oneDNN computed a 1 x 1 convolution wrongly
[Description("the NPT paper's ResNet-50: stride-2 stem, ReLU, stages 3-4-14-3")]
public sealed record ResNet50Options : BackboneOptions
{
    [Description("values of an embedding")]
    [Range(2, 4096)]
    public override int EmbeddingDimension { get; init; } = 512;

    [Description("dropout before the embedding layer")]
    [Range(0.0, 0.9)]
    public double Dropout { get; init; } = 0.4;

    [Description("order inside a unit: postActivation (He et al.) or preActivation (the NPT authors' code)")]
    [OmittedAtDefault]
    public ResNet50Unit Unit { get; init; }

    public override bool Accepts(int resolution) => resolution is >= 16 and <= 512;

    protected override Backbone Create(int resolution) => new ResNet50(this, resolution);
}

internal sealed class ResNet50 : Backbone, IComposed
{
    private readonly Sequential body;
    private readonly EmbeddingHead head;

    public ResNet50(ResNet50Options options, int resolution) : base(nameof(ResNet50))
    {
        body = nn.Sequential(
            ("conv", nn.Conv2d(3, 64, 3, stride: 2, padding: 1, bias: false)),
            ("bn", nn.BatchNorm2d(64)),
            ("relu", nn.ReLU(inplace: true)));
        int[] units = [3, 4, 14, 3];
        var channels = 64;
        var pixels = (resolution + 1) / 2;
        for (var stage = 0; stage < 4; stage++)
        {
            var wide = 64 << stage;
            for (var unit = 0; unit < units[stage]; unit++)
            {
                var stride = unit == 0 && stage > 0 ? 2 : 1;
                body.append($"unit{stage + 1}_{unit + 1}", options.Unit == ResNet50Unit.PreActivation
                    ? new PreActivationUnit(channels, wide, stride, ("relu", Activation()))
                    : new PostActivationUnit(channels, wide, stride, Activation));
                channels = wide;
            }

            if (stage > 0) pixels = (pixels + 1) / 2;
        }

        head = new EmbeddingHead(channels, pixels, options.EmbeddingDimension, options.Dropout);
        RegisterComponents();
        Initial.Kaiming(this);

        static nn.Module<Tensor, Tensor> Activation() => nn.ReLU(inplace: true);
    }

    public override IEnumerable<Parameter> EmbeddingLayer() => head.FullyConnected;

    public Composition Composition => new Series(body, head);

    public override Tensor forward(Tensor images) => Composition.Run(images);
}
