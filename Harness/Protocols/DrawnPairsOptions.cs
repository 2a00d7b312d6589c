using System.ComponentModel;
using System.ComponentModel.DataAnnotations;
using Ablation.Harness.Faces;
using Ablation.Harness.Foundations;

namespace Ablation.Harness.Protocols;

/// <summary>
/// A verification test whose pairs are drawn from any set of labelled faces: where a set has no protocol of its own, and for validation.
/// </summary>
[Description("Verification pairs drawn from a source of faces: half of one person, half of two, in folds that share nobody")]
public sealed record DrawnPairsOptions : PairProtocolOptions
{
    [Required, Description("The source of the faces")]
    public required SourceOptions Of { get; init; }

    [Description("Pairs, half of them of one person; a multiple of twice folds"), Range(2, 1_000_000)]
    public int Pairs { get; init; } = 2000;

    [Description("Folds; no person is in two of them"), Range(1, 100)]
    public int Folds { get; init; } = 10;

    [Description("Draws folds and pairs")]
    public int Seed { get; init; }

    /// <inheritdoc/>
    protected override PairProtocol OpenPairs(DataRoot data)
    {
        CheckedOptions.Of(this);
        var source = Of.Open(data);
        try
        {
            return new DrawnPairs(this, source);
        }
        catch
        {
            source.Dispose();
            throw;
        }
    }
}
