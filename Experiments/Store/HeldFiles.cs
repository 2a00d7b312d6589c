namespace Ablation.Experiments.Store;

/// <summary>
/// Writes all files that can be written and reports the others at the end: on Windows a program that shows a file, such as Excel with
/// summary.csv, keeps it from being replaced.
/// </summary>
public sealed class HeldFiles
{
    private const int Shown = 5;
    private readonly List<string> problems = [];

    /// <summary>Calls <paramref name="write"/> and returns its problem; null if there is none.</summary>
    public static string? Problem(Action write)
    {
        try
        {
            write();
            return null;
        }
        catch (IOException e)
        {
            return e.Message;
        }
    }

    public void Try(Action write) => Note(Problem(write));

    /// <param name="problem">Null is ignored.</param>
    public void Note(string? problem)
    {
        if (problem is not null) problems.Add(problem);
    }

    /// <exception cref="IOException">A file was not written; names the first few.</exception>
    public void ThrowIfAny()
    {
        if (problems.Count == 0) return;
        var more = problems.Count > Shown ? $"\nand {problems.Count - Shown} more" : "";
        throw new IOException(
            $"{string.Join("\n", problems.Take(Shown))}{more}\n" +
            $"all other files of the report were written; run ablation report again for these");
    }
}
