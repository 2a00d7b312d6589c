using Ablation.Harness.Foundations;

namespace Ablation.Harness.Faces.Synthetic;

/// <summary>Decides how many pictures each person has.</summary>
public static class LongTail
{
    /// <summary>
    /// Splits <paramref name="total"/> pictures so that person k has one, and of the rest a share in proportion to
    /// 1 / (k+1)^exponent; what rounding leaves goes to the largest fractions. The counts never rise.
    /// </summary>
    /// <param name="people">At least 1.</param>
    /// <param name="total">At least <paramref name="people"/>.</param>
    /// <param name="exponent">0: equal shares; about 1: Zipf's law.</param>
    public static int[] Counts(int people, int total, double exponent)
    {
        ArgumentOutOfRangeException.ThrowIfLessThan(people, 1);
        ArgumentOutOfRangeException.ThrowIfLessThan(total, people);
        var shares = new double[people];
        var sum = 0.0;
        for (var k = 0; k < people; k++) sum += shares[k] = PortableMath.Pow(k + 1, -exponent);

        var counts = new int[people];
        var left = total - people;
        for (var k = 0; k < people; k++)
        {
            shares[k] = (total - people) * shares[k] / sum;
            counts[k] = 1 + (int)shares[k];
            left -= (int)shares[k];
        }

        foreach (var k in Enumerable.Range(0, people).OrderByDescending(k => shares[k] - (int)shares[k]).ThenBy(k => k).Take(left))
            counts[k]++;
        return counts;
    }
}
