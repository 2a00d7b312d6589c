using Ablation.Harness.Faces;
using Ablation.Harness.Foundations;
using Ablation.Harness.Protocols;

namespace Ablation.Experiments.Scheduling;

/// <summary>
/// Training sets and tests of a suite, each opened once however many trials have them, for all that is asked before the first trial: on a
/// set of millions of files that is what a check costs.
/// </summary>
public sealed class OpenedData(DataRoot root) : IDisposable
{
    private readonly Dictionary<string, (FaceSource? Opened, string? Problem)> sources = new(StringComparer.Ordinal);
    private readonly Dictionary<string, (FaceTest? Opened, string? Problem)> tests = new(StringComparer.Ordinal);

    private readonly Dictionary<string, (OpenedData? Opened, string? Problem)> classes = new(StringComparer.Ordinal);

    public DataRoot Root => root;

    /// <summary>Null where it cannot be opened.</summary>
    public FaceSource? Source(SourceOptions options) => Once(sources, options, () => options.Open(root)).Opened;

    /// <summary>Why it cannot be opened; null where it can.</summary>
    public string? Problem(SourceOptions options) => Once(sources, options, () => options.Open(root)).Problem;

    /// <summary>Why the set's classes are not fit for a training, as <see cref="FaceSource.CheckClasses"/> says; null where they are, or it
    /// cannot be opened.</summary>
    public string? ClassProblem(SourceOptions options) => Once(classes, options, () =>
    {
        Source(options)?.CheckClasses();
        return this;
    }).Problem;

    /// <summary>Null where it cannot be opened, or its first image cannot be read.</summary>
    public FaceTest? Test(ProtocolOptions options) => Once(tests, options, () => Probed(options)).Opened;

    /// <summary>Why it cannot be opened, or its first image cannot be read; null where it can.</summary>
    public string? Problem(ProtocolOptions options) => Once(tests, options, () => Probed(options)).Problem;

    public void Dispose()
    {
        foreach (var (source, _) in sources.Values) source?.Dispose();
        foreach (var (test, _) in tests.Values) test?.Dispose();
        sources.Clear();
        tests.Clear();
    }

    private FaceTest Probed(ProtocolOptions options)
    {
        var test = options.Open(root);
        try
        {
            test.Probe();
            return test;
        }
        catch
        {
            test.Dispose();
            throw;
        }
    }

    private static (TOpened? Opened, string? Problem) Once<TOptions,
        TOpened>(Dictionary<string, (TOpened?, string?)> known, TOptions options, Func<TOpened> open) where TOpened : class
    {
        var key = SpecJson.Write(options); // records with lists in them do not compare by content
        if (known.TryGetValue(key, out var found)) return found;
        try
        {
            return known[key] = (open(), null);
        }
        catch (Exception e) when (e is DataProblem or IOException or UnauthorizedAccessException)
        {
            return known[key] = (null, e.Message);
        }
    }
}
