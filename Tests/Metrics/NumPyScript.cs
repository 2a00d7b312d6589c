using System.Diagnostics;
using Ablation.Harness.Embedding;
using Ablation.Harness.Formats;
using Ablation.Harness.Protocols;

namespace Ablation.Tests.Metrics;

/// <summary>
/// numpy_verification.py in a separate process; the running test is skipped without a Python with numpy and scipy.
/// </summary>
internal static class NumPyScript
{
    private static readonly Lazy<string?> Python = new(() => new[] { "/usr/bin/python3", "python3", "python" }.FirstOrDefault(Works));

    /// <summary>Returns the figures (null: n/a) from embeddings and a protocol's files.</summary>
    /// <param name="protocol">The kind and its files: "lfw", pairs.txt, ".jpg".</param>
    public static IReadOnlyDictionary<string, double?> Figures(FaceTest test, EmbeddingMatrix embeddings, params string[] protocol)
    {
        if (Python.Value is not { } python)
        {
            Assert.Ignore("no Python with numpy and scipy here: apt install python3-numpy python3-scipy");
            throw new UnreachableException();
        }

        using var folder = new TemporaryFolder();
        using (var stream = File.Create(folder.File("embeddings.npy")))
            NpyArray.Write<float>(stream, embeddings.Values, embeddings.Rows, embeddings.Dimension);
        File.WriteAllLines(folder.File("names.txt"), Enumerable.Range(0, test.ImageCount).Select(test.ImageName));
        var script = Path.Combine(Repository.Root, "Tests", "Evaluation", "numpy_verification.py");
        var (code, output, errors) = Run(python, [script, folder.File("embeddings.npy"), folder.File("names.txt"), .. protocol]);
        Assert.That(code, Is.Zero, errors);
        return output.Split('\n', StringSplitOptions.RemoveEmptyEntries).Select(line => line.TrimEnd('\r').Split('\t'))
            .ToDictionary(line => line[0], line => line[1] == "n/a" ? (double?)null : double.Parse(line[1]));
    }

    private static bool Works(string python)
    {
        try
        {
            return Run(python, ["-c", "import numpy, scipy"]).Code == 0;
        }
        catch (System.ComponentModel.Win32Exception)
        {
            return false; // the program is missing
        }
    }

    private static (int Code, string Output, string Errors) Run(string python, string[] arguments)
    {
        var start = new ProcessStartInfo(python, arguments) { RedirectStandardOutput = true, RedirectStandardError = true };
        start.Environment["PYTHONDONTWRITEBYTECODE"] = "1";
        using var process = Process.Start(start)!;
        var errors = process.StandardError.ReadToEndAsync();
        var output = process.StandardOutput.ReadToEnd();
        process.WaitForExit();
        return (process.ExitCode, output, errors.Result);
    }
}
