using Microsoft.CodeAnalysis;
using Microsoft.CodeAnalysis.CSharp;

namespace Ablation.Tests.Native.Stress;

/// <summary>A user's loss with plain numbers in its formula, compiled into an assembly that ABLATION_PLUGINS names.</summary>
internal static class UserLoss
{
    private const string Source = """
        using Ablation.Losses;
        using Ablation.Losses.Heads;
        using TorchSharp;
        using static TorchSharp.torch;

        public sealed record UsersOwnOptions : LossOptions
        {
            public double Scale { get; init; } = 8;

            protected override FaceLoss Create(LossShape shape) => new UsersOwnLoss(this, shape);
        }

        public sealed class UsersOwnLoss : FaceLoss
        {
            private readonly UsersOwnOptions options;

            public UsersOwnLoss(UsersOwnOptions options, LossShape shape) : base(options, shape)
            {
                this.options = options;
                RegisterComponents();
            }

            protected override Tensor Compute(Tensor embeddings, Tensor labels)
            {
                var cosines = Cosines(embeddings).clamp(-0.99, 0.99);
                var column = labels.unsqueeze(1);
                var own = (cosines.gather(1, column) - 0.2) * 1.5 + 0.1;
                var logits = cosines.scatter(1, column, own).pow(2).add(own, 0.25) * options.Scale + 1;
                return (nn.functional.softplus(logits).mean() - own.mean() * 3) / 2 + 0.5;
            }
        }
        """;

    /// <summary>Compiles the loss.</summary>
    /// <returns>The path of the assembly.</returns>
    public static string Compile(string folder)
    {
        var trusted = ((string)AppContext.GetData("TRUSTED_PLATFORM_ASSEMBLIES")!).Split(Path.PathSeparator)
            .Select(path => MetadataReference.CreateFromFile(path));
        var compiled = CSharpCompilation.Create("users-own", [CSharpSyntaxTree.ParseText(Source)], trusted,
            new CSharpCompilationOptions(OutputKind.DynamicallyLinkedLibrary));
        var path = Path.Combine(folder, "users-own.dll");
        var emitted = compiled.Emit(path);
        Assert.That(emitted.Success, string.Join('\n', emitted.Diagnostics));
        return path;
    }
}
