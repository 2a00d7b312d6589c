using Ablation.Experiments.Serving;
using Ablation.Experiments.Suites;
using Ablation.Tests.Scheduling;

namespace Ablation.Tests.Serving;

/// <summary>A feed of a suite that tests write by hand, with a clock that they set.</summary>
internal static class MadeFeed
{
    public static SuiteFeed Of(HandMadeSuite made, TimeProvider clock, Suite? suite = null) =>
        new(made.Store.Folder, () => SuitePlanned.Build(suite ?? made.Suite, (suite ?? made.Suite).Trials(), made.Store.Folder), clock);
}
