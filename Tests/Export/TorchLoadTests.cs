using System.Diagnostics;
using System.Runtime.InteropServices;
using System.Security.Cryptography;
using Ablation.Harness.Networks;
using static TorchSharp.torch;

namespace Ablation.Tests.Export;

/// <summary>
/// PyTorch itself reads an exported .pth by <c>torch.load(weights_only=True)</c>; skipped without a Python with torch.
/// </summary>
public sealed class TorchLoadTests
{
    private static readonly Lazy<string?> Python = new(() =>
        new[] { "/usr/bin/python3", "python3", "python" }.FirstOrDefault(one => Run(one, "-c", "import torch, numpy") is { Code: 0 }));

    [Category("Slow")]
    [Test]
    public void PyTorch_reads_the_same_bits()
    {
        using var written = new Written(new SmallOptions { Width = 4, EmbeddingDimension = 16 }, "pth", names: null);
        Assert.That(Script(written.Path), Is.EqualTo(Expected(written)));
    }

    [Category("Slow")]
    [Test]
    public void An_IResNet_runs_in_PyTorch_by_the_names_of_arcface_torch()
    {
        const int Batch = 3, Side = 32;
        using var written = new Written(new IResNetOptions { Depth = IResNetDepth.R18, EmbeddingDimension = 64 }, "pth", names: null, Side);
        using var scope = NewDisposeScope();
        var images = rand(Batch, 3, Side, Side) * 2 - 1;
        File.WriteAllBytes(written.File("images.bin"), Exported.Bytes(images));
        var listed = Script(written.Path, written.File("images.bin"), $"{Batch}", $"{Side}", written.File("output.bin"));
        Assert.That(listed, Is.EqualTo(Expected(written)));
        var network = written.Network.Network;
        network.eval();
        using var grad = no_grad();
        var ours = network.call(images);
        var theirs = tensor(MemoryMarshal.Cast<byte, float>(File.ReadAllBytes(written.File("output.bin"))).ToArray()).view(Batch, 64);
        Assert.That(((ours - theirs).abs().max() / ours.abs().max()).item<float>(), Is.LessThan(1e-4));
    }

    private static string[] Script(params string[] arguments)
    {
        if (Python.Value is not { } python)
        {
            Assert.Ignore("no Python with torch here: apt install python3-torch");
            throw new UnreachableException();
        }

        var (code, output, errors) = Run(python, [Path.Combine(Repository.Root, "Tests", "Export", "iresnet.py"), .. arguments])!.Value;
        Assert.That(code, Is.Zero, errors);
        return output.ReplaceLineEndings("\n").Split('\n', StringSplitOptions.RemoveEmptyEntries);
    }

    /// <summary>Lines as the script prints them: name, shape, type, SHA-256.</summary>
    private static IEnumerable<string> Expected(Written written) => written.Network.Network.state_dict().Select(one =>
        $"{written.Names[one.Key]} {string.Join('x', one.Value.shape)} torch.{one.Value.dtype.ToString().ToLowerInvariant()} " +
        Convert.ToHexStringLower(SHA256.HashData(Exported.Bytes(one.Value))));

    private static (int Code, string Output, string Errors)? Run(string python, params string[] arguments)
    {
        var start = new ProcessStartInfo(python, arguments) { RedirectStandardOutput = true, RedirectStandardError = true };
        start.Environment["PYTHONDONTWRITEBYTECODE"] = "1";
        start.Environment["OMP_NUM_THREADS"] = "1";
        try
        {
            using var process = Process.Start(start)!;
            var errors = process.StandardError.ReadToEndAsync();
            var output = process.StandardOutput.ReadToEnd();
            process.WaitForExit();
            return (process.ExitCode, output, errors.Result);
        }
        catch (System.ComponentModel.Win32Exception)
        {
            return null; // the program is missing
        }
    }
}
