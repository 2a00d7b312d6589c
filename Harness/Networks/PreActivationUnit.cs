using TorchSharp.Modules;
using static TorchSharp.torch;

namespace Ablation.Harness.Networks;

/// <summary>
/// The "improved residual unit" of Han et al. (CVPR 2017) as the field uses it: BN-conv-BN-activation-conv-BN with the stride in the second
/// convolution, added to the shortcut.
/// </summary>
internal sealed class PreActivationUnit : nn.Module<Tensor, Tensor>, IChained, IComposed
{
    private readonly Sequential residual;
    private readonly Sequential? shortcut;

    /// <param name="activation">Its name among the unit's layers, by which stored weights are found, and the layer.</param>
    /// <param name="way">How the input passes on where only the size changes.</param>
    public PreActivationUnit(int channels, int wide, int stride, (string Name, nn.Module<Tensor, Tensor> Layer) activation,
        IResNetShortcut way = IResNetShortcut.Conv, bool skipMiddleNorm = false) : base(nameof(PreActivationUnit))
    {
        residual = nn.Sequential(
            ("bn1", nn.BatchNorm2d(channels)),
            ("conv1", nn.Conv2d(channels, wide, 3, padding: 1, bias: false)));
        if (!skipMiddleNorm) residual.append("bn2", nn.BatchNorm2d(wide));
        residual.append(activation.Name, activation.Layer);
        residual.append("conv2", nn.Conv2d(wide, wide, 3, stride: stride, padding: 1, bias: false));
        residual.append("bn3", nn.BatchNorm2d(wide));
        if (stride != 1 && channels == wide && way == IResNetShortcut.Subsample)
        {
            shortcut = nn.Sequential(("pixels", new EveryPixel(stride)));
        }
        else if (stride != 1 || channels != wide)
        {
            shortcut = nn.Sequential([.. StridedPointwise.Layers(channels, wide, stride), ("bn", nn.BatchNorm2d(wide))]);
        }

        RegisterComponents();
    }

    public Composition Composition => new ResidualSum(residual, shortcut);

    public override Tensor forward(Tensor x) => Composition.Run(x);
}
