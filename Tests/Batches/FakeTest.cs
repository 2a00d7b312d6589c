using Ablation.Harness.Embedding;
using Ablation.Harness.Images;
using Ablation.Harness.Metrics;
using Ablation.Harness.Protocols;
using Ablation.Tests.Faces;

namespace Ablation.Tests.Batches;

/// <summary>A test of the pictures of a <see cref="FakeSource"/>; it scores nothing.</summary>
internal sealed class FakeTest(FakeSource source) : FaceTest
{
    public override string Name => source.Name;
    public override int ImageCount => source.Count;
    public override long ScoreCount => 0;
    public override FaceImage Read(int image) => source.Read(image).Image;
    public override string Locate(int image) => source.Locate(image);
    public override string ImageName(int image) => source.ImageName(image);
    public override IReadOnlyList<TestScores> Score(TestEmbeddings embeddings, CancellationToken cancel) => [];

    public override void Describe(DesignHash hash)
    {
    }
}
