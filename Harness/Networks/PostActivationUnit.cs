using TorchSharp.Modules;
using static TorchSharp.torch;

namespace Ablation.Harness.Networks;

/// <summary>The residual unit of He et al. (CVPR 2016): conv-BN-act-conv-BN, added to the shortcut, act.</summary>
internal sealed class PostActivationUnit : nn.Module<Tensor, Tensor>, IChained, IComposed
{
    private readonly Sequential residual;
    private readonly Sequential? shortcut;
    private readonly nn.Module<Tensor, Tensor> last;

    /// <param name="activation">Makes the activation; called once for each of the two places.</param>
    public PostActivationUnit(int channels, int wide, int stride, Func<nn.Module<Tensor, Tensor>> activation)
        : base(nameof(PostActivationUnit))
    {
        residual = nn.Sequential(
            ("conv1", nn.Conv2d(channels, wide, 3, stride: stride, padding: 1, bias: false)),
            ("bn1", nn.BatchNorm2d(wide)),
            ("act", activation()),
            ("conv2", nn.Conv2d(wide, wide, 3, padding: 1, bias: false)),
            ("bn2", nn.BatchNorm2d(wide)));
        if (stride != 1 || channels != wide)
        {
            shortcut = nn.Sequential([.. StridedPointwise.Layers(channels, wide, stride), ("bn", nn.BatchNorm2d(wide))]);
        }

        last = activation();
        RegisterComponents();
    }

    public Composition Composition => new ResidualSum(residual, shortcut, last);

    public override Tensor forward(Tensor x) => Composition.Run(x);
}
