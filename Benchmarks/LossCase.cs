using Ablation.Losses;
using Ablation.Losses.Heads;
using Ablation.Losses.Options;

namespace Ablation.Benchmarks;

/// <summary>One loss in one implementation on one shape.</summary>
/// <param name="Label">The name of the loss in tables: "ArcFace", or "Npt (k 6)".</param>
/// <param name="Dimension">Values per embedding.</param>
public sealed record LossCase(string Label, LossOptions Loss, HeadImplementation Implementation, int Batch, int Classes, int Dimension)
{
    /// <summary>Negatives of NPT; 1 for other losses.</summary>
    public int Negatives => Loss is NptOptions npt ? npt.K.Value : 1;

    /// <summary>The name of the loss in the peers' script; null where it has none.</summary>
    public string? PeerLoss => Catalog.NameOf(Loss) is var name && PeerProcess.Knows(name) ? name : null;

    public override string ToString() => $"{Label}, {ImplementationName}, {Batch} x {Classes} x {Dimension}";

    /// <summary>The name in a suite: straight, stored, tiled.</summary>
    public string ImplementationName => Implementation.ToString().ToLowerInvariant();
}

/// <summary>The cases of a run, and how long each is measured.</summary>
public sealed record LossGrid(IReadOnlyList<string> Losses, IReadOnlyList<HeadImplementation> Implementations, IReadOnlyList<int> Batches,
    IReadOnlyList<int> Classes,
    int Dimension, int Threads, int WarmUps, int Iterations, MatmulPrecision Precision, bool Peers)
{
    /// <summary>Returns every loss by label, NPT with the paper's two numbers of negatives.</summary>
    public static IReadOnlyDictionary<string, LossOptions> Known()
    {
        var known = Catalog.RecordsOf<LossOptions>()
            .ToDictionary(found => found.Key, found => (LossOptions)Activator.CreateInstance(found.Value)!);
        known["Npt (k 6)"] = new NptOptions { K = 6 };
        return known;
    }

    /// <summary>The default grid: B 128 and 512, C 1,000 to 85,742 (MS1MV2), D 512.</summary>
    public static LossGrid Standard(bool full) => new([.. Known().Keys.Order(StringComparer.Ordinal)],
        [HeadImplementation.Straight, HeadImplementation.Stored, HeadImplementation.Tiled], [128, 512], [1000, 10572, 85742], 512,
        Math.Max(1, TorchSharp.torch.get_num_threads()), full ? 3 : 2, full ? 15 : 7, MatmulPrecision.Highest, Peers: false);

    /// <summary>Returns the product of all axes, without NPT stored: NPT stores nothing, so that it would be measured twice.</summary>
    public IEnumerable<LossCase> Cases() =>
        from batch in Batches
        from classes in Classes
        from label in Losses
        from implementation in Implementations
        let loss = Known()[label]
        where !(implementation == HeadImplementation.Stored && loss is NptOptions)
        where implementation == HeadImplementation.Straight || HasKernel(loss)
        select new LossCase(label, loss, implementation, batch, classes, Dimension);

    private static bool HasKernel(LossOptions options)
    {
        using var loss = options.Build(new LossShape(64, 2));
        return loss.HasKernel;
    }
}
