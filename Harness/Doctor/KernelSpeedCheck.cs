using System.Diagnostics;
using Ablation.Losses;
using Ablation.Losses.Heads;
using Ablation.Losses.Kernels;
using TorchSharp;
using static TorchSharp.torch;

namespace Ablation.Harness.Doctor;

/// <summary>Times each loss kernel, forward and backward, over the products that it cannot avoid, measured in turns.</summary>
public sealed class KernelSpeedCheck : IDoctorCheck
{
    public string Title => "Loss kernels over their products";

    public int Place => 90;

    public bool NeedsDevice => true;

    public IEnumerable<CheckLine> Run(DoctorSubject on, CancellationToken cancel)
    {
        MatmulPrecision[] precisions = on.Device.type == DeviceType.CUDA ? [MatmulPrecision.Highest, MatmulPrecision.High]
            : [MatmulPrecision.Highest];
        foreach (var classes in on.Scale.KernelClasses)
        {
            foreach (var (label, loss) in on.Losses)
            {
                cancel.ThrowIfCancellationRequested();
                CheckLine? line;
                try
                {
                    line = Time(label, loss, classes, precisions, on);
                }
                catch (Exception e)
                {
                    line = DoctorRun.Failure($"{label}, C {classes}", e);
                }

                if (line is not null) yield return line;
            }
        }
    }

    /// <summary>Returns null for a loss that has no kernel.</summary>
    private static CheckLine? Time(string label, LossOptions options, int classes, MatmulPrecision[] precisions, DoctorSubject on)
    {
        var shape = new LossShape(classes, on.Scale.KernelDimension);
        if (options.Problems(shape).Any()) return null;
        using var head = new TimedHead(options, on.Scale.KernelBatch, shape, on.Device);
        if (!head.HasKernel) return null;
        var parts = new List<string>();
        foreach (var precision in precisions)
        {
            var times = head.Implementations.Select(implementation =>
            {
                var (kernel, products) = head.Measure(implementation, precision, on.Scale.KernelRounds);
                return (Text: $"{implementation.ToString().ToLowerInvariant()} {kernel / products:F2} x", Products: products);
            }).ToList();
            parts.Add($"{(precision == MatmulPrecision.High ? "TF32" : "float32")}: {string.Join(", ", times.Select(time => time.Text))} " +
                $"the {head.Products} {(head.Products == 1 ? "product" : "products")} ({1e3 * times[0].Products:F2} ms)");
        }

        return CheckLine.Ok($"{label}, C {classes}", string.Join("; ", parts));
    }
}

/// <summary>A head on a device with what its products need, allocated beforehand.</summary>
internal sealed class TimedHead : IDisposable
{
    private readonly FaceLoss loss;
    private readonly Device device;
    private readonly IDisposable scope = NewDisposeScope();
    private readonly Tensor embeddings, labels, logits;
    private readonly Tensor? byRows, byProxies;

    public TimedHead(LossOptions options, int batch, LossShape shape, Device device)
    {
        this.device = device;
        manual_seed(1);
        loss = options.Build(shape);
        using (var generator = new Generator(2)) loss.InitialiseProxies(generator);
        loss.to(device);
        embeddings = randn(batch, shape.Dimension).to(device).requires_grad_();
        labels = HeadSample.Labels(batch, shape.Classes).to(device);
        var rows = loss.proxies.shape[0]; // K times the identities for a loss with K proxies of each
        logits = zeros(batch, rows, device: device);
        if (Products > 1)
            (byRows, byProxies) = (zeros(batch, shape.Dimension, device: device), zeros(rows, shape.Dimension, device: device));
    }

    public bool HasKernel => loss.HasKernel;

    public int Products => loss.Products;

    /// <summary>NPT has one only: it stores nothing.</summary>
    public IReadOnlyList<HeadImplementation> Implementations =>
        Products == 1 ? [HeadImplementation.Tiled] : [HeadImplementation.Stored, HeadImplementation.Tiled];

    /// <summary>Returns the median seconds of forward and backward, and of the products in the same precision.</summary>
    public (double Kernel, double Products) Measure(HeadImplementation implementation, MatmulPrecision precision, int rounds)
    {
        loss.Configure(new HeadOptions { Implementation = implementation, MatmulPrecision = precision });
        var (kernel, products) = (new List<double>(), new List<double>());
        for (var round = -1; round < rounds; round++)
        {
            var (mine, floor) = (Seconds(Pass), Seconds(() => Multiply(precision)));
            if (round < 0) continue; // the first compiles and allocates
            kernel.Add(mine);
            products.Add(floor);
        }

        return (kernel.Order().ElementAt(rounds / 2), products.Order().ElementAt(rounds / 2));
    }

    public void Dispose()
    {
        loss.Dispose();
        scope.Dispose();
    }

    private void Pass()
    {
        using var inner = NewDisposeScope();
        loss.Gradient.Clear();
        embeddings.grad?.zero_();
        using var pass = loss.Begin(embeddings, labels);
        pass.Backward();
    }

    private void Multiply(MatmulPrecision precision)
    {
        using var inner = NewDisposeScope();
        using var grad = no_grad();
        using var set = ProductPrecision.For(precision, device.type);
        logits.addmm_(embeddings, loss.proxies.t(), 0, 1);
        byRows?.addmm_(logits, loss.proxies, 0, 1);
        byProxies?.addmm_(logits.t(), embeddings, 0, 1);
    }

    private double Seconds(Action run)
    {
        Synchronise();
        var clock = Stopwatch.StartNew();
        run();
        Synchronise();
        return clock.Elapsed.TotalSeconds;
    }

    private void Synchronise()
    {
        if (device.type == DeviceType.CUDA) cuda.synchronize();
        else if (device.type != DeviceType.CPU) embeddings.sum().cpu().Dispose(); // queued behind the work before it
    }
}
