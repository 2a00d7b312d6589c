using System.Diagnostics;
using Ablation.Harness.Batches;
using Ablation.Harness.Embedding;
using Ablation.Harness.Faces;
using Ablation.Harness.Images;
using Ablation.Harness.Protocols;

namespace Ablation.Benchmarks;

/// <summary>A test that repeats one batch of decoded pictures, to measure embedding without decoding.</summary>
internal sealed class DecodedProtocol(FaceSource source, int batch) : PairProtocol
{
    private readonly FaceImage[] pictures = [.. Enumerable.Range(0, batch).Select(i => source.Read(i % source.Count).Image)];
    private int batches = 1;

    public override string Name => source.Name;

    public override int ImageCount => batches * pictures.Length;

    public override IReadOnlyList<FacePair> Pairs => [];

    public override int Folds => 1;

    public override FaceImage Read(int image) => pictures[image % pictures.Length];

    public override string Locate(int image) => source.Locate(image % pictures.Length % source.Count);

    public override string ImageName(int image) => image.ToString();

    /// <summary>Embeds batches as evaluation does, each picture and its mirror image. Returns pictures per second.</summary>
    public double Embed(TrainSubject subject, int count, CancellationToken cancel)
    {
        batches = count;
        var clock = Stopwatch.StartNew();
        using var network = new NetworkEmbedder(subject.Backbone, subject.Case.Pixels, subject.Device, weights: null);
        Embedder.Embed(network, this, new BatchOptions { BatchSize = pictures.Length, Workers = subject.Case.Threads }, cache: null,
            cancel);
        return ImageCount / clock.Elapsed.TotalSeconds;
    }
}
