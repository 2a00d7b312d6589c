using System.Security.Cryptography;
using Ablation.Harness.Embedding;
using Ablation.Harness.Foundations;
using Ablation.Harness.Images;
using Ablation.Harness.Metrics;

namespace Ablation.Harness.Protocols;

/// <summary>A test of embeddings: a list of distinct images, and the scores that their embeddings get. One class per protocol.</summary>
public abstract class FaceTest : IDisposable
{
    private static readonly FlipFusion[] Usual = [FlipFusion.Sum];
    private readonly UnendedJpegs odd = new();

    /// <summary>What tables call it: "LFW", "CFP-FP (own alignment)".</summary>
    public abstract string Name { get; }

    /// <summary>
    /// Names of the scores that <see cref="Score"/> returns, in their order; known in advance, so that clashes are found before anything is
    /// trained.
    /// </summary>
    public virtual IReadOnlyList<string> Parts => [Name];

    /// <summary>Number of images; each is embedded once.</summary>
    public abstract int ImageCount { get; }

    /// <summary>Decodes image <paramref name="image"/>, aligned or degraded where the protocol asks for it. Thread-safe.</summary>
    /// <exception cref="DataProblem">The image is missing or damaged; names file and offset.</exception>
    public abstract FaceImage Read(int image);

    /// <summary>
    /// Reads the few images that show most: whether they exist, decode, and are large enough. Called before anything is trained, so it must
    /// be fast.
    /// </summary>
    /// <inheritdoc cref="Read" path="/exception"/>
    public virtual void Probe() => Read(0);

    /// <summary>Where the image is stored: file, and offset where it is part of one.</summary>
    public abstract string Locate(int image);

    /// <summary>
    /// What a file of embeddings calls the image: unique in the test, the same on every machine, with '/' between folders.
    /// </summary>
    public abstract string ImageName(int image);

    /// <summary>Changes when the picture that <see cref="Read"/> returns may have changed, and is equal for equal pictures of other tests
    /// where that is known without decoding. Null: its embedding is never cached. Accesses files.</summary>
    public virtual string? ImageKey(int image) => null;

    /// <summary>The name of the person shown; null where the protocol has no names.</summary>
    public virtual string? PersonName(int image) => null;

    /// <summary>What was noticed of the test, one line each: folds of one kind of pairs, pictures read so far that break their format
    /// slightly. Data check and evaluate print them; a trial puts them into its log, its result and the report.</summary>
    public virtual IReadOnlyList<string> Notes => [.. Noted()];

    /// <summary>Which embeddings <see cref="Score"/> needs.</summary>
    public virtual IReadOnlyList<FlipFusion> Fusions => Usual;

    /// <summary>Whether <see cref="Score"/> also keeps what only estimators outside of tables need. Set before scoring.</summary>
    public bool ForEveryEstimator { get; set; }

    /// <summary>
    /// Computes the raw result: one per part of the test that has figures of its own (a variant, a distance, a resolution).
    /// </summary>
    /// <exception cref="DataProblem">An embedding is zero or NaN; names the image.</exception>
    public abstract IReadOnlyList<TestScores> Score(TestEmbeddings embeddings, CancellationToken cancel);

    /// <summary>About how many scores <see cref="Score"/> returns, to estimate disk space.</summary>
    public abstract long ScoreCount { get; }

    /// <summary>Adds everything that decides the result, except the pictures: pairs, folds, galleries.</summary>
    public abstract void Describe(DesignHash hash);

    public virtual void Dispose() => GC.SuppressFinalize(this);

    /// <summary>Returns the same picture; counts it where it breaks its format slightly.</summary>
    private protected FaceImage Noting(int image, FaceImage picture) => odd.Note(image, picture);

    /// <summary>A line for the pictures that <see cref="Noting"/> counted.</summary>
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
