using Ablation.Losses;
using Ablation.Losses.Heads;
using Ablation.Losses.Options;
using Ablation.Tests.Losses;
using TorchSharp;

namespace Ablation.Tests.Native.Stress;

/// <summary>Forward and backward passes of every loss found by reflection, a user's included, in all its implementations.</summary>
internal static class LossPasses
{
    private static readonly HeadOptions[] Heads =
    [
        .. from implementation in new[] { HeadImplementation.Straight, HeadImplementation.Stored, HeadImplementation.Tiled }
           from kernel in implementation == HeadImplementation.Straight ? [HeadKernel.Auto] : Enum.GetValues<HeadKernel>()
           select new HeadOptions { Implementation = implementation, Kernel = kernel },
        new HeadOptions { PartialRate = 0.5 },
    ];

    public static IReadOnlyList<Operation> All() =>
        [.. LossCases.Found().SelectMany(options => Heads.Where(head => Takes(options, head)).Select(head => Of(options, head)))];

    private static bool Takes(LossOptions options, HeadOptions head)
    {
        using var loss = options.Build(new LossShape(12, 16));
        return head.Problem(loss.GetName(), loss.HasKernel) is null;
    }

    private static Operation Of(LossOptions options, HeadOptions head)
    {
        var problem = new KernelProblem(options, 8, 12, 16, torch.ScalarType.Float32, seed: 4);
        object Pass()
        {
            var outcome = problem.Run(head, torch.ScalarType.Float32);
            return outcome.Value + outcome.Embeddings.Sum() + outcome.Parameters.Values.Sum(gradient => gradient.Sum());
        }

        return new Operation($"{Catalog.NameOf(options)}, {head.Implementation} {head.Kernel} {head.PartialRate}", Pass, (double)Pass());
    }
}
