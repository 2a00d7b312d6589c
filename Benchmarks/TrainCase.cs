using System.Text.Json.Serialization;
using Ablation.Harness.Kernels;
using Ablation.Harness.Networks;
using Ablation.Losses;
using Ablation.Losses.Options;

namespace Ablation.Benchmarks;

/// <summary>One network trained in one way.</summary>
/// <param name="Network">A name of <see cref="TrainGrid.Networks"/>.</param>
/// <param name="Pixels">Side of the network's input.</param>
/// <param name="Batch">Images per step.</param>
/// <param name="Threads">Threads of libtorch, and of the decoders.</param>
/// <param name="ChannelsLast">False for libtorch's default order, channel by channel.</param>
/// <param name="Loss">A label of <see cref="LossGrid.Known"/>.</param>
/// <param name="Device">cpu, cuda, cuda:N or mps.</param>
public sealed record TrainCase(string Network, int Pixels, int Batch, int Threads, Precision Precision, bool ChannelsLast, string Loss,
    string Device)
{
    /// <summary>float32 or bfloat16.</summary>
    [JsonIgnore]
    public string PrecisionName => Precision.ToString().ToLowerInvariant();

    /// <summary>channels-last or contiguous.</summary>
    [JsonIgnore]
    public string Layout => ChannelsLast ? TrainGrid.ChannelsLast : TrainGrid.Contiguous;

    [JsonIgnore]
    public BackboneOptions Backbone => TrainGrid.Networks[Network];

    [JsonIgnore]
    public LossOptions LossOptions => LossGrid.Known()[Loss];

    /// <summary>The name of the loss in the peers' script; null where it has none.</summary>
    [JsonIgnore]
    public string? PeerLoss => Catalog.NameOf(LossOptions) is var name && PeerProcess.Knows(name) ? name : null;

    public override string ToString() => $"{Network}, {Pixels} px, batch {Batch}, {Threads} threads, {PrecisionName}, {Layout}, {Loss}";
}

/// <summary>The cases of a run, and how long each is measured.</summary>
/// <param name="Layouts">channels-last, contiguous.</param>
/// <param name="Rounds">Turns per contestant.</param>
/// <param name="TurnSeconds">About how long a turn lasts, and the measurement of a stage.</param>
/// <param name="LeastSteps">Minimum number of steps per turn.</param>
public sealed record TrainGrid(IReadOnlyList<string> NetworkNames, IReadOnlyList<int> Pixels, IReadOnlyList<int> Batches,
    IReadOnlyList<int> Threads,
    IReadOnlyList<Precision> Precisions, IReadOnlyList<string> Layouts, IReadOnlyList<string> Losses, string Device, int Rounds,
        double TurnSeconds, int LeastSteps, bool Peers)
{
    public const string ChannelsLast = "channels-last";
    public const string Contiguous = "contiguous";

    /// <summary>The networks, with the default options of a suite.</summary>
    public static IReadOnlyDictionary<string, BackboneOptions> Networks { get; } = new Dictionary<string, BackboneOptions>
    {
        ["small"] = new SmallOptions(),
        ["MobileFaceNet"] = new MobileFaceNetOptions(),
        ["IResNet-18"] = new IResNetOptions { Depth = IResNetDepth.R18 },
        ["IResNet-50"] = new IResNetOptions { Depth = IResNetDepth.R50 },
    };

    /// <summary>
    /// The default grid: both layouts and precisions if <paramref name="full"/>, otherwise the defaults of training.
    /// </summary>
    public static TrainGrid Standard(bool full) => new([.. Networks.Keys], [32, 56, 112], [32], [Environment.ProcessorCount],
        full ? [Precision.Float32, Precision.BFloat16] : [Precision.Float32], full ? [ChannelsLast, Contiguous] : [ChannelsLast],
        ["ArcFace"], "cpu", full ? 9 : 5, 1.5, 4, Peers: false);

    /// <summary>Returns the product of all axes.</summary>
    public IEnumerable<TrainCase> Cases() =>
        from network in NetworkNames
        from pixels in Pixels
        from batch in Batches
        from threads in Threads
        from precision in Precisions
        from layout in Layouts
        from loss in Losses
        select new TrainCase(network, pixels, batch, threads, precision, layout == ChannelsLast, loss, Device);
}
