using Ablation.Losses.Options;

namespace Ablation.Harness.Foundations;

/// <summary>
/// Checks options that were built in code against the ranges that their properties declare; a suite's are checked as it is read.
/// </summary>
internal static class CheckedOptions
{
    /// <exception cref="DataProblem">A number is NaN or outside its range, or a list is empty or has an entry twice; names all of
    /// them.</exception>
    public static T Of<T>(T options) where T : class
    {
        var problems = OptionRanges.Problems(options).Concat(OptionLists.Problems(options)).ToList();
        return problems.Count == 0
            ? options : throw new DataProblem(Catalog.NameOf(options), string.Join("; ", problems), "choose values in range");
    }
}
