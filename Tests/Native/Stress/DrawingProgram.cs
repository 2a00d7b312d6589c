using System.Runtime.CompilerServices;
using Ablation.Harness.Images;
using Ablation.Tests.Reports.Plots;

namespace Ablation.Tests.Native.Stress;

/// <summary>
/// Draws every kind of plot and decodes its picture on several threads with forced collections, in a separate process, because Skia may
/// crash it: <c>Tests.dll draw SECONDS [SkiaSharp.dll]</c>. A path loads that file instead of the program's.
/// </summary>
internal static class DrawingProgram
{
    public const string Verb = "draw";

    /// <summary>Printed when every kind was drawn without a forced collection: later failures are failures under them.</summary>
    public const string Begun = "drawn in quiet; collections begin";

    private const int Threads = 3;

    public static int Run(string seconds, string[] more)
    {
        StressProgram.Load(more);
        return Run(TimeSpan.FromSeconds(double.Parse(seconds)));
    }

    [MethodImpl(MethodImplOptions.NoInlining)] // names types of SkiaSharp
    private static int Run(TimeSpan length)
    {
        var names = ExamplePlots.Kinds;
        var expected = names.ToDictionary(name => name, Draw);
        Console.WriteLine($"{names.Length} kinds {Begun}");
        using var stop = new CancellationTokenSource(length);
        var (collections, drawn, wrong) = (0, 0, 0);
        var collector = new Thread(() =>
        {
            while (!stop.IsCancellationRequested)
            {
                GC.Collect(++collections % 8 == 0 ? GC.MaxGeneration : 0, GCCollectionMode.Forced, blocking: true);
                GC.WaitForPendingFinalizers();
            }
        });
        var threads = Enumerable.Range(0, Threads).Select(first => new Thread(() =>
        {
            for (var i = first; !stop.IsCancellationRequested; i++)
            {
                var name = names[i % names.Length];
                if (!Draw(name).Equals(expected[name])) Interlocked.Increment(ref wrong);
                Interlocked.Increment(ref drawn);
            }
        })).ToList();
        collector.Start();
        foreach (var thread in threads) thread.Start();
        foreach (var thread in threads) thread.Join();
        collector.Join();
        Console.WriteLine($"{drawn} drawn and decoded, {collections} collections, {wrong} errors");
        return wrong == 0 ? 0 : 1;
    }

    /// <summary>Returns the picture as text, the bytes of its file, and a sum over its decoded pixels.</summary>
    private static (string Svg, string Png, long Pixels) Draw(string name)
    {
        var all = ExamplePlots.All("title");
        var (svg, png) = (all[name].Svg(), all[name].Png());
        foreach (var drawing in all.Values) drawing.Dispose();
        return (svg, Convert.ToHexString(png), ImageDecoder.Decode(png, name).Rgb.Index().Sum(one => (long)one.Item * (one.Index % 251)));
    }
}
