using Ablation.Harness.Metrics;

namespace Ablation.Tests.Metrics;

/// <summary>A literal implementation of the protocol in doubles, one pair and one threshold at a time.</summary>
internal static class NaiveVerification
{
    /// <summary>Random scores with many ties: genuine pairs are closer on average, steps are coarse, some values are on the grid.</summary>
    public static PairScores Random(int seed, int pairs = 200, int folds = 10)
    {
        var random = new Random(seed);
        var same = Enumerable.Range(0, pairs).Select(_ => random.Next(2) == 0).ToArray();
        var step = seed % 2 == 0 ? 0.01 : 0.037;
        var distance = same.Select(isSame => (float)(step * random.Next(0, isSame ? 70 : 106))).ToArray();
        var fold = Enumerable.Range(0, pairs).Select(pair => pair * folds / pairs).ToArray();
        return new PairScores("random", distance, same, fold, folds);
    }

    public static (double Mean, double Deviation) GridAccuracy(PairScores scores) =>
        Accuracy(scores, Enumerable.Range(0, 400).Select(i => i * 0.01).ToList());

    public static (double Mean, double Deviation) ExactAccuracy(PairScores scores) =>
        Accuracy(scores, scores.SquaredDistance.Select(distance => (double)distance).Distinct().Order().ToList());

    private static (double Mean, double Deviation) Accuracy(PairScores scores, List<double> thresholds)
    {
        var folds = new List<double>();
        for (var held = 0; held < scores.Folds; held++)
        {
            var (bestThreshold, best) = (double.NaN, -1.0);
            foreach (var threshold in thresholds)
            {
                var accuracy = Share(scores, threshold, pair => scores.Fold[pair] != held);
                if (accuracy > best) (bestThreshold, best) = (threshold, accuracy);
            }

            folds.Add(Share(scores, bestThreshold, pair => scores.Fold[pair] == held));
        }

        var mean = folds.Sum() / folds.Count;
        return (mean, Math.Sqrt(folds.Sum(accuracy => Math.Pow(accuracy - mean, 2)) / folds.Count));
    }

    private static double Share(PairScores scores, double threshold, Predicate<int> counts)
    {
        int right = 0, all = 0;
        for (var pair = 0; pair < scores.Same.Length; pair++)
        {
            if (!counts(pair)) continue;
            all++;
            if (scores.SquaredDistance[pair] < threshold == scores.Same[pair]) right++;
        }

        return (double)right / all;
    }

    /// <summary>Returns every operating point: nothing accepted, then everything up to each score.</summary>
    public static List<(double Far, double Tar)> OperatingPoints(PairScores scores)
    {
        var (genuine, impostors) = Split(scores);
        return scores.SquaredDistance.Distinct().Order().Prepend(float.NegativeInfinity)
            .Select(limit =>
                ((double)impostors.Count(d => d <= limit) / impostors.Count, (double)genuine.Count(d => d <= limit) / genuine.Count))
            .ToList();
    }

    public static double MannWhitney(PairScores scores)
    {
        var (genuine, impostors) = Split(scores);
        var wins = genuine.Sum(g => impostors.Sum(i => g < i ? 1.0 : g == i ? 0.5 : 0.0));
        return wins / ((double)genuine.Count * impostors.Count);
    }

    private static (List<float> Genuine, List<float> Impostors) Split(PairScores scores)
    {
        List<float> Of(bool truth) => scores.SquaredDistance.Where((_, pair) => scores.Same[pair] == truth).ToList();
        return (Of(true), Of(false));
    }
}
