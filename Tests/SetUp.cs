using Ablation.Harness.Native;
using TorchSharp;

namespace Ablation.Tests;

/// <summary>Runs once before every test: libtorch made loadable, one thread count for all figures.</summary>
[SetUpFixture]
public sealed class SetUp
{
    [OneTimeSetUp]
    public void Prepare()
    {
        TorchNative.Prepare();
        torch.set_num_threads(Math.Min(2, Environment.ProcessorCount));
    }
}
