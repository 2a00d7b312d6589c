using Ablation.Harness.Native;
using TorchSharp;

namespace Ablation.Tests;

/// <summary>Runs once before all tests: makes libtorch loadable and sets one thread.</summary>
[SetUpFixture]
public sealed class SetUp
{
    [OneTimeSetUp]
    public void Prepare()
    {
        TorchNative.Prepare();
        torch.set_num_threads(1); // a second thread does not help with tiny tensors
    }
}
