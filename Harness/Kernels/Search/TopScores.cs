namespace Ablation.Harness.Kernels.Search;

/// <summary>
/// The k best gallery rows of a probe so far, best first; of equal scores the lower row is first, whatever the order of arrival.
/// </summary>
internal sealed class TopScores(int k)
{
    private readonly double[] scores = new double[k];
    private readonly int[] rows = new int[k];

    public int Count { get; private set; }

    /// <summary>The least score that can enter: the last score, or minus infinity while a place is free; infinity if k is 0.</summary>
    public double Least => k == 0 ? double.PositiveInfinity : Count < k ? double.NegativeInfinity : scores[k - 1];

    public (double Score, int Row) this[int place] => (scores[place], rows[place]);

    public void Offer(double score, int row)
    {
        var at = Count;
        while (at > 0 && (score > scores[at - 1] || (score == scores[at - 1] && row < rows[at - 1]))) at--;
        if (at == k) return;
        if (Count < k) Count++;
        for (var place = Count - 1; place > at; place--) (scores[place], rows[place]) = (scores[place - 1], rows[place - 1]);
        (scores[at], rows[at]) = (score, row);
    }
}

/// <summary>The M highest scores so far, over all probes and rows.</summary>
internal sealed class HighestScores(int most)
{
    private readonly PriorityQueue<double, double> lowestFirst = new();

    /// <inheritdoc cref="TopScores.Least"/>
    public double Least => most == 0 ? double.PositiveInfinity : lowestFirst.Count < most ? double.NegativeInfinity : lowestFirst.Peek();

    public void Offer(double score)
    {
        if (lowestFirst.Count < most) lowestFirst.Enqueue(score, score);
        else if (score > Least) lowestFirst.EnqueueDequeue(score, score);
    }

    public double[] Falling() => [.. lowestFirst.UnorderedItems.Select(item => item.Element).OrderDescending()];
}
