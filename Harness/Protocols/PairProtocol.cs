using System.ComponentModel;
using System.Text.Json.Serialization;
using Ablation.Harness.Embedding;
using Ablation.Harness.Faces;
using Ablation.Harness.Foundations;
using Ablation.Harness.Metrics;
using Ablation.Losses.Options;

namespace Ablation.Harness.Protocols;

/// <summary>A pair-verification protocol: a list of distinct images and pairs of them in folds.</summary>
public abstract class PairProtocol : FaceTest, ITwoSidedTest
{
    public abstract IReadOnlyList<FacePair> Pairs { get; }

    public abstract int Folds { get; }

    /// <summary>Name of the <see cref="PairConvention"/> that a suite chose; null for none.</summary>
    public string? Convention { get; internal set; }

    /// <inheritdoc/>
    public override IReadOnlyList<TestScores> Score(TestEmbeddings embeddings, CancellationToken cancel) =>
        [PairScoring.Distances(this, embeddings.Sum)];

    /// <inheritdoc/>
    /// <remarks>All images: a low-resolution test has had a block of all at each resolution since before there were sides.</remarks>
    public IReadOnlyList<int> GalleryImages => [.. Enumerable.Range(0, ImageCount)];

    /// <inheritdoc/>
    public IReadOnlyList<int> ProbeImages => GalleryImages;

    /// <inheritdoc/>
    public SideComparison Compare(EmbeddingMatrix embeddings, Func<int, string> locate, CancellationToken cancel) =>
        new PairScoring(this, embeddings, locate).Distances;

    /// <inheritdoc/>
    public override IReadOnlyList<string> Notes => [.. FoldKinds.Lines(Pairs, Folds), .. OddPairs.Lines(Pairs), .. Noted()];

    /// <inheritdoc/>
    public override long ScoreCount => Pairs.Count;

    /// <inheritdoc/>
    public override void Describe(DesignHash hash)
    {
        hash.Add(ImageCount, Folds, Pairs.Count);
        foreach (var pair in Pairs) hash.Add(pair.First, pair.Second, pair.Same ? 1 : 0, pair.Fold);
    }
}

/// <summary>A test in a suite; one record per kind, found by reflection.</summary>
[ChosenByType(Place = 4)]
public abstract record ProtocolOptions
{
    /// <summary>Opens the test; relative paths start from <paramref name="data"/>.</summary>
    /// <exception cref="DataProblem">A file is missing or not in the format.</exception>
    public abstract FaceTest Open(DataRoot data);
}

/// <summary>A pair test in a suite.</summary>
public abstract record PairProtocolOptions : ProtocolOptions
{
    [ConventionName, Description("The convention whose accuracy tables show first; omit it for only the usual columns")]
    [JsonIgnore(Condition = JsonIgnoreCondition.WhenWritingNull)]
    public string? Convention { get; init; }

    /// <inheritdoc/>
    public sealed override PairProtocol Open(DataRoot data)
    {
        if (Convention is not null) PairConvention.Named(Convention);
        var pairs = OpenPairs(data);
        pairs.Convention = Convention;
        return pairs;
    }

    /// <inheritdoc cref="ProtocolOptions.Open"/>
    protected abstract PairProtocol OpenPairs(DataRoot data);
}
