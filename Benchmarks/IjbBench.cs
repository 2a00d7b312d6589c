using System.Diagnostics;
using System.Text.Json;
using Ablation.Harness.Embedding;
using Ablation.Harness.Faces;
using Ablation.Harness.Formats;
using Ablation.Harness.Foundations;
using Ablation.Harness.Metrics;
using Ablation.Harness.Protocols.Ijb;
using Ablation.Harness.Provenance;

namespace Ablation.Benchmarks;

/// <summary>Seconds of the steps of IJB-C 1:1, memory and results, of this program or its peer.</summary>
/// <param name="Metadata">Reading and checking the text files.</param>
/// <param name="Pooling">Of images into templates, N1D1F2.</param>
/// <param name="Scoring">Distances of all pairs, ROC and TAR at each FAR.</param>
/// <param name="PeakBytes">Peak resident memory of the process; null where the system does not report it.</param>
/// <param name="Tar">TAR (conservative) at <see cref="IjbBench.Fars"/>; null where there are too few impostor pairs.</param>
public sealed record IjbTimes(double Metadata, double Pooling, double Scoring, long? PeakBytes, IReadOnlyList<double?> Tar);

/// <param name="Metrics">Seconds to compute all figures of tables from the scores.</param>
/// <param name="Peer">The usual NumPy formulation (peers/ijb.py); null where there is no Python with NumPy and scikit-learn.</param>
/// <param name="PeerMissing">Why the peer is missing; empty where it ran.</param>
/// <param name="PeerVersion">NumPy's.</param>
public sealed record IjbBenchResult(IjbTimes Own, double Metrics, IjbTimes? Peer, string PeerMissing, string? PeerVersion);

/// <summary>
/// Times IJB-C 1:1 from its text files and an array of embeddings to TAR at six FARs, once each, beside the usual NumPy formulation. The
/// peak is that of the process: run it in a fresh one.
/// </summary>
public static class IjbBench
{
    /// <summary>The FARs of published tables.</summary>
    public static readonly IReadOnlyList<double> Fars = [1e-6, 1e-5, 1e-4, 1e-3, 1e-2, 1e-1];

    /// <summary>
    /// Writes the data: for <see cref="IjbSize.C"/> about 0.3 GB of text and, with 512 values per image, 1 GB of embeddings.
    /// </summary>
    /// <returns>The folder of the set, and the file of embeddings.</returns>
    public static (string Root, string Embeddings) Prepare(string folder, IjbSize size, int dimension, int seed)
    {
        SyntheticIjb.Write(folder, size, seed);
        var embeddings = Path.Combine(folder, "embeddings.npy");
        SyntheticTemplates.Write(embeddings, size, dimension, seed);
        return (folder, embeddings);
    }

    /// <param name="root">The folder of the set.</param>
    /// <param name="embeddings">A .npy file of float32, one row per image.</param>
    /// <exception cref="DataProblem">A file does not fit.</exception>
    public static IjbBenchResult Run(string root, string embeddings, bool withPeer, int threads)
    {
        var (own, metrics) = Own(root, embeddings);
        if (!withPeer) return new IjbBenchResult(own, metrics, null, "not requested", null);
        GC.Collect(); // the embeddings are a gigabyte, and the peer reads them too
        using var process = PeerProcess.Start("ijb.py", threads, tuned: false, out var reason);
        return process is null
            ? new IjbBenchResult(own, metrics, null, reason, null)
            : new IjbBenchResult(own, metrics, Peer(process, root, embeddings), "", process.Torch);
    }

    private static (IjbTimes Times, double Metrics) Own(string root, string embeddings)
    {
        var variant = new IjbVariant(KeepNorm: true, DetectorScore: true, Flip: true);
        var clock = Stopwatch.StartNew();
        using var test = new IjbOptions { Root = root, Variants = variant.ToString() }.Open(new DataRoot("."));
        var metadata = clock.Elapsed.TotalSeconds;
        var raw = Read(embeddings);
        clock.Restart();
        var templates = test.Pool(raw, variant, default);
        var pooling = clock.Elapsed.TotalSeconds;
        clock.Restart();
        var scores = test.Verify(templates, variant, default);
        var roc = RocCurve.Build(scores);
        double?[] tar = [.. Fars.Select(far => roc?.At(far))];
        var scoring = clock.Elapsed.TotalSeconds;
        clock.Restart();
        _ = scores.Metrics();
        return (new IjbTimes(metadata, pooling, scoring, PeakResident.Measure(), tar), clock.Elapsed.TotalSeconds);
    }

    private static TestEmbeddings Read(string path)
    {
        using var file = File.OpenRead(path);
        var array = NpyArray.Read(file, path, file.Length);
        return new TestEmbeddings(new EmbeddingMatrix((float[])array.Values, (int)array.Shape[^1]));
    }

    private static IjbTimes Peer(PeerProcess process, string root, string embeddings)
    {
        var metadata = process.Ask(new { ask = "metadata", root });
        var pooling = process.Ask(new { ask = "pool", embeddings });
        var scoring = process.Ask(new { ask = "score", fars = Fars });
        return new IjbTimes(Seconds(metadata), Seconds(pooling), Seconds(scoring),
            scoring.GetProperty("peak_bytes").ValueKind == JsonValueKind.Null ? null : scoring.GetProperty("peak_bytes").GetInt64(),
            [.. scoring.GetProperty("tar").EnumerateArray()
                .Select(tar => tar.ValueKind == JsonValueKind.Null ? (double?)null : tar.GetDouble())]);

        static double Seconds(JsonElement answer) => answer.GetProperty("seconds").GetDouble();
    }
}
