using Ablation.Harness.Native;

namespace Ablation.Tests.Native;

/// <summary>A libtorch that cannot be loaded is one line with a cure.</summary>
public sealed class LoadProblemTests
{
    private static readonly Exception Unloadable = new TypeInitializationException("TorchSharp.torch",
        new NotSupportedException("This application or script uses TorchSharp but\nTrace"));

    [Test]
    public void A_missing_runtime_is_named_with_its_installer()
    {
        Assert.That(VisualCRuntime.Problem(_ => true), Is.Null);
        Assert.That(VisualCRuntime.Problem(name => name != "vcruntime140_1.dll"),
            Does.Contain("Visual C++ 2015-2022 Redistributable (x64), and vcruntime140_1.dll is not installed: run https://aka.ms/"));
        Assert.That(VisualCRuntime.Problem(_ => false), Does.Contain("vcruntime140.dll, vcruntime140_1.dll, msvcp140.dll are not"));
        if (!OperatingSystem.IsWindows()) Assert.That(VisualCRuntime.Problem(), Is.Null);
    }

    [Test]
    public void The_error_of_loading_becomes_one_line()
    {
        Assert.That(NativeLoadProblem.Explain(Unloadable, "install it"), Is.EqualTo("install it"));
        var plain = NativeLoadProblem.Explain(new AggregateException(Unloadable), null)!;
        Assert.That(plain, Does.StartWith("libtorch could not be loaded (This application").And.Contain("build the program again"));
        Assert.That(plain, Does.Not.Contain("\n"));
        var unfound = new DllNotFoundException("Unable to load shared library 'LibTorchSharp'");
        Assert.That(NativeLoadProblem.Explain(unfound, null), Is.Not.Null);
    }

    [Test]
    public void Other_errors_are_not_explained()
    {
        Assert.That(NativeLoadProblem.Explain(new InvalidOperationException("x"), "install it"), Is.Null);
        Assert.That(NativeLoadProblem.Explain(new TypeInitializationException("SkiaSharp.SKObject", null), "install it"), Is.Null);
        Assert.That(NativeLoadProblem.Explain(new DllNotFoundException("nvml.dll"), "install it"), Is.Null);
    }
}
