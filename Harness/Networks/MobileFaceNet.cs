using System.ComponentModel;
using System.ComponentModel.DataAnnotations;
using System.Text.Json.Serialization;
using Ablation.Losses.Options;
using TorchSharp.Modules;
using static TorchSharp.torch;

namespace Ablation.Harness.Networks;

/// <summary>Widths of a MobileFaceNet.</summary>
public enum MobileFaceNetWidths
{
    /// <summary>The paper's Table 1.</summary>
    Paper,

    /// <summary>arcface_torch's "mbf": the stem and the ends of bottlenecks have twice the paper's channels, the depthwise convolutions
    /// in between the paper's, and the one after the stem 64 groups of two channels.</summary>
    Doubled,
}

/// <summary>
/// MobileFaceNet (Chen et al., CCBR 2018, Table 1): inverted residuals with PReLU, a global depthwise convolution instead of
/// pooling, a linear 1x1 convolution to the embedding. The NPT paper uses 256-d, the field 512-d.
/// At 112 px: 221 M multiply-adds, 0.94 M parameters and 514 more for each value of the embedding (1.00 M at 128-d; the
/// paper counts 0.99 M).
/// </summary>
[FormulaVersion(2)] // 1: on a CPU with AVX-512 oneDNN computed a 1 x 1 convolution wrongly
[Description("MobileFaceNet: inverted residuals, global depthwise convolution")]
public sealed record MobileFaceNetOptions : BackboneOptions
{
    [Description("values of an embedding: 256 in the NPT paper, 512 in the field")]
    [Range(2, 4096)]
    public override int EmbeddingDimension { get; init; } = 512;

    [Description("paper, or doubled: twice the channels between bottlenecks, as in arcface_torch's mbf")]
    [JsonIgnore(Condition = JsonIgnoreCondition.WhenWritingDefault)]
    public MobileFaceNetWidths Widths { get; init; }

    public override bool Accepts(int resolution) => resolution is >= 16 and <= 512;

    protected override Backbone Create(int resolution) => new MobileFaceNet(this, resolution);
}

internal sealed class MobileFaceNet : Backbone, IComposed
{
    private readonly Sequential body;
    private readonly Conv2d global;
    private readonly BatchNorm2d globalBn;
    private readonly Flatten flatten = nn.Flatten();
    private readonly Linear embedding;
    private readonly BatchNorm1d features;

    public MobileFaceNet(MobileFaceNetOptions options, int resolution) : base(nameof(MobileFaceNet))
    {
        var times = options.Widths == MobileFaceNetWidths.Doubled ? 2 : 1;
        var channels = 64 * times;
        body = nn.Sequential(("stem", Layer(3, channels, 3, stride: 2)), ("depthwise", Layer(channels, channels, 3, groups: 64)));
        var count = 0;
        // expansion t, channels c, repeats n, stride s of the first: the paper's Table 1
        foreach (var (t, c, n, s) in ((int, int, int, int)[])[(2, 64, 5, 2), (4, 128, 1, 2), (2, 128, 6, 1), (4, 128, 1, 2),
            (2, 128, 2, 1)])
        {
            for (var i = 0; i < n; i++)
            {
                body.append($"bottleneck{++count}", new Bottleneck(channels, c * times, channels / times * t, i == 0 ? s : 1));
                channels = c * times;
            }
        }

        body.append("expand", Layer(channels, 512, 1));
        var pixels = (resolution + 15) / 16; // four strides of 2, each rounding up
        global = nn.Conv2d(512, 512, pixels, groups: 512, bias: false);
        globalBn = nn.BatchNorm2d(512);
        embedding = nn.Linear(512, options.EmbeddingDimension, hasBias: false);
        features = nn.BatchNorm1d(options.EmbeddingDimension);
        RegisterComponents();
        Initial.Kaiming(this);
    }

    public override IEnumerable<Parameter> EmbeddingLayer() => embedding.parameters();

    public Composition Composition => new Series(body, global, globalBn, flatten, embedding, features); // flatten: N x 512

    public override Tensor forward(Tensor images) => Composition.Run(images);

    /// <summary>Convolution, BN and PReLU.</summary>
    internal static Sequential Layer(int channels, int wide, int kernel, int stride = 1, int groups = 1) => nn.Sequential(
        ("conv", nn.Conv2d(channels, wide, kernel, stride: stride, padding: kernel / 2, groups: groups, bias: false)),
        ("bn", nn.BatchNorm2d(wide)),
        ("prelu", nn.PReLU(wide)));
}

internal sealed class Bottleneck : nn.Module<Tensor, Tensor>, IChained, IComposed
{
    private readonly Sequential layers;
    private readonly bool residual;

    public Bottleneck(int channels, int wide, int expanded, int stride) : base(nameof(Bottleneck))
    {
        residual = stride == 1 && channels == wide;
        layers = nn.Sequential(
            ("expand", MobileFaceNet.Layer(channels, expanded, 1)),
            ("depthwise", MobileFaceNet.Layer(expanded, expanded, 3, stride, groups: expanded)),
            ("project", nn.Conv2d(expanded, wide, 1, bias: false)),
            ("bn", nn.BatchNorm2d(wide)));
        RegisterComponents();
    }

    public Composition Composition => residual ? new ResidualSum(layers) : new Series(layers);

    public override Tensor forward(Tensor x) => Composition.Run(x);
}
