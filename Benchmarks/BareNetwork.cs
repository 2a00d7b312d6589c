using System.Diagnostics;
using Ablation.Harness.Kernels;
using Ablation.Harness.Networks;
using Ablation.Harness.Training;
using Ablation.Losses.Kernels;
using Ablation.Losses.Passes;
using TorchSharp;
using static TorchSharp.torch;

namespace Ablation.Benchmarks;

/// <summary>
/// Runs network, loss and optimiser on one random batch that never changes: the speed of the loop if images and labels cost nothing. It
/// reads no loss back and checks nothing.
/// </summary>
internal sealed class BareNetwork : IDisposable
{
    private readonly TrainSubject subject;
    private readonly IReadOnlyList<Optimizers.Group> stepped;
    private readonly DenseSgd optimizer;
    private readonly ProxySgd proxyOptimizer;
    private readonly Tensor images, labels;

    /// <param name="subject">Its network must have the memory layout of the case already: a <see cref="WholeLoop"/> sets it.</param>
    public BareNetwork(TrainSubject subject)
    {
        this.subject = subject;
        var one = subject.Case;
        proxyOptimizer = Optimizers.ForProxies(subject.Loss, subject.Options)!; // SGD always has one
        stepped = Optimizers.WithoutProxies(Optimizers.Groups(subject.Backbone, subject.Loss, subject.Options), subject.Loss);
        optimizer = new DenseSgd(stepped, subject.Options.Momentum, Optimizers.IsNesterov(subject.Options));
        using var scope = NewDisposeScope();
        var random = randn(one.Batch, 3, one.Pixels, one.Pixels, device: subject.Device);
        images = (one.ChannelsLast ? ChannelsLast.Convert(random) : random).DetachFromDisposeScope();
        labels = randint(0, subject.Loss.Shape.Classes, one.Batch, device: subject.Device).DetachFromDisposeScope();
    }

    /// <summary>Seconds of the parts of one step.</summary>
    /// <param name="Loss">The head forward and backward, given the embeddings.</param>
    /// <param name="Backward">The network, given the gradient of the embeddings.</param>
    public readonly record struct Parts(double Forward, double Loss, double Backward, double Step);

    /// <summary>The measurement of some steps.</summary>
    /// <param name="Parts">Mean seconds of each part, whose sum is at most a step's time; null where reading a clock between them would
    /// make the device wait.</param>
    public readonly record struct Turn(double ImagesPerSecond, Parts? Parts);

    /// <summary>Runs some steps; on the CPU it reads the clock between their parts.</summary>
    public Turn Run(int steps, CancellationToken cancel)
    {
        Prepare();
        var laps = subject.Device.type == DeviceType.CPU ? new double[4] : null;
        var clock = Stopwatch.StartNew();
        for (var i = 0; i < steps; i++)
        {
            cancel.ThrowIfCancellationRequested();
            Step(laps);
        }

        Synchronise();
        var rate = steps * subject.Case.Batch / clock.Elapsed.TotalSeconds;
        return new Turn(rate, laps is null ? null : new Parts(laps[0] / steps, laps[1] / steps, laps[2] / steps, laps[3] / steps));
    }

    /// <summary>Runs one step and measures its parts.</summary>
    public Parts Apart()
    {
        Prepare();
        var clock = new double[4];
        Step(clock);
        return new Parts(clock[0], clock[1], clock[2], clock[3]);
    }

    public void Dispose()
    {
        optimizer.Dispose();
        proxyOptimizer.Dispose();
        images.Dispose();
        labels.Dispose();
    }

    private void Prepare()
    {
        subject.Backbone.train();
        subject.Loss.train();
        Synchronise();
    }

    private void Step(double[]? clock)
    {
        var at = Stopwatch.GetTimestamp();
        using var scope = NewDisposeScope();
        using var tape = subject.Case.ChannelsLast && CpuPath.IsTaken(subject.Device)
            ? Tape.Start(usesKernels: true, checkpoints: false, () => Autocast.For(subject.Case.Precision, subject.Device))
            : null;
        Tensor embeddings;
        using (Autocast.For(subject.Case.Precision, subject.Device)) embeddings = subject.Backbone.forward(images);
        Lap(0);

        foreach (var parameter in stepped.SelectMany(group => group.Parameters)) parameter.grad = null;
        subject.Loss.Gradient.Clear();
        var leaf = embeddings.detach().requires_grad_(); // separates the head's backward pass from the network's
        using (var pass = subject.Loss.Begin(leaf, labels)) pass.Backward();
        Lap(1);

        embeddings.backward([leaf.grad!]);
        tape?.Backward();
        Lap(2);

        using (no_grad())
        {
            optimizer.Step(subject.Options.LearningRate);
            proxyOptimizer.Step(subject.Options.LearningRate);
        }

        Lap(3);

        void Lap(int part)
        {
            if (clock is null) return;
            Synchronise();
            clock[part] += Stopwatch.GetElapsedTime(at).TotalSeconds;
            at = Stopwatch.GetTimestamp();
        }
    }

    private void Synchronise()
    {
        if (subject.Device.type == DeviceType.CUDA) cuda.synchronize();
    }
}
