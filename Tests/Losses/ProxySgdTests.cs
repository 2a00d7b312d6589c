using Ablation.Losses;
using Ablation.Losses.Heads;
using Ablation.Losses.Passes;
using TorchSharp;
using TorchSharp.Modules;
using static TorchSharp.torch;

namespace Ablation.Tests.Losses;

/// <summary>The proxies' optimiser against torch's SGD on the same gradients, dense and by touched rows.</summary>
[Parallelizable]
public sealed class ProxySgdTests
{
    private const int Classes = 300, Dimension = 20, Steps = 200;
    private const double Rate = 0.1;

    [Test]
    public void Touched_rows_and_dense_gradients_step_as_dense_SGD_does(
        [Values(0.0, 0.9)]
        double momentum, [Values]
        bool nesterov, [Values(0.0, 5e-3)]
        double decay, [Values] bool dense, [Values(ScalarType.Float32, ScalarType.Float64)] ScalarType dtype)
    {
        if (nesterov && momentum == 0) return; // torch refuses it
        using var loss = Loss(dtype);
        using var twin = new Parameter(loss.proxies.detach().clone());
        using var sgd = optim.SGD([twin], Rate, momentum, 0, decay, nesterov);
        using var ours = new ProxySgd(loss.Gradient, new SgdRule(momentum, nesterov, decay), lazy: false);
        using var generator = new Generator(7);
        for (var step = 0; step < Steps; step++)
        {
            using var scope = NewDisposeScope();
            Touch(loss, generator, dtype);
            using (no_grad()) twin.grad = Densified(loss);
            if (dense) loss.Gradient.Densify();
            Assert.That(loss.Gradient.IsDense, Is.EqualTo(dense));
            sgd.step();
            ours.Step(Rate);
            loss.Gradient.Clear();
        }

        Assert.That(Away(loss.proxies, twin), Is.LessThan(dtype == ScalarType.Float64 ? 1e-12 : 1e-6));
        Assert.That(Away(loss.proxies, Loss(dtype).proxies), Is.GreaterThan(0.01), "it moved");
    }

    [Test]
    public void NPT_by_touched_rows_trains_as_the_straight_one_by_dense_SGD()
    {
        using var straight = Loss(ScalarType.Float64, new NptOptions { K = 3 });
        using var sparse = Loss(ScalarType.Float64, new NptOptions { K = 3 });
        using var sgd = optim.SGD([straight.proxies], Rate, 0.9, 0, 5e-4, true);
        using var ours = new ProxySgd(sparse.Gradient, new SgdRule(0.9, true, 5e-4), lazy: false);
        using var generator = new Generator(3);
        for (var step = 0; step < Steps; step++)
        {
            using var scope = NewDisposeScope();
            var x = randn(16, Dimension, ScalarType.Float64, generator: generator);
            var labels = randint(0, Classes, [16], ScalarType.Int64, generator: generator);
            sgd.zero_grad();
            straight.forward(x, labels).backward();
            sgd.step();
            sparse.Gradient.Clear();
            using var pass = sparse.Begin(x, labels);
            pass.Backward();
            Assert.That(sparse.Gradient.IsDense, Is.False);
            ours.Step(Rate);
        }

        Assert.That(Away(sparse.proxies, straight.proxies), Is.LessThan(1e-6));
    }

    [Test]
    public void Lazy_moves_only_the_touched_rows([Values(ScalarType.Float32, ScalarType.Float64)] ScalarType dtype, [Values] bool nesterov)
    {
        using var loss = Loss(dtype);
        using var ours = new ProxySgd(loss.Gradient, new SgdRule(0.8, nesterov, 0.05), lazy: true);
        using var hand = loss.proxies.detach().clone();
        using var velocity = zeros_like(hand);
        foreach (var rows in new[] { new long[] { 5, 9, 5 }, [9, 299], [0, 5, 0, 0] })
        {
            using var scope = NewDisposeScope();
            using var grad = no_grad();
            var values = randn(rows.Length, Dimension, dtype);
            loss.Gradient.Add(new SparseRows(tensor(rows), values));
            foreach (var row in rows.Distinct())
            {
                var gradient = stack([.. rows.Select((r, i) => (r, i)).Where(p => p.r == row).Select(p => values[p.i])])
                    .sum([0L]) + 0.05 * hand[row];
                velocity[row] = 0.8 * velocity[row] + gradient;
                hand[row] = hand[row] - Rate * (nesterov ? gradient + 0.8 * velocity[row] : velocity[row]);
            }

            ours.Step(Rate);
            loss.Gradient.Clear();
        }

        Assert.That(Away(loss.proxies, hand), Is.LessThan(1e-6));
        using var start = Loss(dtype);
        Assert.That((loss.proxies - start.proxies).abs().sum(1).gt(0).sum().item<long>(), Is.EqualTo(4), "rows 0, 5, 9 and 299");
    }

    [Test]
    public void Micro_batches_of_both_kinds_add_up()
    {
        using var loss = Loss(ScalarType.Float32);
        using var ours = new ProxySgd(loss.Gradient, new SgdRule(0, false, 0), lazy: false);
        using var start = loss.proxies.detach().clone();
        var (into, _) = loss.Gradient.Dense();
        using (no_grad()) into.fill_(1);
        loss.Gradient.Add(new SparseRows(tensor(new long[] { 3 }), ones(1, Dimension)));
        ours.Step(1);
        var moved = (start - loss.proxies).mean([1L]).data<float>().ToArray();
        Assert.That(moved[3], Is.EqualTo(2).Within(1e-5));
        Assert.That(moved[4], Is.EqualTo(1).Within(1e-5));
    }

    private static FaceLoss Loss(ScalarType dtype, LossOptions? options = null)
    {
        var loss = (FaceLoss)(options ?? new NptOptions()).Build(new LossShape(Classes, Dimension)).to(dtype);
        using var generator = new Generator(2);
        using var grad = no_grad();
        loss.proxies.copy_(randn(Classes, Dimension, ScalarType.Float64, generator: generator));
        return loss;
    }

    private static void Touch(FaceLoss loss, Generator generator, ScalarType dtype)
    {
        for (var part = 0; part < 2; part++) // as two micro-batches would
        {
            loss.Gradient.Add(new SparseRows(
                randint(0, Classes, [12], ScalarType.Int64, generator: generator),
                    randn(12, Dimension, ScalarType.Float64, generator: generator).to(dtype) * 0.1));
        }
    }

    private static Tensor Densified(FaceLoss loss)
    {
        var dense = zeros_like(loss.proxies.detach());
        foreach (var part in loss.Gradient.Rows) dense.index_add_(0, part.Classes, part.Values, 1);
        return dense.DetachFromDisposeScope();
    }

    private static double Away(Tensor actual, Tensor expected) =>
        ((actual - expected).norm() / expected.norm()).to(ScalarType.Float64).item<double>();
}
