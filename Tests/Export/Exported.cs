using Ablation.Harness.Export;
using Ablation.Harness.Networks;
using Ablation.Losses.Options;
using TorchSharp.Modules;
using static TorchSharp.torch;

namespace Ablation.Tests.Export;

/// <summary>Networks as a training leaves them: no weight and no statistic has its initial value, so that none can be mistaken.</summary>
internal static class Exported
{
    /// <summary>Every family, small where it has sizes, and the variants that other code trains.</summary>
    public static IEnumerable<BackboneOptions> Families() =>
        Catalog.RecordsOf<BackboneOptions>().Values.Where(type => type.Assembly == typeof(BackboneOptions).Assembly)
            .Select(type => (BackboneOptions)Activator.CreateInstance(type)!)
            .Select(options => options is IResNetOptions iresnet ? iresnet with { Depth = IResNetDepth.R18 } : options)
            .Append(new IResNetOptions { Depth = IResNetDepth.R18, Shortcut = IResNetShortcut.Subsample })
            .Append(new IResNetOptions { Depth = IResNetDepth.R18, Shortcut = IResNetShortcut.Subsample, SkipMiddleNorm = true })
            .Append(new ResNet50Options { Unit = ResNet50Unit.PreActivation })
            .Append(new MobileFaceNetOptions { Widths = MobileFaceNetWidths.Doubled });

    /// <summary>The same as cases; the largest network takes as long as all the others and is slow.</summary>
    public static IEnumerable<TestCaseData> Cases() => Families().Select(options => Case(options));

    /// <summary>A case that is slow if its network is the largest.</summary>
    public static TestCaseData Case(BackboneOptions options, params object[] more)
    {
        var made = new TestCaseData([options, .. more]);
        return options is ResNet50Options ? made.SetCategory("Slow") : made;
    }

    public static readonly KeyValuePair<string, string>[] Facts = [new("trial", "0123456789ab"), new("label", "Größe \"ä\" \\")];

    public static ExportedNetwork Network(BackboneOptions options, int resolution)
    {
        manual_seed(5);
        var network = options.Build(resolution);
        Scatter(network);
        ChannelsLast.Apply(network); // as a loaded trial
        return new ExportedNetwork(network, options, resolution, Facts);
    }

    public static WeightFormat Format(string name) => WeightFormat.Known()[name];

    /// <summary>Moves every parameter and statistic away from 0 and 1.</summary>
    public static void Scatter(nn.Module network)
    {
        using var scope = NewDisposeScope();
        using var grad = no_grad();
        foreach (var module in network.modules())
        {
            if (module is BatchNorm1d or BatchNorm2d)
            {
                var norm = (NormBase)module;
                norm.weight?.uniform_(0.5, 1.5);
                norm.bias?.normal_(0, 0.2);
                norm.running_mean!.normal_(0, 0.2);
                norm.running_var!.uniform_(0.5, 1.5);
                norm.num_batches_tracked!.fill_(37);
            }
            else if (module is Conv2d { bias: null } convolution)
            {
                // sums of the size of their inputs: a hundred layers neither overflow nor vanish
                convolution.weight!.normal_(0, Math.Sqrt(1.0 / convolution.weight![0].numel()));
            }
            else if (module is PReLU slopes) slopes.weight!.uniform_(0.05, 0.4);
            else if (module is Conv2d { bias: { } bias }) bias.normal_(0, 0.2);
            else if (module is Linear { bias: { } shift }) shift.normal_(0, 0.2);
        }
    }

    /// <summary>The values of each tensor by its name in the network, as bytes in logical order.</summary>
    public static Dictionary<string, byte[]> Bytes(nn.Module network) =>
        network.state_dict().ToDictionary(one => one.Key, one => Bytes(one.Value));

    public static byte[] Bytes(Tensor values)
    {
        using var plain = values.detach().contiguous();
        return plain.bytes.ToArray();
    }
}
