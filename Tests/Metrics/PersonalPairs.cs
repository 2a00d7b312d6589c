using Ablation.Harness.Foundations;
using Ablation.Harness.Metrics;
using MathNet.Numerics.Distributions;

namespace Ablation.Tests.Metrics;

/// <summary>
/// Two networks' scores of one test of generated people. A squared distance is 1 (genuine) or 1.5 (impostor) plus normal effects: of each
/// person, shared by both networks; of each person for each network; of the pair.
/// </summary>
/// <param name="Shared">Deviation of a person's effect on both networks.</param>
/// <param name="Own">Deviation of a person's effect on one network only.</param>
/// <param name="Noise">Deviation of a pair's effect.</param>
internal sealed record PersonalPairs(int Persons, int GenuineEach, double Shared, double Own, double Noise)
{
    /// <summary>Returns a figure of either network over infinitely many people: genuine and impostor distances are normal.</summary>
    /// <param name="name">"AUC", "EER", "TAR@FAR=1e-1".</param>
    public double Truth(string name)
    {
        var (person, pair) = (Shared * Shared + Own * Own, Noise * Noise);
        var (genuine, impostor) = (Math.Sqrt(person + pair), Math.Sqrt(person / 2 + pair));
        return Normal.CDF(0, 1, name switch
        {
            "AUC" => 0.5 / Math.Sqrt(genuine * genuine + impostor * impostor),
            "EER" => -0.5 / (genuine + impostor), // the threshold equally many deviations from both means
            "TAR@FAR=1e-1" => (0.5 + Normal.InvCDF(0, 1, 0.1) * impostor) / genuine,
            _ => throw new ArgumentOutOfRangeException(nameof(name), name, "no formula"),
        });
    }

    /// <param name="shift">What the second network adds to every impostor distance.</param>
    public (PairScores First, PairScores Second) Draw(int seed, double shift = 0)
    {
        var random = new RandomStream(seed, StreamPurpose.SyntheticPairs);
        double[][] effects = [Effects(Shared), Effects(Own), Effects(Own)];
        var pairs = Persons * GenuineEach * 2;
        var (same, first, second, fold) = (new bool[pairs], new int[pairs], new int[pairs], new int[pairs]);
        var distances = new[] { new float[pairs], new float[pairs] };
        for (var pair = 0; pair < pairs; pair++)
        {
            (same[pair], first[pair], fold[pair]) = (pair % 2 == 0, pair / 2 % Persons, pair * 5 / pairs);
            second[pair] = same[pair] ? first[pair] : (first[pair] + 1 + random.NextBelow(Persons - 1)) % Persons;
            for (var network = 0; network < 2; network++)
            {
                double Of(int person) => effects[0][person] + effects[1 + network][person];
                // an impostor pair has half of each person's effect, so that its variance is half a genuine pair's
                var mean = same[pair] ? 1 + Of(first[pair]) : 1.5 + (Of(first[pair]) + Of(second[pair])) / 2 + network * shift;
                distances[network][pair] = (float)Math.Clamp(mean + Noise * Next(), 0, 4);
            }
        }

        PairScores Scores(int network) =>
            new("simulated", distances[network], same, fold, 5)
            {
                FirstPerson = first,
                SecondPerson = second,
                PersonsFrom = PairScores.PersonsFromNames
            };
        return (Scores(0), Scores(1));

        double[] Effects(double deviation) => [.. Enumerable.Range(0, Persons).Select(_ => deviation * Next())];
        double Next() => Normal.InvCDF(0, 1, Math.Max(random.NextUnit(), 1e-16));
    }
}
