namespace Ablation.Harness.Foundations;

/// <summary>Something is wrong with data on disk: where (file, byte offset or line), what, and what would help.</summary>
public sealed class DataProblem : Exception
{
    public DataProblem(string where, string what, string cure, Exception? inner = null)
        : base($"{where}: {what}; {cure}", inner)
    {
        Where = where;
        What = what;
        Cure = cure;
    }

    /// <summary>Whether a label is wrong, not an image; then the whole set is in doubt, and nothing may be skipped.</summary>
    public bool IsLabel { get; init; }

    /// <summary>File, with offset or line if there is one: "train.rec@1048576", "pairs.txt(17)".</summary>
    public string Where { get; }

    public string What { get; }

    public string Cure { get; }
}
