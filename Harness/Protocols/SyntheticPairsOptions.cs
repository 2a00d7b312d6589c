using System.ComponentModel;
using System.ComponentModel.DataAnnotations;
using Ablation.Harness.Faces;
using Ablation.Harness.Foundations;

namespace Ablation.Harness.Protocols;

/// <summary>A verification test on synthetic people whom no synthetic training set contains.</summary>
[Description("Verification pairs of synthetic faces; the people are none of those that synthetic training sets show")]
public sealed record SyntheticPairsOptions : PairProtocolOptions
{
    [Description("Pairs, half of them of one person; a multiple of twice folds"), Range(2, 1_000_000)]
    public int Pairs { get; init; } = 2000;

    [Description("Folds; no person is in two of them"), Range(1, 100)]
    public int Folds { get; init; } = 10;

    [Description("As for the training faces"), Range(0.0, 1.0)]
    public double Difficulty { get; init; } = 0.5;

    [Description("Chooses the family of people; the same seed as in training is the same family, but other people")]
    public int Seed { get; init; }

    [Description("Pixels a side of the stored picture"), Range(16, 512)]
    public int Resolution { get; init; } = 112;

    /// <inheritdoc/>
    protected override PairProtocol OpenPairs(DataRoot data) => new SyntheticPairs(CheckedOptions.Of(this));
}
