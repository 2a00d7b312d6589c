using Ablation.Harness.Formats;
using Ablation.Harness.Foundations;
using Ablation.Harness.Statistics;

namespace Ablation.Harness.Metrics;

/// <summary>
/// All scores of probes against a gallery of one image per subject; few enough to store, so that draws of subjects can be repeated.
/// </summary>
/// <param name="Similarity">P x G cosines.</param>
/// <param name="Subject">P: the gallery column of each probe's subject.</param>
/// <param name="TestSubjects">Number of subjects per draw.</param>
public sealed record SubjectDrawScores(string Test, double[] Similarity, int[] Subject, int TestSubjects, int Draws, int Seed)
    : TestScores(Test)
{
    /// <exception cref="InvalidDataException">Something is missing.</exception>
    public SubjectDrawScores(StoredScores stored)
        : this(stored.Test, stored.Array<double>("similarity"), stored.Array<int>("subject"), stored.Number("test_subjects"),
            stored.Number("draws"), stored.Number("seed"))
    {
    }

    /// <summary>Images of the gallery.</summary>
    public int Gallery => Subject.Length == 0 ? 0 : Similarity.Length / Subject.Length;

    /// <inheritdoc/>
    public override StoredScores Store() => new("SubjectDraw", Test,
        new Dictionary<string, string> { ["test_subjects"] = Text(TestSubjects), ["draws"] = Text(Draws), ["seed"] = Text(Seed) },
        new Dictionary<string, StoredArray>
        {
            ["similarity"] = new StoredArray(Similarity, Subject.Length, Gallery),
            ["subject"] = StoredArray.FromArray(Subject)
        });

    /// <summary>Draws subjects; returns per column of the gallery whether it was drawn.</summary>
    internal bool[] Drawn(int draw)
    {
        int[] all = [.. Enumerable.Range(0, Gallery)];
        new RandomStream(Seed, StreamPurpose.SubjectDraw, draw).Shuffle(all);
        var isDrawn = new bool[Gallery];
        foreach (var subject in all.AsSpan(0, TestSubjects)) isDrawn[subject] = true;
        return isDrawn;
    }

    /// <summary>
    /// Computes rank-k of all subjects, and its mean over draws of <see cref="TestSubjects"/> subjects (both probes and gallery) with the
    /// 95 % t interval of that mean. Among equal scores the earlier image of the gallery ranks first. There is no value if all scores are
    /// equal, a rank is not below the number of images in the gallery, or there are not more subjects than a draw has.
    /// </summary>
    /// <exception cref="DataProblem">The scores are damaged.</exception>
    internal IReadOnlyList<Metric> Figures(int[] ranks)
    {
        Check();
        var canRank = Similarity.AsSpan().ContainsAnyExcept(Similarity[0]);
        var everyone = Enumerable.Repeat(true, Gallery).ToArray();
        var draws = canRank && Gallery > TestSubjects
            ? Enumerable.Range(0, Draws).Select(Drawn).Where(drawn => Subject.Any(subject => drawn[subject])).ToList() : [];
        var figures = new List<Metric>();
        foreach (var k in ranks)
        {
            figures.Add(new Metric(Test, $"rank-{k}", $"all {Gallery}, without fine-tuning", canRank && k < Gallery
                ? Share(k, everyone) : null, null, Subject.Length));
            var sample = draws.Count > 0 && k < TestSubjects ? Sample.Summarise([.. draws.Select(drawn => Share(k, drawn))]) : null;
            figures.Add(new Metric(Test, $"rank-{k}", $"{TestSubjects} of {Gallery}, {Draws} draws", sample?.Mean, null, draws.Count > 0
                ? Subject.Count(subject => draws[0][subject]) : 0)
            {
                Interval = sample?.HalfWidth is { } half
                    ? new Interval(sample.Mean - half, sample.Mean + half, $"t, over {draws.Count} draws, seed {Seed}") : null,
            });
        }

        return figures;
    }

    private double Share(int k, bool[] isThere)
    {
        var (probes, found) = (0, 0);
        for (var probe = 0; probe < Subject.Length; probe++)
        {
            var mate = Subject[probe];
            if (!isThere[mate]) continue;
            probes++;
            var row = Similarity.AsSpan(probe * Gallery, Gallery);
            var before = 0;
            for (var other = 0; other < row.Length; other++)
            {
                if (isThere[other] && other != mate && (row[other] > row[mate] || (row[other] == row[mate] && other < mate))) before++;
            }

            if (before < k) found++;
        }

        return (double)found / probes;
    }

    private void Check()
    {
        const string Cure = "evaluate again";
        if (Subject.Length == 0) throw new DataProblem(Test, "there are no probes", "read the protocol's folder again");
        if (Gallery < 2 || Similarity.Length != (long)Subject.Length * Gallery)
            throw new DataProblem(Test, $"{Similarity.Length} scores of {Subject.Length} probes", Cure);
        if (Subject.Any(subject => subject < 0 || subject >= Gallery) || TestSubjects < 2 || Draws < 1)
            throw new DataProblem(Test, "a subject that the gallery does not have, or no draws", Cure);
        if (Similarity.AsSpan().IndexOfAnyExceptInRange(-1.01, 1.01) is var bad and >= 0)
            throw new DataProblem($"{Test} probe {bad / Gallery}", $"its score {Similarity[bad]} is no cosine",
                "check whether the training diverged");
    }

    private static string Text(int number) => number.ToString();
}

/// <summary>Computes rank-1 for tables, and rank-1, rank-5 and rank-10 among all metrics.</summary>
public sealed class SubjectDrawMetrics : TestMetrics<SubjectDrawScores>
{
    /// <inheritdoc/>
    public override IReadOnlyList<Metric> Metrics(SubjectDrawScores scores) => scores.Figures([1]);

    /// <inheritdoc/>
    public override IReadOnlyList<Metric> AllMetrics(SubjectDrawScores scores, int draws, int seed) => scores.Figures([1, 5, 10]);
}
