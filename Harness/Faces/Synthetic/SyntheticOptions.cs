using System.ComponentModel;
using System.ComponentModel.DataAnnotations;
using Ablation.Harness.Foundations;

namespace Ablation.Harness.Faces.Synthetic;

/// <summary>Synthetic training faces, painted by this program: they show nobody, need no files and are the same everywhere.</summary>
[Description("Synthetic faces painted by this program from a seed; they show nobody and need no files")]
public sealed record SyntheticOptions : SourceOptions
{
    [Description("People"), Range(2, 1_000_000)]
    public int Identities { get; init; } = 100;

    [Description("Pictures a person (the mean, where longTail is not 0)"), Range(1, 10_000)]
    public int ImagesPerIdentity { get; init; } = 20;

    [Description("Chooses the family of people and pictures")]
    public int Seed { get; init; }

    [Description("0: plain portraits of unlike people; 1: strong pose, light and cover, people much alike"), Range(0.0, 1.0)]
    public double Difficulty { get; init; } = 0.5;

    [Description("0: equal counts; else person k has pictures in proportion to 1 / (k+1)^longTail, at least one"), Range(0.0, 3.0)]
    public double LongTail { get; init; }

    [Description("Share of the pictures that carry another person's label"), Range(0.0, 0.4)]
    public double LabelNoise { get; init; }

    [Description("Pixels a side of the stored picture"), Range(16, 512)]
    public int Resolution { get; init; } = 112;

    /// <inheritdoc/>
    public override FaceSource Open(DataRoot data) => new SyntheticSource(CheckedOptions.Of(this));
}
