namespace Ablation.Experiments.Reports.Pages;

/// <summary>Refuses figures that contradict each other.</summary>
internal static class Contradictions
{
    private const int Most = 5; // of a message

    /// <exception cref="InvalidDataException">There are any.</exception>
    public static void Refuse(IReadOnlyList<string> problems, string command)
    {
        if (problems.Count > 0)
            throw new InvalidDataException(
                $"{string.Join("; ", problems.Take(Most))}{(problems.Count > Most ? $"; and {problems.Count - Most} more" : "")}. " +
                $"Measure these rows again: {command} replaces them");
    }
}
