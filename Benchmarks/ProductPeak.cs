using System.Diagnostics;
using Ablation.Harness.Native;
using TorchSharp;
using static TorchSharp.torch;

namespace Ablation.Benchmarks;

/// <summary>
/// Measures how fast this machine multiplies: a float32 product of square matrices through libtorch, on the threads of training.
/// </summary>
internal sealed class ProductPeak : IDisposable
{
    private readonly Tensor left, right, product;

    public ProductPeak(string device, int size)
    {
        var place = Devices.Find(device);
        (left, right, product) = (randn(size, size, device: place), randn(size, size, device: place), zeros(size, size, device: place));
        Run();
    }

    /// <summary>Returns floating-point operations per second, two per multiply-add.</summary>
    public double Run()
    {
        using var scope = NewDisposeScope();
        using var grad = no_grad();
        Synchronise();
        var clock = Stopwatch.StartNew();
        product.addmm_(left, right, 0, 1);
        Synchronise();
        return 2 * Math.Pow(left.shape[0], 3) / clock.Elapsed.TotalSeconds;
    }

    public void Dispose()
    {
        left.Dispose();
        right.Dispose();
        product.Dispose();
    }

    private void Synchronise()
    {
        if (left.device_type == DeviceType.CUDA) cuda.synchronize();
    }
}
