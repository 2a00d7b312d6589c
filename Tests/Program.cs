using Ablation.Tests.Mutants;
using Ablation.Tests.Native.Stress;

namespace Ablation.Tests;

/// <summary>The test project as a program; dotnet test does not call it.</summary>
internal static class Program
{
    public static int Main(string[] arguments) => arguments switch
    {
        ["mutants", .. var parts] => MutantCampaign.Run(parts),
        [StressProgram.Verb, var seconds, .. var more] => StressProgram.Run(seconds, more),
        [FixtureRun.Verb, var report, .. var fixtures] => FixtureRun.Run(report, fixtures),
        _ => Usage(),
    };

    private static int Usage()
    {
        Console.Error.WriteLine("usage: mutants [PART OF A PATH OR TEXT ...]; the tests themselves run with dotnet test");
        return 2;
    }
}
