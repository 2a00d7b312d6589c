using System.Text;
using Ablation.Harness.Native;
using Ablation.Losses.Kernels;
using Ablation.Tests.Commands;
using TorchSharp;

namespace Ablation.Tests.Native;

/// <summary>
/// A libtorch from another folder: what does not fit is refused before anything is computed; a copy of the package's works.
/// </summary>
public sealed class LibtorchFolderTests
{
    private static readonly string[] Libraries = ["c10", "torch_cpu", "torch"];

    [Test]
    public void The_needed_version_is_that_of_TorchSharp() =>
        Assert.That(torch.NormalizeNuGetVersion(torch.__version__), Is.EqualTo(LibtorchFolder.Needed));

    [Test]
    public void A_missing_folder_is_refused() => Refused("/no/such/folder", "there is no such folder");

    [Test]
    public void An_empty_folder_is_refused()
    {
        using var folder = new TemporaryFolder();
        Refused(folder.Path, $"{TorchExport.FileName("c10")} is missing");
    }

    [Test]
    public void The_folder_above_is_recognised()
    {
        using var folder = new TemporaryFolder();
        Fill(Path.Combine(folder.Path, "lib"));
        Refused(folder.Path, $"{TorchExport.FileName("c10")} is in {Path.Combine(folder.Path, "lib")}");
    }

    [TestCase("build-version", "2.9.1+cpu\n")]
    [TestCase("version.py", "from typing import Optional\n__version__ = '2.9.1+cpu'\ndebug = False\n")]
    public void Another_version_is_refused_before_it_is_loaded(string file, string text)
    {
        using var folder = new TemporaryFolder();
        Fill(Path.Combine(folder.Path, "lib"));
        File.WriteAllText(Path.Combine(folder.Path, file), text);
        Refused(Path.Combine(folder.Path, "lib"), "it is version 2.9.1+cpu, and 2.10.0 is needed");
    }

    [Test]
    public void The_same_version_passes()
    {
        using var folder = new TemporaryFolder();
        Fill(Path.Combine(folder.Path, "lib"));
        File.WriteAllText(Path.Combine(folder.Path, "build-version"), "2.10.0+cu128\n");
        Assert.That(() => LibtorchFolder.Check(Path.Combine(folder.Path, "lib")), Throws.Nothing);
        Assert.That(LibtorchFolder.Wrong("2.10.1"), Is.EqualTo("it is version 2.10.1, and 2.10.0 is needed"));
        Assert.That(LibtorchFolder.Wrong(null), Is.Null);
    }

    [Test]
    public void A_file_that_is_no_library_is_refused()
    {
        using var folder = new TemporaryFolder();
        Fill(folder.Path);
        var start = $"{LibtorchFolder.Variable} {folder.Path}: {TorchExport.FileName("c10")} is not a library of this system; ";
        Assert.That(() => LibtorchFolder.Open(folder.Path),
            Throws.TypeOf<InvalidDataException>().With.Message.StartsWith(start));
    }

    [Test]
    [Platform("Linux", Reason = "the libraries of the build are of this system")]
    public void A_library_that_was_cut_off_is_refused()
    {
        using var folder = new TemporaryFolder();
        var whole = File.ReadAllBytes(TorchNative.WrapperPath()!);
        var path = Path.Combine(folder.Path, TorchExport.FileName("c10"));
        File.WriteAllBytes(path, whole);
        Assert.That(LibraryFile.Problem(path), Is.Null);
        File.WriteAllBytes(path, whole[..(whole.Length / 2)]);
        Assert.That(LibraryFile.Problem(path),
            Does.StartWith($"is cut off: it has {whole.Length / 2} bytes of ").And.EndsWith("; copy it again"));
        Assert.That(LibraryFile.PortableEnd(whole.AsSpan(0, 4096)), Is.Null);
    }

    [Test]
    public void The_end_of_a_Windows_library_is_that_of_its_last_section()
    {
        var head = new byte[4096];
        Encoding.ASCII.GetBytes("MZ").CopyTo(head, 0);
        BitConverter.GetBytes(128).CopyTo(head, 60);
        Encoding.ASCII.GetBytes("PE\0\0").CopyTo(head, 128);
        BitConverter.GetBytes((ushort)2).CopyTo(head, 128 + 6);    // sections
        BitConverter.GetBytes((ushort)240).CopyTo(head, 128 + 20); // optional header
        foreach (var (i, length, start) in new[] { (0, 512, 1024), (1, 256, 1536) })
        {
            BitConverter.GetBytes(length).CopyTo(head, 128 + 24 + 240 + 40 * i + 16);
            BitConverter.GetBytes(start).CopyTo(head, 128 + 24 + 240 + 40 * i + 20);
        }

        Assert.That(LibraryFile.PortableEnd(head), Is.EqualTo(1536 + 256));
        Assert.That(LibraryFile.ElfEnd(head), Is.Null);
    }

    /// <summary>The program with a copy of the package's libraries elsewhere: one libtorch in the process, and it computes.</summary>
    [Test, Category("Slow")]
    [Platform("Linux", Reason = "copies the libraries of Linux")]
    public void A_copy_of_the_package_computes()
    {
        using var folder = new TemporaryFolder();
        foreach (var file in Directory.GetFiles(Path.GetDirectoryName(TorchNative.WrapperPath())!, "lib*")
            .Where(file => Path.GetFileName(file) is "libc10.so" or "libtorch_cpu.so" or "libtorch.so"
                || Path.GetFileName(file).StartsWith("libgomp", StringComparison.Ordinal)))
            File.Copy(file, Path.Combine(folder.Path, Path.GetFileName(file)));
        using var cli = Cli.Start(folder.Path, new Dictionary<string, string> { [LibtorchFolder.Variable] = folder.Path },
            "doctor", "--device", "cpu", "--only", "Libraries", "Paired seeds", "Out of memory");
        Assert.That(cli.End(), Is.Zero, cli.Output + cli.Errors);
        Assert.That(cli.Output, Does.Contain($"- ok: libtorch from: ABLATION_LIBTORCH: {folder.Path}").And.Contain("- ok: same seed"));
    }

    [Test, Category("Slow")]
    public void A_folder_that_does_not_fit_is_one_line()
    {
        using var folder = new TemporaryFolder();
        using var cli = Cli.Start(folder.Path, new Dictionary<string, string> { [LibtorchFolder.Variable] = folder.Path }, "list");
        Assert.That(cli.End(), Is.EqualTo(2));
        Assert.That(cli.Errors.Trim().Split('\n'), Has.Length.EqualTo(1));
        Assert.That(cli.Errors, Does.StartWith($"error: ABLATION_LIBTORCH {folder.Path}: ").And.Contain("unset the variable"));
    }

    private static void Refused(string folder, string what) => Assert.That(() => LibtorchFolder.Check(folder),
        Throws.TypeOf<InvalidDataException>().With.Message.StartsWith($"{LibtorchFolder.Variable} {folder}: {what}; name the lib folder"));

    private static void Fill(string folder)
    {
        Directory.CreateDirectory(folder);
        foreach (var library in Libraries)
            File.WriteAllText(Path.Combine(folder, TorchExport.FileName(library)), new string('x', 100));
    }
}
