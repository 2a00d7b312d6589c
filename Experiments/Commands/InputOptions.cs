using System.CommandLine;
using Ablation.Experiments.Evaluating;
using Ablation.Harness.Embedding;
using Ablation.Harness.Networks;

namespace Ablation.Experiments.Commands;

/// <summary>Options that say what a foreign network expects of a picture.</summary>
internal sealed class InputOptions
{
    private readonly Option<string?> network = new("--network")
    {
        Description = $"network of a file of weights: {NetworkArgument.Known}, or options as JSON",
    };

    private readonly Option<ColourOrder?> colour = new("--colour") { Description = "order of a foreign network's colours" };

    private readonly Option<double?> mean = new("--mean") { Description = "subtracted from each value of 0 to 255: 127.5 or 0" };

    private readonly Option<double?> scale = new("--scale") { Description = "each value is divided by it after that: 127.5, 255 or 1" };

    private readonly Option<int?> size = new("--size")
    {
        Description = "side of a foreign network's input in pixels; 112 by default, that of the graph for ONNX",
    };

    private readonly Option<FlipFusion?> flip = new("--flip")
    {
        Description = "how a foreign network's embeddings are made: sum of image and mirrored image (default), or imageOnly",
    };

    public void AddTo(Command command)
    {
        foreach (var option in (Option[])[network, colour, mean, scale, size, flip]) command.Add(option);
    }

    /// <exception cref="ArgumentException">A number is out of range.</exception>
    public InputSettings Read(ParseResult parsed)
    {
        if (parsed.GetValue(scale) is <= 0 or double.NaN) throw new ArgumentException("--scale: must be above 0");
        if (parsed.GetValue(mean) is < 0 or > 255 or double.NaN) throw new ArgumentException("--mean: must be in 0 .. 255");
        if (parsed.GetValue(size) is < 16 or > 512) throw new ArgumentException("--size: must be in 16 .. 512");
        return new InputSettings
        {
            Network = parsed.GetValue(network),
            Colour = parsed.GetValue(colour),
            Mean = parsed.GetValue(mean),
            Scale = parsed.GetValue(scale),
            Size = parsed.GetValue(size),
            Flip = parsed.GetValue(flip),
        };
    }
}
