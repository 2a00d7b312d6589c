using Ablation.Harness.Doctor;
using Ablation.Losses;
using Ablation.Losses.Heads;
using static TorchSharp.torch;

namespace Ablation.Tests.Doctor;

/// <summary>Faults that doctor must find: in a kernel's gradient, in its margin, in the repetition of a training.</summary>
public sealed class PlantedFaultTests
{
    [TestCase(FaultKind.None, null)]
    [TestCase(FaultKind.Sign, "gradient of")]
    [TestCase(FaultKind.Margin, "")]
    public void A_wrong_kernel_is_found(FaultKind fault, string? where)
    {
        var report = DoctorTests.Run(With(fault), new LossesCheck());
        var line = report.Checks[0].Lines.Single();
        Assert.That(line.Outcome, Is.EqualTo(where is null ? CheckOutcome.Ok : CheckOutcome.Failed), line.Measured);
        Assert.That(line.Tolerance, Is.EqualTo("1.0e-4"));
        if (where is null) return;
        Assert.That(line.Measured, Does.Contain(where));
        Assert.That(DoctorPage.Write(report), Does.StartWith("# ablation doctor: NOT READY, 1 failed"));
    }

    [TestCase(FaultKind.None, true)]
    [TestCase(FaultKind.Noise, false)]
    public void A_training_that_cannot_be_repeated_is_found(FaultKind fault, bool same)
    {
        var report = DoctorTests.Run(With(fault), new RepeatCheck());
        Assert.That(report.IsReady, Is.EqualTo(same), DoctorPage.Write(report));
        if (!same) Assert.That(DoctorPage.Write(report), Does.Contain("ended in other weights"));
    }

    [Test]
    public void A_loss_that_throws_is_one_failed_line()
    {
        var subject = DoctorTests.Subject;
        subject = subject with
        {
            Losses = new Dictionary<string, LossOptions>(subject.Losses) { ["Refused"] = new NptOptions { K = 10_000 } }
        };
        var lines = DoctorTests.Run(subject, new LossesCheck()).Checks[0].Lines;
        Assert.That(lines.Select(line => line.Outcome), Is.EqualTo(new[] { CheckOutcome.Ok, CheckOutcome.Ok, CheckOutcome.Failed }));
        Assert.That(lines[2].Measured, Does.StartWith("ArgumentException: Npt: k = 10000"));
    }

    private static DoctorSubject With(FaultKind fault) => DoctorTests.Subject with
    {
        Losses = new Dictionary<string, LossOptions> { ["planted"] = new PlantedOptions { Fault = fault } }
    };
}

public enum FaultKind
{
    None,
    Sign,
    Margin,
    Noise,
}

/// <summary>CosFace, whose kernels have a fault that the plain formulation does not have; without one it is a loss like others.</summary>
[System.ComponentModel.Description("a loss of the tests: CosFace with a fault in its kernels")]
public sealed record PlantedOptions : LossOptions
{
    [System.ComponentModel.Description("the fault")]
    public FaultKind Fault { get; init; }

    protected override FaceLoss Create(LossShape shape) => new PlantedLoss(this, shape);
}

internal sealed class PlantedLoss : FaceLoss
{
    private const double Margin = 0.35;
    private readonly FaultKind fault;

    public PlantedLoss(PlantedOptions options, LossShape shape) : base(options, shape)
    {
        fault = options.Fault;
        RegisterComponents();
    }

    protected internal override HeadForm Form => new SoftmaxForm
    {
        Scale = 16,
        Target = cosine => fault switch
        {
            FaultKind.Sign => 2 * cosine.detach() - cosine - Margin,
            FaultKind.Margin => cosine - Margin - 0.01,
            FaultKind.Noise => cosine - Margin + 1e-3 * Random.Shared.NextDouble(),
            _ => cosine - Margin,
        },
    };

    protected override Tensor Compute(Tensor embeddings, Tensor labels)
    {
        using var scope = NewDisposeScope();
        var cosines = Cosines(embeddings);
        var column = labels.unsqueeze(1);
        var logits = 16 * cosines.scatter(1, column, cosines.gather(1, column) - Margin);
        return nn.functional.cross_entropy(logits, labels).MoveToOuterDisposeScope();
    }
}
