using System.ComponentModel;
using System.ComponentModel.DataAnnotations;
using System.Text.Json.Serialization;
using Ablation.Harness.Batches;
using Ablation.Harness.Kernels;
using Ablation.Losses;
using Ablation.Losses.Heads;
using Ablation.Losses.Options;

namespace Ablation.Harness.Training;

public enum OptimizerKind
{
    Sgd,
    AdamW,
}

/// <summary>When a new learning rate takes effect.</summary>
public enum SchedulePace
{
    Step,
    Epoch,
}

/// <summary>Weight decay of the parameter groups.</summary>
public sealed record DecayOptions
{
    [Description("decay of the convolutions")]
    [Range(0.0, 1.0)]
    public double Backbone { get; init; } = 5e-4;

    [Description("decay of the embedding layer")]
    [Range(0.0, 1.0)]
    public double Fc { get; init; } = 5e-4;

    [Description("decay of the proxies")]
    [Range(0.0, 1.0)]
    public double Proxies { get; init; } = 5e-4;

    [Description("whether BN and PReLU parameters and biases decay with their group")]
    public bool Norms { get; init; }

    [Description("whether BN's parameters decay with their group; absent: as norms")]
    [OmittedAtDefault]
    public bool? BatchNorm { get; init; }

    [Description("whether PReLU's parameters decay with their group; absent: as norms")]
    [OmittedAtDefault]
    public bool? Prelu { get; init; }
}

/// <summary>The options of a training. The defaults suit a small network and a few hundred identities.</summary>
public sealed record TrainingOptions
{
    [Description("passes over the training images; 0 evaluates the untrained network")]
    [Range(0, 10000)]
    public int Epochs { get; init; } = 22;

    [Description("images per optimiser step")]
    [Range(2, 65536)]
    public int Batch { get; init; } = 32;

    [Description("micro-batches that a step's gradient is summed over; divides batch (BN sees a micro-batch)")]
    [Range(1, 1024)]
    public int Accumulate { get; init; } = 1;

    [Description("leaves out the last batch of an epoch where the images do not fill it; false: it is a step of its own")]
    [OmittedAtDefault]
    public bool DropLast { get; init; } = true;

    [Description("sgd or adamW")]
    public OptimizerKind Optimizer { get; init; }

    [Description("base learning rate")]
    [Range(0.0, 100.0, MinimumIsExclusive = true)]
    public double LearningRate { get; init; } = 0.1;

    [Description("factor of the learning rate for the proxies")]
    [Range(0.0, 1000.0, MinimumIsExclusive = true)]
    public double ProxyRateFactor { get; init; } = 1;

    [Description("epochs after which the proxies have forgotten a step: sets their rate by a rule, instead of proxyRateFactor")]
    [Range(0.0, 10000.0, MinimumIsExclusive = true)]
    [InsteadOf(nameof(ProxyRateFactor), "the proxies' rate")]
    [OmittedAtDefault]
    public double? ProxyMemoryEpochs { get; init; }

    [Description("how the proxies start: Normal or Xavier")]
    [OmittedAtDefault]
    public ProxyStartOptions ProxyStart { get; init; } = new NormalOptions();

    [Description("momentum of SGD")]
    [Range(0.0, 1.0, MaximumIsExclusive = true)]
    public double Momentum { get; init; } = 0.9;

    [Description("Nesterov's form of momentum")]
    public bool Nesterov { get; init; } = true;

    [Description("weight decay of the parameter groups")]
    public DecayOptions Decay { get; init; } = new();

    [Description("how the rate falls: Cosine, Step or Polynomial")]
    public ScheduleOptions Schedule { get; init; } = new CosineOptions();

    [Description("when a new rate takes effect: step or epoch")]
    public SchedulePace Pace { get; init; } = SchedulePace.Step;

    [Description("epochs of linear warm-up, whole or with a fraction")]
    [Range(0.0, 1000.0)]
    public double WarmUpEpochs { get; init; } = 1;

    [Description("largest norm of the gradient of all parameters; absent means no limit")]
    [Range(0.0, 1e6, MinimumIsExclusive = true)]
    public double? ClipNorm { get; init; }

    [Description("float32 or bFloat16")]
    public Precision Precision { get; init; }

    [Description("how loss and proxies are computed; changes results only by rounding, except partialRate, lazy and medium")]
    public HeadOptions Head { get; init; } = new();

    [Description("random changes of the images")]
    public AugmentOptions Augment { get; init; } = new();

    [Description("action for a damaged image: stop or skip")]
    public OnBadImage OnBadImage { get; init; }

    [Description("rules that end a training early, by its loss; absent: only if the loss is NaN or infinite")]
    [JsonIgnore(Condition = JsonIgnoreCondition.WhenWritingNull)] // so that trials without the rule keep their ids
    public StopOptions? Stop { get; init; }

    /// <summary>Returns the learning rate of a step, including warm-up.</summary>
    public double RateAt(long step, double stepsPerEpoch)
    {
        var epoch = step / stepsPerEpoch;
        var warmUp = WarmUpEpochs > 0 ? Math.Min(1, (step + 1) / (WarmUpEpochs * stepsPerEpoch)) : 1;
        return LearningRate * warmUp * Schedule.ShareOfBase(Pace == SchedulePace.Epoch ? Math.Floor(epoch) : epoch, Epochs);
    }
}
