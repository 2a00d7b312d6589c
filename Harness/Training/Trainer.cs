using System.Diagnostics;
using Ablation.Harness.Backbones;
using Ablation.Harness.Data;
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
    private readonly IReadOnlyList<Optimizers.Group> groups;
    private readonly optim.Optimizer optimizer;

    /// <param name="backbone">On <paramref name="device"/>; trained in place.</param>
    /// <param name="loss">On <paramref name="device"/>; trained in place.</param>
    public Trainer(Backbone backbone, FaceLoss loss, TrainingOptions options, Device device)
    {
        this.backbone = backbone;
        this.loss = loss;
        this.options = options;
        this.device = device;
        ChannelsLast.Apply(backbone);
        groups = Optimizers.Groups(backbone, loss, options);
        optimizer = Optimizers.Build(groups, options);
    }

    /// <summary>Trains for all epochs. <paramref name="batches"/> gives micro-batches (Batch / Accumulate images each).</summary>
    /// <param name="report">Called at each look at the loss, on the loop's thread.</param>
    /// <exception cref="DivergedException">A loss was NaN or infinite; nothing was stepped with it where the device is the CPU.</exception>
    /// <exception cref="DataProblem">An image could not be read.</exception>
    /// <exception cref="OperationCanceledException">Between two steps, on <paramref name="cancel"/>.</exception>
    public TrainingRun Train(Batches batches, Action<HistoryPoint, long>? report, CancellationToken cancel)
    {
        var stepsPerEpoch = (double)batches.StepsPerEpoch / options.Accumulate;
        var steps = (long)Math.Floor(options.Epochs * stepsPerEpoch);
        // a look stalls any device but the CPU, so it is rare there
        var lookEvery = Math.Max(1, Math.Min(device.type == DeviceType.CPU ? 20 : 50, (long)stepsPerEpoch));
        var history = new List<HistoryPoint>();
        backbone.train();
        loss.train();

        using var sum = zeros(1, ScalarType.Float32, device);
        var clock = Stopwatch.StartNew();
        double lookedAt = 0;
        long step = 0, images = 0, imagesAtLook = 0, stepAtLook = 0, micro = 0;
        foreach (var batch in batches.Read(0, steps * options.Accumulate, cancel))
        {
            SetRate(options.RateAt(step, stepsPerEpoch));
            Accumulate(batch, step, sum, history);
            images += batch.Count;
            if (++micro % options.Accumulate != 0) continue;

            if (options.ClipNorm is { } norm) nn.utils.clip_grad_norm_(groups.SelectMany(group => group.Parameters), norm);
            optimizer.step();
            optimizer.zero_grad();
            step++;
            if (step - stepAtLook < lookEvery && step < steps) continue;

            var mean = sum.item<float>() / (step - stepAtLook);
            sum.zero_();
            var now = clock.Elapsed.TotalSeconds;
            var point = new HistoryPoint(step, step / stepsPerEpoch, options.RateAt(step - 1, stepsPerEpoch), mean, (images - imagesAtLook) / (now - lookedAt));
            if (!float.IsFinite(mean)) throw new DivergedException(Examine(batch, step - 1, mean), history); // CUDA: seen at the look
            history.Add(point);
            report?.Invoke(point, steps);
            (stepAtLook, imagesAtLook, lookedAt) = (step, images, now);
        }

        var seconds = clock.Elapsed.TotalSeconds;
        return new TrainingRun(history, step, seconds, seconds > 0 ? images / seconds : 0, batches.BadImageCount);
    }

    /// <summary>Adds a micro-batch's gradient to the parameters' and its share of the loss to <paramref name="sum"/>.</summary>
    private void Accumulate(Batch batch, long step, Tensor sum, List<HistoryPoint> history)
    {
        using var scope = NewDisposeScope();
        var labels = tensor(batch.Labels.AsSpan(0, batch.Count).ToArray());
        var embeddings = Embed(batch);
        if (device.type == DeviceType.CPU && !embeddings.isfinite().all().item<bool>()) throw new DivergedException(Examine(batch, step, double.NaN), history);
        var value = loss.forward(embeddings, labels.to(device)) / options.Accumulate;
        if (device.type == DeviceType.CPU && value.item<float>() is var seen && !float.IsFinite(seen))
            throw new DivergedException(Examine(batch, step, seen), history);
        value.backward();
        using var grad = no_grad();
        sum.add_(value.detach());
    }

    private Tensor Embed(Batch batch)
    {
        using var cast = Autocast.For(options.Precision, device);
        return backbone.forward(ChannelsLast.Of(Images.ToDevice(batch, device)));
    }

    private void SetRate(double rate)
    {
        foreach (var (parameters, group) in optimizer.ParamGroups.Zip(groups)) parameters.LearningRate = rate * group.RateFactor;
    }

    /// <summary>Looks at the step once more: where are the cosines, how large was the gradient?</summary>
    private Divergence Examine(Batch batch, long step, double seen)
    {
        using var scope = NewDisposeScope();
        using var grad = no_grad();
        var embeddings = Embed(batch).to(ScalarType.Float32);
        var cosines = nn.functional.normalize(embeddings, dim: 1).matmul(nn.functional.normalize(loss.proxies, dim: 1).t());
        var rate = optimizer.ParamGroups.First().LearningRate;
        return new Divergence(step, [.. batch.Indices.Take(batch.Count)], rate, seen.ToString(System.Globalization.CultureInfo.InvariantCulture),
            Finite(cosines.min()), Finite(cosines.max()), Finite(embeddings.norm(1, p: 2).max()),
            [.. groups.Select(group => Finite(Norm(group.Parameters)))]);
    }

    private Tensor Norm(IEnumerable<Parameter> parameters) =>
        parameters.Aggregate(zeros(1, device: device), (sum, parameter) => parameter.grad is { } g ? sum + g.square().sum() : sum).sqrt();

    private static double? Finite(Tensor scalar) => scalar.item<float>() is var value && float.IsFinite(value) ? value : null;
}
