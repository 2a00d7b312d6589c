using Ablation.Losses.Heads;
using Ablation.Losses.Kernels;
using Ablation.Losses.Kernels.Fused;
using Ablation.Losses.Kernels.Tiled;
using static TorchSharp.torch;

namespace Ablation.Losses.Passes;

/// <summary>
/// Chooses the kernel of a pass. The fused kernels take float32 on a CPU with the vectors they need; anything else goes through libtorch,
/// tile by tile.
/// </summary>
internal sealed class KernelFactory
{
    private readonly bool store, fused;
    private readonly int centers;
    private readonly Workspace space;

    /// <param name="columns">Identities that take part.</param>
    public KernelFactory(HeadOptions options, HeadForm form, Tensor embeddings, int columns, Workspace space)
    {
        this.space = space;
        var nearest = form is HingeForm hinge && !hinge.Negatives.IsAll(columns) ? hinge.Negatives.Value : 0; // 0: all of them
        fused = options.Kernel == HeadKernel.Auto && CpuPath.IsTaken(embeddings) && embeddings.dtype == ScalarType.Float32
            && options.MatmulPrecision != MatmulPrecision.Medium
            && form is not (SoftmaxForm { Others: not (null or PiecewiseLogits) }
                or SumForm { Term: SoftplusTerm { HasVectors: false } })
            && nearest <= FusedNearest.MostNegatives && MicroKernel.IsSupported;
        var device = embeddings.device_type;
        var bytes = (long)columns * embeddings.element_size() * (fused ? ClassWalk.Padded((int)embeddings.shape[0]) : embeddings.shape[0]);
        centers = form is SoftmaxForm softmax ? softmax.Centers : 1;
        store = nearest == 0 && centers == 1 && options.Implementation switch
        {
            HeadImplementation.Stored => true,
            HeadImplementation.Auto => bytes <= (long)options.LogitMegabytes << 20,
            _ => false,
        };
        Precision = () => ProductPrecision.For(options.MatmulPrecision, device);
        Choice = new HeadChoice(store ? HeadImplementation.Stored : HeadImplementation.Tiled, fused ? "fused" : "libtorch", columns);
    }

    public HeadChoice Choice { get; }

    /// <summary>Sets the precision of libtorch's products until it is disposed of.</summary>
    public Func<IDisposable?> Precision { get; }

    private static int Threads => Math.Max(1, get_num_threads());

    public IDenseKernel Softmax(HeadProblem problem, LogSumExp reduction) =>
        centers > 1 ? fused ? new FusedCenters(problem, centers, reduction, space, Threads) : new TorchCenters(problem, centers, reduction)
        : fused ? reduction.Map is PiecewiseLogits pieces
            ? new FusedPieces(problem, pieces, space, Threads, store) : new FusedSoftmax(problem, reduction, space, Threads, store)
        : reduction.Map is { } map ? new TorchMappedSoftmax(problem, reduction, map, store)
        : new TorchSoftmax(problem, reduction, store);

    public IDenseKernel Hinge(HeadProblem problem, HingeSum reduction) =>
        fused ? new FusedHinge(problem, reduction, space, Threads, store) : new TorchHinge(problem, reduction, store);

    public IDenseKernel Sum(HeadProblem problem, TermSum reduction) =>
        !fused ? new TorchSum(problem, reduction, store)
        : reduction.Term is SoftplusTerm term
            ? new FusedSum<VectorSoftplus>(problem, reduction, VectorSoftplus.Of(term, reduction.Shift), space, Threads, store)
            : new FusedSum<VectorSquare>(problem, reduction, default, space, Threads, store);

    public IAnchorKernel Anchors(HeadProblem problem, AnchorForm form) =>
        fused ? new FusedAnchors(problem, form, space, Threads, store) : new TorchAnchors(problem, form, store);

    public INearestKernel Nearest(HeadProblem problem, int k) =>
        fused ? new FusedNearest(problem, k, space, Threads) : new TorchNearest(problem, k);
}
