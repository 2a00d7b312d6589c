using System.Security.Cryptography;
using Ablation.Harness.Embedding;
using Ablation.Harness.Foundations;
using Ablation.Harness.Images;
using Ablation.Harness.Metrics;

namespace Ablation.Harness.Protocols;

/// <summary>A test of embeddings: a list of distinct images, and what is asked of their embeddings. One class a protocol.</summary>
public abstract class FaceTest : IDisposable
{
    private static readonly FlipFusion[] Usual = [FlipFusion.Sum];
    private readonly UnendedJpegs odd = new();

    /// <summary>What tables call it: "LFW", "CFP-FP (own alignment)".</summary>
    public abstract string Name { get; }

    /// <summary>
    /// Names of the scores that <see cref="Score"/> gives, in their order; known before, so that names that do not go together are found
    /// before anything is trained.
    /// </summary>
    public virtual IReadOnlyList<string> Parts => [Name];

    /// <summary>Number of images; each is embedded once.</summary>
    public abstract int ImageCount { get; }

    /// <summary>Decodes image <paramref name="image"/>, aligned or degraded where the protocol asks for it. Thread-safe.</summary>
    /// <exception cref="DataProblem">The image is missing or damaged; names file and offset.</exception>
    public abstract FaceImage Read(int image);

    /// <summary>
    /// Reads so few images that it costs nothing, and such that tell the most: whether they are there, decode, and are large enough. For
    /// a look before anything is trained.
    /// </summary>
    /// <inheritdoc cref="Read" path="/exception"/>
    public virtual void Probe() => Read(0);

    /// <summary>Where the image is stored: file, and offset where it is part of one.</summary>
    public abstract string Locate(int image);

    /// <summary>
    /// What a file of embeddings calls the image: unique in the test, the same on every machine, with '/' between folders.
    /// </summary>
    public abstract string ImageName(int image);

    /// <summary>Changes when the picture that <see cref="Read"/> gives may have changed, and is equal for equal pictures of other tests
    /// where that is told without decoding. Null: its embedding is never cached. Looks at files.</summary>
    public virtual string? ImageKey(int image) => null;

    /// <summary>The name of the person shown; null where the protocol does not tell names.</summary>
    public virtual string? PersonName(int image) => null;

    /// <summary>What was noticed of the test, a line each: folds of one kind of pairs, pictures read so far that are not quite in their
    /// format. Data check and evaluate print
    /// them, and a trial puts them into its log, its result and the report.</summary>
    public virtual IReadOnlyList<string> Notes => [.. Noted()];

    /// <summary>Which embeddings <see cref="Score"/> takes.</summary>
    public virtual IReadOnlyList<FlipFusion> Fusions => Usual;

    /// <summary>Whether <see cref="Score"/> also keeps what only estimators outside of tables need. Set before.</summary>
    public bool ForEveryEstimator { get; set; }

    /// <summary>The raw result; one for each part of the test that has figures of its own (a variant, a distance, a resolution).</summary>
    /// <exception cref="DataProblem">An embedding is zero or no number; names the image.</exception>
    public abstract IReadOnlyList<TestScores> Score(TestEmbeddings embeddings, CancellationToken cancel);

    /// <summary>About how many scores <see cref="Score"/> gives, for an estimate of the disk.</summary>
    public abstract long ScoreCount { get; }

    /// <summary>Adds everything but the pictures that decides the result: pairs, folds, galleries.</summary>
    public abstract void Describe(DesignHash hash);

    public virtual void Dispose() => GC.SuppressFinalize(this);

    /// <summary>The same picture; counted where it is not quite in its format.</summary>
    private protected FaceImage Noting(int image, FaceImage picture) => odd.Note(image, picture);

    /// <summary>A line for the pictures that <see cref="Noting"/> counted.</summary>
    private protected IEnumerable<string> Noted() => odd.Lines(Locate);
}

/// <summary>Numbers into a hash.</summary>
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
