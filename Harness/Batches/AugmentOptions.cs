using System.ComponentModel;
using System.ComponentModel.DataAnnotations;
using System.Text.Json.Serialization;
using Ablation.Harness.Foundations;

namespace Ablation.Harness.Batches;

/// <summary>What lowers the resolution of a training picture, and what raises it again.</summary>
public enum DownUpKernels
{
    /// <summary>Down by area, up by bicubic.</summary>
    AreaBicubic,

    /// <summary>Both drawn for each picture from all of <see cref="Images.ResampleKernel"/> (AdaFace, CVPR 2022).</summary>
    Random,
}

/// <summary>Random changes of training pictures. The defaults are light; <see cref="Off"/> changes nothing.</summary>
[Description("Random changes of the training pictures; 0 switches one off")]
public sealed record AugmentOptions
{
    /// <summary>Every change switched off.</summary>
    public static AugmentOptions Off { get; } = new()
    {
        FlipProbability = 0,
        CropShiftPixels = 0,
        CropScale = 0,
        AspectJitter = 0,
        Brightness = 0,
        Contrast = 0,
    };

    [Description("Probability of mirroring left and right"), Range(0.0, 1.0)]
    public double FlipProbability { get; init; } = 0.5;

    [Description("Largest shift of the crop along each axis, in pixels of a picture of 112; uniform"), Range(0.0, 28.0)]
    public double CropShiftPixels { get; init; } = 2;

    [Description("Zoom by exp(u), u uniform within plus or minus this"), Range(0.0, 0.5)]
    public double CropScale { get; init; } = 0.05;

    [Description("Width by exp(u) and height by exp(-u), u uniform within plus or minus this"), Range(0.0, 0.5)]
    public double AspectJitter { get; init; } = 0.025;

    [Description("Largest change of brightness, as a share of the full range (0.05 is 0.1 of the network's -1 .. 1)"), Range(0.0, 0.5)]
    public double Brightness { get; init; } = 0.05;

    [Description("Contrast by 1 + u around the picture's mean, u uniform within plus or minus this"), Range(0.0, 0.9)]
    public double Contrast { get; init; } = 0.1;

    [Description("Probability of showing the picture in grey"), Range(0.0, 1.0)]
    public double GreyProbability { get; init; }

    [Description("Probability of lowering the resolution and bringing it back up"), Range(0.0, 1.0)]
    public double DownUpProbability { get; init; }

    [Description("Lowest resolution that downUpProbability goes down to; uniform up to the network's own"), Range(2, 512)]
    public int DownUpMinPixels { get; init; } = 10;

    [Description(
        "Kernels of that: areaBicubic, down by area and up by bicubic; random, each of both drawn from nearest, linear, area, bicubic " +
        "and Lanczos, as the baselines of the field for low resolution have it")]
    [JsonIgnore(Condition = JsonIgnoreCondition.WhenWritingDefault)] // so that trials without it keep their ids
    public DownUpKernels DownUpKernels { get; init; }

    [Description("Probability of covering a rectangle, 10 to 40 % of each side, with mid grey"), Range(0.0, 1.0)]
    public double EraseProbability { get; init; }

    /// <summary>Returns these options if they fit a network of <paramref name="resolution"/> pixels.</summary>
    /// <exception cref="DataProblem">A number is out of its range, or the lowest resolution is not below the network's.</exception>
    public AugmentOptions CheckedFor(int resolution)
    {
        CheckedOptions.Of(this);
        return Refused(resolution) is { } problem ? throw problem : this;
    }

    /// <summary>Says why a network of so many pixels per side cannot be trained with these; null if it can.</summary>
    public string? Problem(int resolution) => Refused(resolution)?.Message;

    private DataProblem? Refused(int resolution) => DownUpProbability > 0 && DownUpMinPixels >= resolution
        ? new DataProblem("augment.downUpMinPixels", $"{DownUpMinPixels} is not below the network's {resolution} pixels",
            $"choose 2 .. {resolution - 1}, or set downUpProbability to 0") : null;
}
