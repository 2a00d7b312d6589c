using System.Diagnostics;
using Ablation.Harness.Backbones;
using Ablation.Harness.Data;
using Ablation.Harness.Kernels;
using Ablation.Losses;
using TorchSharp;
using TorchSharp.Modules;
using static TorchSharp.torch;

namespace Ablation.Harness.Training;

/// <summary>
/// The one loop that every loss shares: batch, forward, loss, backward, step. It knows no file and no particular loss.
/// </summary>
public sealed class Trainer
{
    private readonly Backbone backbone;
    private readonly FaceLoss loss;
    private readonly TrainingOptions options;
    private readonly Device device;
    private readonly IReadOnlyList<Optimizers.Group> groups, stepped; // all; those of optimizer
    private readonly optim.Optimizer? adam; // one of the two
    private readonly DenseSgd? sgd;
    private readonly ProxySgd? proxyOptimizer;
    private readonly LoopOptions loop;
    private double rate;
    private TrainingImages? images; // of the training in hand
    private bool spent; // the gradients have been stepped with
    private HeadChoice? head;

    /// <param name="backbone">On <paramref name="device"/>; trained in place.</param>
    /// <param name="loss">On <paramref name="device"/>; trained in place.</param>
    /// <param name="seed">Of the identities drawn by Partial FC.</param>
    /// <param name="loop">Null for the defaults.</param>
    public Trainer(Backbone backbone, FaceLoss loss, TrainingOptions options, Device device, long seed = 0, LoopOptions? loop = null)
    {
        this.loop = loop ?? new LoopOptions();
        this.backbone = backbone;
        this.loss = loss;
        this.options = options;
        this.device = device;
        if (this.loop.ChannelsLast) ChannelsLast.Apply(backbone);
        loss.Configure(options.Head, seed);
        groups = Optimizers.Groups(backbone, loss, options);
        proxyOptimizer = Optimizers.ForProxies(loss, options);
        stepped = proxyOptimizer is null ? groups : Optimizers.WithoutProxies(groups, loss);
        if (options.Optimizer == OptimizerKind.AdamW) adam = Optimizers.AdamW(stepped, options);
        else sgd = new DenseSgd(stepped, options.Momentum, Optimizers.IsNesterov(options));
    }

    /// <summary>Trains for all epochs. <paramref name="batches"/> gives micro-batches (Batch / Accumulate images each).</summary>
    /// <param name="report">Called at each look at the loss, on the loop's thread.</param>
    /// <exception cref="DivergedException">A loss was NaN or infinite, or the last step left such weights; nothing was stepped with it where the device is the CPU.</exception>
    /// <exception cref="DataProblem">An image could not be read.</exception>
    /// <exception cref="OperationCanceledException">Between two steps, on <paramref name="cancel"/>.</exception>
    public TrainingRun Train(Batches batches, Action<HistoryPoint, long>? report, CancellationToken cancel) => Train(new HostImages(batches, device), report, cancel);

    /// <inheritdoc cref="Train(Batches, Action{HistoryPoint, long}, CancellationToken)"/>
    public TrainingRun Train(TrainingImages batches, Action<HistoryPoint, long>? report, CancellationToken cancel)
    {
        images = batches;
        var stepsPerEpoch = (double)batches.StepsPerEpoch / options.Accumulate;
        var steps = (long)Math.Floor(options.Epochs * stepsPerEpoch);
        // a look stalls any device but the CPU, so it is rare there
        var lookEvery = Math.Max(1, Math.Min(device.type == DeviceType.CPU ? 20 : 50, (long)stepsPerEpoch));
        var history = new List<HistoryPoint>();
        backbone.train();
        loss.train();
        loss.PassesPerStep = options.Accumulate;

        using var proxyMomentum = proxyOptimizer; // their buffers, as large as what they step
        using var momentum = sgd;
        using var window = new LossWindow(device, (int)lookEvery);
        var (clock, waitedBefore) = (Stopwatch.StartNew(), batches.Waited);
        double lookedAt = 0;
        long step = 0, seen = 0, seenAtLook = 0, stepAtLook = 0, micro = 0;
        foreach (var batch in batches.Read(0, steps * options.Accumulate, cancel))
        {
            SetRate(options.RateAt(step, stepsPerEpoch));
            if (micro % options.Accumulate == 0) spent = true;
            Accumulate(batch, step, (int)(step - stepAtLook), window, history);
            seen += batch.Count;
            if (++micro % options.Accumulate != 0) continue;

            Step();
            step++;
            if (step - stepAtLook < lookEvery && step < steps) continue;

            var mean = window.Mean((int)(step - stepAtLook));
            if (!float.IsFinite(mean)) // not on the CPU, which looks at each step
                throw new DivergedException(Seen(window, stepAtLook, (int)(step - stepAtLook)), history);
            window.Clear();
            var now = clock.Elapsed.TotalSeconds;
            var point = new HistoryPoint(step, step / stepsPerEpoch, options.RateAt(step - 1, stepsPerEpoch), mean, (seen - seenAtLook) / (now - lookedAt));
            history.Add(point);
            report?.Invoke(point, steps);
            (stepAtLook, seenAtLook, lookedAt) = (step, seen, now);
        }

        if (step > 0 && !WeightsAreFinite()) throw new DivergedException(Seen(window, step - 1, 0), history);
        var seconds = clock.Elapsed.TotalSeconds;
        return new TrainingRun(history, step, seconds, seconds > 0 ? seen / seconds : 0, batches.BadImageCount, head, (batches.Waited - waitedBefore).TotalSeconds);
    }

    /// <summary>Adds a micro-batch's gradient to the parameters' and its share of the loss to <paramref name="window"/>.</summary>
    private void Accumulate(Batch batch, long step, int sinceLook, LossWindow window, List<HistoryPoint> history)
    {
        using var scope = NewDisposeScope();
        using var tape = UsesTape ? Tape.Start(UsesKernels, loop.Checkpointing, () => Autocast.For(options.Precision, device)) : null;
        var labels = tensor(batch.Labels.AsSpan(0, batch.Count).ToArray());
        var embeddings = Embed(batch);
        if (device.type == DeviceType.CPU && !embeddings.isfinite().all().item<bool>()) throw new DivergedException(Examine(batch, step, double.NaN), history);
        using var pass = loss.Begin(embeddings, labels.to(device));
        head ??= pass.Choice;
        var value = pass.Value / options.Accumulate;
        if (device.type == DeviceType.CPU && value.item<float>() is var seen && !float.IsFinite(seen))
            throw new DivergedException(Examine(batch, step, seen), history);
        if (spent) // only now: until here the norms of the step before can be told
        {
            foreach (var parameter in stepped.SelectMany(group => group.Parameters)) parameter.grad = null; // the next one is written, not added
            loss.Gradient.Clear();
        }

        spent = false;
        pass.Backward(1.0 / options.Accumulate);
        tape?.Backward();
        window.Add(sinceLook, value, batch);
    }

    /// <summary>One step of the optimiser. The scope matters: it makes a handle for each parameter's gradient.</summary>
    private void Step()
    {
        using var scope = NewDisposeScope();
        using var grad = no_grad();
        if (proxyOptimizer is null) loss.Gradient.Densify();
        if (options.ClipNorm is { } limit)
        {
            // libtorch's own clipping returns the norm to the host, which a device would have to wait for
            loss.Gradient.Merge(); // the norm is that of the sums
            var gradients = stepped.SelectMany(group => group.Parameters).Select(parameter => parameter.grad).OfType<Tensor>().ToList();
            if (proxyOptimizer is not null) gradients.AddRange(loss.Gradient.Rows.Count > 0 && !loss.Gradient.IsDense ? loss.Gradient.Rows.Select(part => part.Values) : [Dense()]);
            var factor = (limit / (stack(gradients.Select(gradient => gradient.norm())).norm() + 1e-6)).clamp_max(1);
            foreach (var gradient in gradients) gradient.mul_(factor);
        }

        adam?.step();
        sgd?.Step(rate);
        proxyOptimizer?.Step(rate * options.ProxyRateFactor);

        Tensor Dense()
        {
            loss.Gradient.Densify();
            return loss.proxies.grad!;
        }
    }

    private bool UsesKernels => loop.ChannelsLast && device.type == DeviceType.CPU;

    private bool UsesTape => UsesKernels || loop.Checkpointing;

    private Tensor Embed(Batch batch)
    {
        using var cast = Autocast.For(options.Precision, device);
        return backbone.forward(images!.Images(batch, loop.ChannelsLast));
    }

    private void SetRate(double rate)
    {
        this.rate = rate;
        if (adam is null) return;
        foreach (var (parameters, group) in adam.ParamGroups.Zip(stepped)) parameters.LearningRate = rate * group.RateFactor;
    }

    /// <summary>What a look finds out about steps that are over: the first bad one, but no longer its cosines.</summary>
    private Divergence Seen(LossWindow window, long firstStep, int count)
    {
        var (at, value, images) = count > 0 ? window.FirstBad(count) : (0, float.NaN, []);
        var what = count > 0 ? value.ToString(System.Globalization.CultureInfo.InvariantCulture) : "finite, but its step made weights that are not";
        return new Divergence(firstStep + at, [.. images], rate, what, null, null, null, GradientNorms());
    }

    private bool WeightsAreFinite()
    {
        using var scope = NewDisposeScope();
        using var grad = no_grad();
        return stack(groups.SelectMany(group => group.Parameters).Select(parameter => parameter.isfinite().all())).all().cpu().item<bool>();
    }

    /// <summary>Looks at the step once more: where are the cosines, how large was the gradient?</summary>
    private Divergence Examine(Batch batch, long step, double seen)
    {
        using var scope = NewDisposeScope();
        using var grad = no_grad();
        var embeddings = Embed(batch).to(ScalarType.Float32);
        var cosines = nn.functional.normalize(embeddings, dim: 1).matmul(nn.functional.normalize(loss.proxies, dim: 1).t());
        return new Divergence(step, [.. batch.Indices.Take(batch.Count)], rate, seen.ToString(System.Globalization.CultureInfo.InvariantCulture),
            Finite(cosines.min()), Finite(cosines.max()), Finite(embeddings.norm(1, p: 2).max()), GradientNorms());
    }

    private List<double?> GradientNorms()
    {
        using var scope = NewDisposeScope();
        using var grad = no_grad();
        loss.Gradient.Densify();
        return [.. groups.Select(group => Finite(Norm(group.Parameters)))];
    }

    private Tensor Norm(IEnumerable<Parameter> parameters) =>
        parameters.Aggregate(zeros(1, device: device), (sum, parameter) => parameter.grad is { } g ? sum + g.square().sum() : sum).sqrt();

    private static double? Finite(Tensor scalar) => scalar.item<float>() is var value && float.IsFinite(value) ? value : null;
}
