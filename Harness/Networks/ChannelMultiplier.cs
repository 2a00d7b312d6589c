using TorchSharp;
using TorchSharp.Modules;
using static TorchSharp.torch;

namespace Ablation.Harness.Networks;

/// <summary>
/// Refuses a convolution of one input and several outputs per group. With channels innermost, libtorch 2.10 computes it wrongly on a CPU:
/// outputs differ from the sums by as much as they vary (seen for 3 to 64 groups, two outputs per group, batches 1 and 7, with and without
/// bias). As many outputs as inputs, or two inputs per group, are right, and so is libtorch's usual order.
/// </summary>
internal static class ChannelMultiplier
{
    /// <exception cref="ArgumentException">The network has such a convolution.</exception>
    public static void Check(nn.Module network)
    {
        foreach (var (name, module) in network.named_modules())
        {
            if (module is not Conv2d { groups: > 1 } layer || layer.in_channels != layer.groups || layer.out_channels == layer.groups
                || layer.weight!.device_type != DeviceType.CPU) continue;
            throw new ArgumentException(
                $"{network.GetName()}: {name}: libtorch computes a convolution of {layer.in_channels} channels in {layer.groups} groups " +
                $"with {layer.out_channels} outputs wrongly on a CPU; give it as many outputs as inputs, and widen by a 1 x 1 convolution");
        }
    }
}
