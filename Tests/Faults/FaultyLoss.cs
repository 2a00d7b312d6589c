using Microsoft.CodeAnalysis;
using Microsoft.CodeAnalysis.CSharp;

namespace Ablation.Tests.Faults;

/// <summary>
/// A user's loss, compiled into an assembly that ABLATION_PLUGINS names. Files in the folder of the variable FAULTS make it
/// hang, die or take all memory in the middle of the training; without them it is a softmax.
/// </summary>
internal static class FaultyLoss
{
    public const string Folder = "FAULTS";

    private const string Source = """
        using System;
        using System.IO;
        using System.Runtime.InteropServices;
        using System.Threading;
        using Ablation.Losses;
        using Ablation.Losses.Heads;
        using TorchSharp;
        using static TorchSharp.torch;

        public sealed record FaultyOptions : LossOptions
        {
            public FaultyOptions()
            {
                if (FaultyLoss.Is("die-reading")) FaultyLoss.Segfault();
            }

            protected override FaceLoss Create(LossShape shape) => new FaultyLoss(this, shape);
        }

        public sealed class FaultyLoss : FaceLoss
        {
            private int passes;

            public FaultyLoss(FaultyOptions options, LossShape shape) : base(options, shape) => RegisterComponents();

            protected override Tensor Compute(Tensor embeddings, Tensor labels)
            {
                if (++passes == 50) Misbehave(embeddings.shape[0]);
                using var scope = NewDisposeScope();
                var logits = nn.functional.linear(embeddings, proxies.to(embeddings.dtype));
                return nn.functional.cross_entropy(logits, labels).MoveToOuterDisposeScope();
            }

            internal static bool Is(string fault)
            {
                if (Environment.GetEnvironmentVariable("FAULTS") is not { } folder) return false;
                var (once, always) = (Path.Combine(folder, fault), Path.Combine(folder, fault + "-always"));
                if (File.Exists(always)) return true;
                if (!File.Exists(once)) return false;
                File.Delete(once);
                return true;
            }

            internal static void Segfault() => memset((IntPtr)1, 0, (UIntPtr)4096);

            [DllImport("libc")]
            private static extern IntPtr memset(IntPtr at, int value, UIntPtr count);

            private static void Misbehave(long rows)
            {
                if (Is("hang")) Thread.Sleep(Timeout.Infinite);
                if (Is("segfault")) Segfault();
                if (Is("crash")) Environment.FailFast("the loss gave up");
                if (rows > 8 && Is("throw")) throw new OutOfMemoryException("no room for 16 rows");
                while (Is("hoard") || (rows > 8 && Is("hoard-whole")))
                {
                    var block = Marshal.AllocHGlobal(16 << 20);
                    for (var at = 0; at < 16 << 20; at += 4096) Marshal.WriteByte(block, at, 1);
                    Thread.Sleep(5);
                    File.WriteAllText(Path.Combine(Environment.GetEnvironmentVariable("FAULTS")!, "hoarding"), "");
                }
            }
        }
        """;

    /// <summary>Compiles the loss.</summary>
    /// <returns>The path of the assembly.</returns>
    public static string Compile(string folder)
    {
        var trusted = ((string)AppContext.GetData("TRUSTED_PLATFORM_ASSEMBLIES")!).Split(Path.PathSeparator)
            .Select(path => MetadataReference.CreateFromFile(path));
        var compiled = CSharpCompilation.Create("faulty", [CSharpSyntaxTree.ParseText(Source)], trusted,
            new CSharpCompilationOptions(OutputKind.DynamicallyLinkedLibrary));
        var path = Path.Combine(folder, "faulty.dll");
        var emitted = compiled.Emit(path);
        Assert.That(emitted.Success, string.Join('\n', emitted.Diagnostics));
        return path;
    }
}
