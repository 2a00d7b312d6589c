using Ablation.Harness.Batches;
using Ablation.Harness.Kernels;
using Ablation.Harness.Networks;
using Ablation.Harness.Training;
using Ablation.Losses;
using Ablation.Losses.Heads;
using TorchSharp;
using static TorchSharp.torch;

namespace Ablation.Harness.Doctor;

/// <summary>One step of the training loop with a network, from fixed weights and pictures; on the host.</summary>
internal sealed class TrainingStep : IDisposable
{
    private const int Classes = 100;
    private readonly List<Tensor> moves; // by how much each weight of the network moved

    private TrainingStep(double loss, List<Tensor> moves) => (Loss, this.moves) = (loss, moves);

    public double Loss { get; }

    public bool IsFinite => double.IsFinite(Loss) && double.IsFinite(Norm(moves));

    /// <summary>Runs the step. Dropout is off: its masks differ between devices.</summary>
    public static TrainingStep Run(BackboneOptions options, Device device, Precision precision, DoctorScale scale, LoopOptions loop,
        CancellationToken cancel)
    {
        using var scope = NewDisposeScope();
        using var grad = no_grad();
        manual_seed(1);
        using var backbone = WithoutDropout(options).Build(scale.StepPixels);
        using var loss = new ArcFaceOptions().Build(new LossShape(Classes, options.EmbeddingDimension));
        using (var generator = new Generator(2)) loss.InitialiseProxies(generator);
        var before = backbone.parameters().Select(parameter => parameter.detach().clone()).ToList();
        backbone.to(device);
        loss.to(device);
        TrainingRun run;
        using (enable_grad())
        {
            run = new Trainer(backbone, loss, Options(scale.StepBatch, precision), device, loop: loop with { Angles = false })
                .Train(new OneBatch(scale.StepBatch, scale.StepPixels, Classes, device, steps: 1), null, cancel);
        }

        return new TrainingStep(run.History[^1].Loss, [.. backbone.parameters()
            .Zip(before, (now, old) => (now.detach().cpu() - old).DetachFromDisposeScope())]);
    }

    /// <summary>The norm of the difference of all moves over the norm of the other's.</summary>
    public double DifferenceFrom(TrainingStep other)
    {
        using var scope = NewDisposeScope();
        using var grad = no_grad();
        return Norm(moves.Zip(other.moves, (mine, theirs) => mine - theirs)) / Norm(other.moves);
    }

    public void Dispose()
    {
        foreach (var move in moves) move.Dispose();
    }

    private static double Norm(IEnumerable<Tensor> tensors)
    {
        using var scope = NewDisposeScope();
        return Math.Sqrt(tensors.Sum(tensor => HeadSample.Doubles(tensor.square().sum())[0]));
    }

    /// <summary>One step of plain gradient descent.</summary>
    private static TrainingOptions Options(int batch, Precision precision) => new()
    {
        Epochs = 1,
        Batch = batch,
        LearningRate = 1e-3,
        Momentum = 0,
        Nesterov = false,
        WarmUpEpochs = 0,
        Schedule = new StepOptions { At = [] },
        Augment = AugmentOptions.Off,
        Precision = precision,
    };

    private static BackboneOptions WithoutDropout(BackboneOptions options)
    {
        if (options.GetType().GetProperty("Dropout") is not { PropertyType: var type } dropout || type != typeof(double)) return options;
        var copy = options with { };
        dropout.SetValue(copy, 0.0);
        return copy;
    }
}
