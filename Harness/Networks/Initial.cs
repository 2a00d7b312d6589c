using TorchSharp.Modules;
using static TorchSharp.torch;

namespace Ablation.Harness.Networks;

/// <summary>Draws initial weights.</summary>
internal static class Initial
{
    /// <summary>Draws every convolution's weight from N(0, 2 / fan-out) (He et al., ICCV 2015), from torch's own generator.</summary>
    public static void Kaiming(nn.Module network)
    {
        using var grad = no_grad();
        foreach (var convolution in network.modules().OfType<Conv2d>())
            nn.init.kaiming_normal_(convolution.weight!, mode: nn.init.FanInOut.FanOut, nonlinearity: nn.init.NonlinearityType.ReLU);
    }
}
