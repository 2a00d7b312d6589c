using Ablation.Experiments.Suites;
using Ablation.Harness.Training;
using Ablation.Losses;
using Ablation.Tests.Training;

namespace Ablation.Tests.Scheduling;

/// <summary>A suite of trials that take a fraction of a second.</summary>
internal static class TinySuite
{
    public static readonly TrainingOptions Training = Tiny.Training with { Epochs = 1 };

    /// <summary>More nearest proxies than there are for eight identities: only its trial fails.</summary>
    public static readonly LossOptions Failing = new NptOptions { K = 100 };

    /// <summary>Weights grow a hundredfold per step and become infinite.</summary>
    public static readonly TrainingOptions Diverging = Tiny.Training with
    {
        Epochs = 10,
        LearningRate = 100,
        WarmUpEpochs = 0,
        Decay = new DecayOptions { Backbone = 1, Fc = 1, Proxies = 1 },
    };

    public static Suite Of(params LossOptions[] losses)
    {
        var spec = Tiny.Spec(losses[0]);
        return new Suite
        {
            Name = "tiny",
            Question = "Does it run?",
            Data = [spec.Data],
            Tests = spec.Tests,
            Losses = losses,
            Backbones = [spec.Backbone],
            Resolutions = [spec.Resolution],
            Trainings = [Training],
            Seeds = [1],
            Untrained = false,
        };
    }

    public static string Id(this Suite suite, string label) => suite.Trials().First(trial => trial.Label == label).Spec.Id();
}
