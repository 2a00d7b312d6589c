using Ablation.Losses.Heads;
using static TorchSharp.torch;

namespace Ablation.Losses.Kernels.Tiled;

/// <summary>
/// The second mean of <see cref="AnchorForm"/>, over all proxies of <c>log(1 + sum over the samples of other identities of e^z)</c>, tile
/// by tile through libtorch. One value per proxy is kept for the backward pass.
/// </summary>
internal sealed class TorchAnchors : IAnchorKernel, IDisposable
{
    private readonly HeadProblem problem;
    private readonly AnchorForm form;
    private readonly TorchTiles tiles;
    private readonly Tensor inverse;       // 1 x C
    private readonly Tensor minusInfinity; // 1
    private readonly List<Tensor> sums = []; // log(1 + sum), 1 x T for each tile

    public TorchAnchors(HeadProblem problem, AnchorForm form, bool store)
    {
        (this.problem, this.form) = (problem, form);
        using var scope = NewDisposeScope();
        inverse = problem.InverseNorms()!.DetachFromDisposeScope();
        minusInfinity = zeros(1, problem.Rows.dtype, problem.Rows.device).fill_(double.NegativeInfinity).DetachFromDisposeScope();
        tiles = new TorchTiles(problem, problem.Rows, null, store);
    }

    public (Tensor Mean, Tensor Own) Forward()
    {
        using var scope = NewDisposeScope();
        var own = OwnClass.Products(problem);
        var total = zeros(1, own.dtype, own.device);
        foreach (var (first, count) in tiles.All())
        {
            using var inner = NewDisposeScope();
            var sum = SoftplusTerm.Softplus(Exponents(first, count).logsumexp(0, keepdim: true)); // 1 x T
            total.add_(sum.sum());
            sums.Add(sum.DetachFromDisposeScope());
        }

        return ((total / problem.Classes).squeeze(0).MoveToOuterDisposeScope(), own.MoveToOuterDisposeScope());
    }

    public Tensor Backward(double factor, Tensor own, GradientTarget target)
    {
        using var scope = NewDisposeScope();
        using var gradient = new TileGradient(problem, inverse, full_like(own, factor * form.Scale / problem.Classes), own, target);
        foreach (var ((first, count), sum) in tiles.All().Zip(sums))
        {
            using var inner = NewDisposeScope();
            gradient.Add(Exponents(first, count).sub_(sum).exp_().mul_(inverse.narrow(1, first, count)), first);
        }

        return gradient.Rows().MoveToOuterDisposeScope();
    }

    public void Dispose()
    {
        tiles.Dispose();
        inverse.Dispose();
        minusInfinity.Dispose();
        foreach (var sum in sums) sum.Dispose();
    }

    /// <summary>a (c + d), minus infinity for the samples of the proxy itself; a new tensor, B x T.</summary>
    private Tensor Exponents(int first, int count)
    {
        var exponents = form.Exponents(tiles.Products(first, count), inverse.narrow(1, first, count));
        OwnClass.Set(problem, exponents, first, minusInfinity);
        return exponents;
    }
}
