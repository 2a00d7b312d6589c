using Ablation.Tests.Mutants;
using Ablation.Tests.Native;
using Ablation.Tests.Native.Stress;

namespace Ablation.Tests;

/// <summary>The test project as a program; dotnet test does not call it.</summary>
internal static class Program
{
    public static int Main(string[] arguments) => arguments switch
    {
        ["mutants", .. var parts] => MutantCampaign.Run(parts),
        [StressProgram.Verb, var seconds, .. var more] => StressProgram.Run(seconds, more),
        [DrawingProgram.Verb, var seconds, .. var more] => DrawingProgram.Run(seconds, more),
        [FixtureRun.Verb, var report, .. var fixtures] => FixtureRun.Run(report, fixtures),
        [WholeRun.Verb, .. var what] => WholeRun.Run(what),
        [WindowsAids.Hold, var file, var until] => WindowsAids.HoldOpen(file, until),
        [WindowsAids.Pack, var folder] => WindowsAids.WritePack(folder),
        [WindowsAids.InterruptAfter, .. var command] => WindowsAids.Interrupt(command),
        _ => Usage(),
    };

    private static int Usage()
    {
        Console.Error.WriteLine("usage: mutants [PART OF A PATH OR TEXT ...], or, without an SDK, run [Slow|Faults] [CLASS ...]");
        return 2;
    }
}
