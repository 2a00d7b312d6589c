using System.ComponentModel;
using System.ComponentModel.DataAnnotations;
using TorchSharp.Modules;
using static TorchSharp.torch;

namespace Ablation.Harness.Networks;

/// <summary>
/// A network for studies on a processor: a 3x3 stem at full resolution, four residual units of width w, 2w, 4w, 8w with
/// stride 2, LeakyReLU (PReLU's weight gradient costs more than the convolution beside it), BN-dropout-FC-BN head.
/// At 112 px, w = 16, 256-d: 1.91 M parameters and 56 M multiply-adds; at 56 px, 0.83 M and 15.0 M.
/// </summary>
[Description("four residual units, for studies on a processor")]
public sealed record SmallOptions : BackboneOptions
{
    [Description("channels w of the stem; the units have w, 2w, 4w, 8w")]
    [Range(4, 256)]
    public int Width { get; init; } = 16;

    [Description("values of an embedding")]
    [Range(2, 4096)]
    public override int EmbeddingDimension { get; init; } = 256;

    [Description("dropout before the embedding layer")]
    [Range(0.0, 0.9)]
    public double Dropout { get; init; } = 0.2;

    public override bool Accepts(int resolution) => resolution is >= 16 and <= 512;

    protected override Backbone Create(int resolution) => new Small(this, resolution);
}

internal sealed class Small : Backbone, IComposed
{
    private readonly Sequential body;
    private readonly EmbeddingHead head;

    public Small(SmallOptions options, int resolution) : base(nameof(Small))
    {
        body = nn.Sequential(
            ("conv", nn.Conv2d(3, options.Width, 3, padding: 1, bias: false)),
            ("bn", nn.BatchNorm2d(options.Width)),
            ("act", Activation()));
        var channels = options.Width;
        var pixels = resolution;
        for (var stage = 0; stage < 4; stage++)
        {
            var wide = options.Width << stage;
            body.append($"unit{stage + 1}", new PostActivationUnit(channels, wide, stride: 2, Activation));
            channels = wide;
            pixels = (pixels + 1) / 2;
        }

        head = new EmbeddingHead(channels, pixels, options.EmbeddingDimension, options.Dropout, bias: false, freezeScale: false);
        RegisterComponents();
        Initial.Kaiming(this);
    }

    public override IEnumerable<Parameter> EmbeddingLayer() => head.FullyConnected;

    public Composition Composition => new Series(body, head);

    public override Tensor forward(Tensor images) => Composition.Run(images);

    private static LeakyReLU Activation() => nn.LeakyReLU(0.1, inplace: true);
}
