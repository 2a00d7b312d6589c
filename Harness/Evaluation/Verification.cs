namespace Ablation.Harness.Evaluation;

/// <summary>Every figure of a pair-verification test, each with the name of its estimator.</summary>
public static class Verification
{
    /// <param name="scores">Squared distances, truths and folds of one test.</param>
    /// <param name="falseAcceptRates">Targets for TAR@FAR, shares above 0.</param>
    /// <returns>
    /// Accuracy (grid, exact), TAR at each target in the order given, EER, AUC. A figure that these pairs cannot support
    /// (<see cref="ScoreCheck"/>; a target below one impostor pair in all) is there with a null value.
    /// </returns>
    /// <exception cref="Data.DataProblem">The scores are damaged (<see cref="ScoreCheck"/>).</exception>
    public static IReadOnlyList<Metric> Metrics(PairScores scores, IReadOnlyList<double> falseAcceptRates)
    {
        scores.Check();
        var roc = RocCurve.Of(scores);
        return
        [
            FoldAccuracy.Grid(scores),
            FoldAccuracy.Exact(scores),
            .. falseAcceptRates.Select(far => TarAtFar.Conservative(scores, roc, far)),
            EqualErrorRate.Of(scores, roc),
            AreaUnderCurve.Of(scores, roc),
        ];
    }
}
