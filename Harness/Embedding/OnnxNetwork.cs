using System.Security.Cryptography;
using Ablation.Harness.Formats;
using Ablation.Harness.Foundations;
using Microsoft.ML.OnnxRuntime;
using Microsoft.ML.OnnxRuntime.Tensors;

namespace Ablation.Harness.Embedding;

/// <summary>A network in an ONNX file, run by ONNX Runtime on the CPU. It is never turned back into layers of ours.</summary>
public sealed class OnnxNetwork : IDisposable
{
    private const string Cure = "export it with one input N x 3 x H x W and one output N x D, in float32";
    private readonly InferenceSession session;
    private readonly string input, output;

    /// <exception cref="DataProblem">It is missing, damaged, or its inputs and outputs are not those of a face network.</exception>
    public OnnxNetwork(string path, int threads)
    {
        Path = System.IO.Path.GetFullPath(path);
        try
        {
            using (var file = new FileStream(Path, FileMode.Open, FileAccess.Read, FileShare.ReadWrite | FileShare.Delete))
            {
                Head = OnnxHead.Read(file);
                file.Position = 0;
                Hash = Convert.ToHexStringLower(SHA256.HashData(file));
            }

            using var options = new SessionOptions();
            (options.IntraOpNumThreads, options.LogSeverityLevel) = (threads, OrtLoggingLevel.ORT_LOGGING_LEVEL_ERROR);
            session = new InferenceSession(Path, options);
        }
        catch (Exception e) when (e is IOException or UnauthorizedAccessException or OnnxRuntimeException)
        {
            throw new DataProblem(Path, $"ONNX Runtime cannot load it ({e.Message.ReplaceLineEndings(" ").Trim()})",
                "check the path, or export it again", e);
        }

        try
        {
            (input, Size, IsOneByOne) = Input();
            (output, Dimension) = Output();
        }
        catch
        {
            session.Dispose();
            throw;
        }
    }

    public string Path { get; }

    /// <summary>SHA-256 of the file.</summary>
    public string Hash { get; }

    public OnnxHead Head { get; }

    /// <summary>Side of the input pictures; null where the graph leaves it open.</summary>
    public int? Size { get; }

    /// <summary>Values of an embedding; null where the graph leaves it open.</summary>
    public int? Dimension { get; }

    /// <summary>Whether the graph takes one picture at a time.</summary>
    public bool IsOneByOne { get; }

    /// <summary>Returns the embeddings of <paramref name="count"/> pictures, row after row.</summary>
    /// <exception cref="DataProblem">The graph refuses the pictures, or its output has other rows.</exception>
    public float[] Run(float[] pictures, int count, int size)
    {
        if (IsOneByOne && count > 1)
        {
            var one = pictures.Length / count;
            return [.. Enumerable.Range(0, count).SelectMany(item => Run(pictures[(item * one)..((item + 1) * one)], 1, size))];
        }

        try
        {
            using var results = session.Run(
                [NamedOnnxValue.CreateFromTensor(input, new DenseTensor<float>(pictures.AsMemory(), [count, 3, size, size]))], [output]);
            var rows = results[0].AsTensor<float>();
            return rows.Dimensions.Length == 2 && rows.Dimensions[0] == count ? rows.ToArray()
                : throw new DataProblem(Path, $"{count} pictures gave {string.Join(" x ", rows.Dimensions.ToArray())} values", Cure);
        }
        catch (OnnxRuntimeException e)
        {
            throw new DataProblem(Path, $"ONNX Runtime refuses {count} x 3 x {size} x {size} ({e.Message.ReplaceLineEndings(" ").Trim()})",
                "give the size that it was exported for", e);
        }
    }

    public void Dispose() => session.Dispose();

    private (string Name, int? Size, bool IsOneByOne) Input()
    {
        var found = session.InputMetadata.Where(one => !session.OverridableInitializerMetadata.ContainsKey(one.Key)).ToList();
        if (found is not [{ Key: var name, Value: { IsTensor: true, Dimensions: [var count, 3, var rows, var columns] } value }]
            || value.ElementType != typeof(float))
            throw new DataProblem(Path, $"its inputs are {Shown(session.InputMetadata)}", Cure);
        return rows == columns ? (name, rows > 0 ? rows : null, count == 1)
            : throw new DataProblem(Path, $"its pictures are {rows} x {columns}, and only squares are made", Cure);
    }

    private (string Name, int? Dimension) Output()
    {
        var found = session.OutputMetadata.Where(one => one.Value is { IsTensor: true, Dimensions.Length: 2 } value
            && value.ElementType == typeof(float) && value.Dimensions[1] != 1).ToList();
        return found is [{ Key: var name, Value.Dimensions: [_, var columns] }] ? (name, columns > 0 ? columns : null)
            : throw new DataProblem(Path, $"its outputs are {Shown(session.OutputMetadata)}", Cure);
    }

    private static string Shown(IReadOnlyDictionary<string, NodeMetadata> nodes) => string.Join(", ", nodes.Take(8).Select(one =>
        $"\"{one.Key}\" {(one.Value.IsTensor ? $"{string.Join(" x ", one.Value.Dimensions)} of {one.Value.ElementType.Name}" : "")}"));
}
