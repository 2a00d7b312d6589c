using TorchSharp.Modules;
using static TorchSharp.torch;

namespace Ablation.Harness.Networks;

/// <summary>
/// BN - dropout - FC - BN: from the last feature map to the embedding (Deng et al., ArcFace, CVPR 2019, "setting E").
/// </summary>
internal sealed class EmbeddingHead : nn.Module<Tensor, Tensor>, IComposed
{
    private readonly BatchNorm2d bn;
    private readonly Dropout dropout;
    private readonly Flatten flatten = nn.Flatten();
    private readonly Linear fc;
    private readonly BatchNorm1d features;

    /// <param name="freezeScale">Holds the last BN's weight at 1, since the loss normalises the embedding anyway.</param>
    public EmbeddingHead(int channels, int pixels, int dimension, double dropout, bool bias = true, bool freezeScale = true)
        : base(nameof(EmbeddingHead))
    {
        bn = nn.BatchNorm2d(channels);
        this.dropout = nn.Dropout(dropout);
        fc = nn.Linear((long)channels * pixels * pixels, dimension, hasBias: bias);
        features = nn.BatchNorm1d(dimension);
        if (freezeScale) features.weight!.requires_grad = false;
        RegisterComponents();
    }

    public IEnumerable<Parameter> FullyConnected => fc.parameters();

    public Composition Composition => new Series(bn, dropout, flatten, fc, features);

    public override Tensor forward(Tensor x) => Composition.Run(x); // N x channels x pixels x pixels -> N x D
}
