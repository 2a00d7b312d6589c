using System.Security.Cryptography;
using Ablation.Harness.Embedding;
using Ablation.Harness.Foundations;
using Ablation.Harness.Images;
using Ablation.Harness.Metrics;

namespace Ablation.Harness.Protocols;

/// <summary>A test of embeddings: a list of distinct images, and the scores of their embeddings. One class per protocol.</summary>
public abstract class FaceTest : IDisposable
{
    private static readonly FlipFusion[] Usual = [FlipFusion.Sum];
    private readonly UnendedJpegs odd = new();

    /// <summary>The name in tables: "LFW", "CFP-FP (own alignment)".</summary>
    public abstract string Name { get; }

    /// <summary>
    /// Names of the scores that <see cref="Score"/> returns, in their order; known in advance, so that clashes are found before anything is
    /// trained.
    /// </summary>
    public virtual IReadOnlyList<string> Parts => [Name];

    /// <summary>Number of images; each is embedded once.</summary>
    public abstract int ImageCount { get; }

    /// <summary>Decodes image <paramref name="image"/>, aligned or degraded if the protocol does so. Thread-safe.</summary>
    /// <exception cref="DataProblem">The image is missing or damaged; the message names file and offset.</exception>
    public abstract FaceImage Read(int image);

    /// <summary>
    /// Checks on a few images that the test's images exist, decode, and are large enough. Called before training, so it must be fast.
    /// </summary>
    /// <inheritdoc cref="Read" path="/exception"/>
    public virtual void Probe() => Read(0);

    /// <summary>Returns where the image is stored: the file, and the offset if it is part of one.</summary>
    public abstract string Locate(int image);

    /// <summary>
    /// Returns the image's name in a file of embeddings: unique in the test, the same on every machine, with '/' between folders.
    /// </summary>
    public abstract string ImageName(int image);

    /// <summary>Returns a key that changes when the picture that <see cref="Read"/> returns may have changed, and that equal pictures of
    /// other tests share if that is known without decoding. Null: its embedding is never cached. Accesses files.</summary>
    public virtual string? ImageKey(int image) => null;

    /// <summary>Returns the name of the person shown; null if the protocol has no names.</summary>
    public virtual string? PersonName(int image) => null;

    /// <summary>Remarks on the test, one line each: folds with one kind of pairs, pictures read so far that break their format
    /// slightly. Data check and evaluate print them; a trial writes them to its log, its result and the report.</summary>
    public virtual IReadOnlyList<string> Notes => [.. Noted()];

    /// <summary>Which embeddings <see cref="Score"/> needs.</summary>
    public virtual IReadOnlyList<FlipFusion> Fusions => Usual;

    /// <summary>Whether <see cref="Score"/> also keeps data for estimators that tables do not show. Set before scoring.</summary>
    public bool ForEveryEstimator { get; set; }

    /// <summary>
    /// Computes the raw results, one per part of the test (a variant, a distance, a resolution).
    /// </summary>
    /// <exception cref="DataProblem">An embedding is zero or NaN; the message names the image.</exception>
    public abstract IReadOnlyList<TestScores> Score(TestEmbeddings embeddings, CancellationToken cancel);

    /// <summary>The approximate number of scores that <see cref="Score"/> returns, to estimate disk space.</summary>
    public abstract long ScoreCount { get; }

    /// <summary>Adds everything that the result depends on, except the pictures: pairs, folds, galleries.</summary>
    public abstract void Describe(DesignHash hash);

    public virtual void Dispose() => GC.SuppressFinalize(this);

    /// <summary>Returns the same picture; counts it if it breaks its format slightly.</summary>
    private protected FaceImage Noting(int image, FaceImage picture) => odd.Note(image, picture);

    /// <summary>Returns a line for the pictures that <see cref="Noting"/> counted.</summary>
    private protected IEnumerable<string> Noted() => odd.Lines(Locate);
}

/// <summary>Adds numbers, text and bytes to a hash.</summary>
public sealed class DesignHash(IncrementalHash hash)
{
    public void Add(params ReadOnlySpan<int> numbers)
    {
        Span<byte> bytes = stackalloc byte[sizeof(int)];
        foreach (var number in numbers)
        {
            System.Buffers.Binary.BinaryPrimitives.WriteInt32LittleEndian(bytes, number);
            hash.AppendData(bytes);
        }
    }

    public void Add(string text) => hash.AppendData(System.Text.Encoding.UTF8.GetBytes(text));

    public void Add(ReadOnlySpan<byte> bytes) => hash.AppendData(bytes);
}
