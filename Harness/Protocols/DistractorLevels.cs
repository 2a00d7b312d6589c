using Ablation.Harness.Foundations;

namespace Ablation.Harness.Protocols;

/// <summary>Chooses the numbers of distractors for which figures are reported.</summary>
internal static class DistractorLevels
{
    /// <param name="asked">Null for the usual ones.</param>
    /// <param name="usual">Those up to <paramref name="available"/> are used; if none is, the one level is all available.</param>
    /// <param name="where">Names the list in an error.</param>
    /// <exception cref="DataProblem">A number is larger than available, or the numbers do not rise.</exception>
    public static int[] Choose(IReadOnlyList<int>? asked, int available, IReadOnlyList<int> usual, string where)
    {
        if (available == 0) throw new DataProblem(where, "there are none", "give images of other people, or omit the distractors");
        if (asked is null)
        {
            int[] there = [.. usual.Where(count => count <= available)];
            return there.Length > 0 ? there : [available];
        }

        for (var i = 0; i < asked.Count; i++)
        {
            if (asked[i] > available)
                throw new DataProblem(where, $"{asked[i]} requested, {available} available",
                    "lower distractorCounts, or give more images");
            if (asked[i] < 1 || (i > 0 && asked[i] <= asked[i - 1]))
                throw new DataProblem(where, $"distractorCounts {string.Join(", ", asked)}", "give rising whole numbers from 1");
        }

        return asked.Count > 0
            ? [.. asked] : throw new DataProblem(where, "distractorCounts is an empty list", "give numbers from 1, or omit it");
    }
}
