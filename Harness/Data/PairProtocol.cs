namespace Ablation.Harness.Data;

/// <summary>Two images of a protocol (indices into its image list), whether they show one identity, and the fold 0 .. Folds-1.</summary>
public readonly record struct FacePair(int First, int Second, bool Same, int Fold);

/// <summary>A pair-verification protocol: a list of distinct images and pairs of them in folds.</summary>
public abstract class PairProtocol : IDisposable
{
    /// <summary>What tables call it: "LFW", "CFP-FP (own alignment)".</summary>
    public abstract string Name { get; }

    /// <summary>Number of images that the pairs refer to; each is embedded once.</summary>
    public abstract int ImageCount { get; }

    public abstract IReadOnlyList<FacePair> Pairs { get; }

    public abstract int Folds { get; }

    /// <summary>Decodes image <paramref name="image"/> at its stored size. Thread-safe.</summary>
    /// <exception cref="DataProblem">The image is missing or damaged; names file and offset.</exception>
    public abstract FaceImage Read(int image);

    public abstract string Locate(int image);

    public virtual void Dispose() => GC.SuppressFinalize(this);
}

/// <summary>How a suite names a protocol; one record a kind, found by reflection.</summary>
public abstract record ProtocolOptions
{
    /// <summary>Opens the protocol; paths that are not absolute are taken from <paramref name="data"/>.</summary>
    /// <exception cref="DataProblem">A file is missing or not in the format.</exception>
    public abstract PairProtocol Open(DataRoot data);
}
