using Ablation.Harness.Native;
using TorchSharp;

namespace Ablation.Tests;

/// <summary>Runs once before every test: libtorch made loadable, one thread.</summary>
[SetUpFixture]
public sealed class SetUp
{
    [OneTimeSetUp]
    public void Prepare()
    {
        TorchNative.Prepare();
        torch.set_num_threads(1); // tiny tensors: a second thread only waits
    }
}
