using Ablation.Harness.Faces;
using Ablation.Harness.Foundations;
using Ablation.Harness.Protocols;

namespace Ablation.Experiments.Scheduling;

/// <summary>
/// Opens each training set and test of a suite once, however many trials use it, for all checks before the first trial: opening a set of
/// millions of files is most of the cost of a check.
/// </summary>
public sealed class OpenedData(DataRoot root) : IDisposable
{
    private readonly Dictionary<string, (FaceSource? Opened, string? Problem)> sources = new(StringComparer.Ordinal);
    private readonly Dictionary<string, (FaceTest? Opened, string? Problem)> tests = new(StringComparer.Ordinal);

    private readonly Dictionary<string, (OpenedData? Opened, string? Problem)> classes = new(StringComparer.Ordinal);

    public DataRoot Root => root;

    /// <summary>Opens a training set; null if it cannot be opened.</summary>
    public FaceSource? Source(SourceOptions options) => Once(sources, options, () => options.Open(root)).Opened;

    /// <summary>Returns why the training set cannot be opened; null if it can.</summary>
    public string? Problem(SourceOptions options) => Once(sources, options, () => options.Open(root)).Problem;

    /// <summary>Returns why the set's classes are unfit for training (<see cref="FaceSource.CheckClasses"/>); null if they are fit or the
    /// set cannot be opened.</summary>
    public string? ClassProblem(SourceOptions options) => Once(classes, options, () =>
    {
        Source(options)?.CheckClasses();
        return this;
    }).Problem;

    /// <summary>Opens a test and reads its first image; null if either fails.</summary>
    public FaceTest? Test(ProtocolOptions options) => Once(tests, options, () => Probed(options)).Opened;

    /// <summary>Returns why the test cannot be opened or its first image cannot be read; null if both succeed.</summary>
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
        var key = SpecJson.Write(options); // records that contain lists do not compare by content
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
