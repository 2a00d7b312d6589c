using Ablation.Harness.Networks;
using static TorchSharp.torch.nn;

namespace Ablation.Tests.Networks;

/// <summary>A convolution that libtorch computes wrongly on a CPU is in no network; exported ONNX files showed the difference.</summary>
public sealed class ChannelMultiplierTests
{
    [Test]
    public void Several_outputs_per_channel_are_refused_with_the_layers_name()
    {
        using var network = Sequential(("stem", Conv2d(3, 8, 3)), ("wide", Conv2d(8, 16, 3, groups: 8)));
        Assert.That(() => ChannelsLast.Apply(network), Throws.ArgumentException.With.Message.Contains("wide")
            .And.Message.Contains("8 channels in 8 groups with 16 outputs").And.Message.Contains("1 x 1"));
    }

    [Test]
    public void Other_groups_are_not()
    {
        using var network = Sequential(("one", Conv2d(3, 6, 3)), ("depthwise", Conv2d(6, 6, 3, groups: 6)),
            ("two", Conv2d(6, 9, 3, groups: 3)), ("all", Conv2d(9, 18, 3)));
        ChannelsLast.Apply(network);
    }
}
