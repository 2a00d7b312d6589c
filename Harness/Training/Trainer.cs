using Ablation.Harness.Batches;
using Ablation.Harness.Embedding;
using Ablation.Harness.Foundations;
using Ablation.Harness.Kernels;
using Ablation.Harness.Networks;
using Ablation.Harness.Theory;
using Ablation.Losses;
using Ablation.Losses.Heads;
using Ablation.Losses.Kernels;
using static TorchSharp.torch;

namespace Ablation.Harness.Training;

/// <summary>
/// The training loop of every loss: batch, forward, loss, backward, step. It depends on no file and no particular loss.
/// </summary>
public sealed class Trainer
{
    private readonly Backbone backbone;
    private readonly FaceLoss loss;
    private readonly TrainingOptions options;
    private readonly Device device;
    private readonly ParameterUpdate update;
    private readonly LoopOptions loop;
    private readonly DivergenceProbe divergence;
    private readonly long dropoutSeed;
    private readonly InputForm input;
    private TrainingImages? images; // of the current training
    private int micro; // micro-batches of the current step that are done
    private bool spent; // the gradients have been used in a step
    private HeadChoice? head;
    private bool measures; // angles in the current micro-batch

    /// <param name="backbone">On <paramref name="device"/>; trained in place.</param>
    /// <param name="loss">On <paramref name="device"/>; trained in place.</param>
    /// <param name="seed">Of the identities drawn by Partial FC.</param>
    /// <param name="loop">Null for the defaults.</param>
    /// <param name="dropoutSeed">Of the dropout masks.</param>
    public Trainer(Backbone backbone, FaceLoss loss, TrainingOptions options, Device device, long seed = 0, LoopOptions? loop = null,
        long dropoutSeed = 0)
    {
        if (options.ProxyMemoryEpochs is not null)
            throw new ArgumentException("the rule of the proxies' rate is not resolved; see ProxyMemory.Resolve", nameof(options));
        this.dropoutSeed = dropoutSeed;
        this.loop = loop ?? new LoopOptions();
        this.backbone = backbone;
        this.loss = loss;
        this.options = options;
        this.device = device;
        input = InputForm.Of(backbone);
        if (this.loop.ChannelsLast) ChannelsLast.Apply(backbone);
        loss.Configure(options.Head, seed);
        update = new ParameterUpdate(backbone, loss, options);
        divergence = new DivergenceProbe(loss, update.Groups);
    }

    /// <summary>
    /// Trains for all epochs, or resumes from a checkpoint. <paramref name="batches"/> yields micro-batches (Batch / Accumulate images
    /// each).
    /// </summary>
    /// <param name="control">Watch, checkpoints and soft stop; null for none of them.</param>
    /// <exception cref="DivergedException">A loss was NaN or infinite, or the last step gave such weights; on the CPU no step used
    /// it.</exception>
    /// <exception cref="DataProblem">An image could not be read.</exception>
    /// <exception cref="TrialInterruptedException">After the current step, on the soft stop; a checkpoint is saved.</exception>
    /// <exception cref="OperationCanceledException">Between two steps, on <paramref name="cancel"/>; nothing is saved.</exception>
    public TrainingRun Train(BatchStream batches, LoopControl? control, CancellationToken cancel) =>
        Train(new HostImages(batches, device), control, cancel);

    /// <inheritdoc cref="Train(BatchStream, LoopControl, CancellationToken)"/>
    public TrainingRun Train(TrainingImages batches, LoopControl? control, CancellationToken cancel)
    {
        var (watch, checkpoints, stop) = control ?? new LoopControl();
        images = batches;
        var stepsPerEpoch = TrainingSteps.PerEpoch(options, batches.StepsPerEpoch);
        var steps = TrainingSteps.Count(options, batches.StepsPerEpoch);
        if (steps == 0)
            throw new ArgumentException(
                $"{options.Epochs} epochs of {batches.StepsPerEpoch} micro-batches have no step of {options.Accumulate}; raise epochs, " +
                $"or lower batch or accumulate");
        var logPoints = LogPointPlan.Build(device, steps, stepsPerEpoch);
        backbone.train();
        loss.train();
        loss.PassesPerStep = options.Accumulate * loop.Split;

        using var momentum = update; // buffers as large as the parameters
        using var angles = new AngleProbe(loss);
        using var motion = new MotionProbe(backbone, loss);
        using var log = new LoopLog(batches, device, logPoints.Every);
        var state = new LoopState(backbone, loss, update, log.Window);
        Resume(checkpoints, state, log);
        var saved = log.Step;
        watch?.Start(log.Step, steps, log.Step / stepsPerEpoch);
        Pause(due: false);
        foreach (var batch in batches.Read(log.Step * options.Accumulate, steps * options.Accumulate, cancel))
        {
            update.SetRate(options.RateAt(log.Step, stepsPerEpoch));
            if (micro == 0) spent = true;
            loss.Epoch = (long)(log.Step / stepsPerEpoch);
            measures = loop.Angles && micro == options.Accumulate - 1 && logPoints.IsMeasured(log.Step + 1);
            Accumulate(batch, log, angles);
            log.CountImages(batch.Count);
            if (++micro < options.Accumulate) continue;

            micro = 0;
            if (measures) motion.BeforeStep();
            update.Step();
            motion.AfterStep();
            log.CountStep();
            watch?.Step(log.Step);
            if (logPoints.IsLogPoint(log.Step) && LogPoint() is { } broken) return Run(broken);
            Pause(checkpoints?.IsDue(log.Step) == true);
        }

        if (log.Step > 0 && !divergence.WeightsAreFinite())
            throw new DivergedException(divergence.FromWindow(log.Window, log.Step - 1, 0, update.Rate), log.History);
        Save(); // a trial killed during evaluation need not be trained again
        return Run(null);

        // called before Pause: a training that a rule ends is not saved, and a resumed one is judged at the same log points
        Stopped? LogPoint()
        {
            var mean = log.Window.Mean(log.SinceLogPoint);
            if (!float.IsFinite(mean)) // not on the CPU, which checks each step
                throw new DivergedException(divergence.FromWindow(log.Window, log.Step - log.SinceLogPoint, log.SinceLogPoint, update.Rate),
                    log.History);
            var point = log.AddLogPoint(stepsPerEpoch, options.RateAt(log.Step - 1, stepsPerEpoch), mean, angles.Take(),
                motion.Take(stepsPerEpoch), FollowedNumbers.Read(loss));
            watch?.LogPoint(point, steps);
            return options.Stop?.Judge(log.History);
        }

        void Pause(bool due)
        {
            if (log.Step == steps) return;
            if (due || stop.IsCancellationRequested) Save();
            if (stop.IsCancellationRequested) throw new TrialInterruptedException(log.Step);
        }

        void Save()
        {
            if (log.Step == saved) return;
            checkpoints?.Save(log.Record(), batches.Unreadable, head, state);
            saved = log.Step;
        }

        TrainingRun Run(Stopped? stopped) =>
            new(log.History, log.Step, log.Seconds, log.Seconds > 0
                ? log.Images / log.Seconds : 0, batches.BadImageCount, head, log.WaitedSeconds, stopped);
    }

    /// <summary>Restores the state of the checkpoint that the training resumes from.</summary>
    private void Resume(TrialCheckpoints? checkpoints, LoopState state, LoopLog log)
    {
        if (checkpoints?.Start is not { } start) return;
        if (state.Fill(start) is { } misfit)
        {
            checkpoints.Refuse(misfit);
            return;
        }

        log.Restore(start.Header.Loop);
        head = start.Header.Head;
        images!.PassOver(start.Header.BadImages);
    }

    /// <summary>Adds a micro-batch's gradient to the parameters', and its share of the loss to the log's window, piece by piece.</summary>
    private void Accumulate(Batch batch, LoopLog log, AngleProbe angles)
    {
        using var scope = NewDisposeScope();
        var whole = input.Apply(images!.Images(batch, loop.ChannelsLast));
        var at = 0;
        foreach (var (number, count) in MicroBatchSplit.Split(batch.Count, loop.Split).Index())
        {
            using var inner = NewDisposeScope();
            // the masks depend only on the step: a resumed training draws the same as an uninterrupted one
            using var masks = manual_seed((long)(new RandomStream(dropoutSeed, StreamPurpose.Dropout, log.Step, micro * loop.Split + number)
                .NextBits() >> 1));
            var pictures = count == batch.Count ? whole : whole.narrow(0, at, count);
            Pass(pictures, batch.Labels.AsSpan(at, count), batch.Indices.AsSpan(at, count),
                (double)count / batch.Count / options.Accumulate, log,
                measures && at + count == batch.Count ? angles : null);
            at += count;
        }
    }

    /// <summary>Runs forward and backward for some images.</summary>
    /// <param name="pictures">N x 3 x p x p on the device.</param>
    /// <param name="share">Weight of their loss in the step's mean loss.</param>
    /// <param name="angles">Measures the embeddings after the backward pass; null to measure nothing.</param>
    private void Pass(Tensor pictures, Span<long> identities, Span<int> indices, double share, LoopLog log, AngleProbe? angles)
    {
        using var tape = UsesTape ? Tape.Start(UsesKernels, loop.Checkpointing, () => Autocast.For(options.Precision, device)) : null;
        var labels = tensor(identities.ToArray(), device: device);
        var embeddings = Embed(pictures);
        var onHost = CpuPath.IsTaken(device);
        if (onHost && !embeddings.isfinite().all().item<bool>()) throw Diverged(pictures, indices, double.NaN, log);
        using var pass = loss.Begin(embeddings, labels);
        head ??= pass.Choice;
        var value = pass.Value * share;
        if (onHost && value.item<float>() is var seen && !float.IsFinite(seen)) throw Diverged(pictures, indices, seen, log);
        if (spent) update.ClearGradients(); // as late as this, so that a divergence can report the norms of the previous step
        spent = false;
        pass.Backward(share);
        tape?.Backward();
        angles?.Measure(embeddings, labels); // after the backward pass, when the maps are freed
        log.Window.Add(log.SinceLogPoint, value, indices);
    }

    private bool UsesKernels => loop.ChannelsLast && CpuPath.IsTaken(device);

    private bool UsesTape => UsesKernels || loop.Checkpointing;

    private Tensor Embed(Tensor pictures)
    {
        using var cast = Autocast.For(options.Precision, device);
        return backbone.forward(pictures);
    }

    /// <summary>Embeds the images again, while the tape may still be open.</summary>
    private DivergedException Diverged(Tensor pictures, Span<int> indices, double seen, LoopLog log)
    {
        using var grad = no_grad();
        return new DivergedException(divergence.Examine(Embed(pictures), indices, log.Step, seen, update.Rate), log.History);
    }
}
