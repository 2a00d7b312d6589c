using Ablation.Experiments.Commands;
using Ablation.Experiments.Store;
using Ablation.Harness.Embedding;
using Ablation.Harness.Faces;
using Ablation.Harness.Foundations;
using Ablation.Harness.Metrics;
using Ablation.Harness.Protocols;
using Ablation.Tests.Suites;

namespace Ablation.Tests.Metrics;

/// <summary>Other code bases' definitions of accuracy: chosen by name, printed side by side, computed again from stored scores.</summary>
[Parallelizable]
public sealed class PairConventionTests
{
    private static readonly string[] Names = ["argmax-youden", "field", "mean-centred-arccos", "whole-set"];

    [Test]
    public void All_are_found_by_name_and_an_unknown_one_is_refused_with_them()
    {
        Assert.That(PairConvention.All.Select(one => one.Name), Is.EqualTo(Names));
        Assert.That(PairConvention.All.Select(one => one.Description), Is.Unique.And.All.Not.Empty);
        Assert.That(() => PairConvention.Named("Field"), Throws.TypeOf<DataProblem>().With.Message.Contains(string.Join(", ", Names)));
        var options = new SyntheticPairsOptions { Convention = "youden" };
        Assert.That(() => options.Open(new DataRoot(".")), Throws.TypeOf<DataProblem>().With.Message.Contains("\"youden\""));
    }

    [Test]
    public void A_suite_with_an_unknown_convention_is_refused_with_its_line()
    {
        const string found = "\"pairs\": 100,";
        var suite = SuiteText.Read(SuiteText.Good.Replace(found, found + " \"convention\": \"whole-set\",", StringComparison.Ordinal));
        Assert.That(((SyntheticPairsOptions)suite.Tests[0]).Convention, Is.EqualTo("whole-set"));
        var message = SuiteText.Refusal(found, found + " \"convention\": \"wholeSet\",");
        Assert.That(message, Does.StartWith("own.jsonc(5)").And.Contains("convention = \"wholeSet\"; known: argmax-youden, field"));
    }

    [Test]
    public void The_list_and_the_schema_contain_the_names()
    {
        using var text = new StringWriter();
        ListCommand.Write(text);
        Assert.That(text.ToString(), Does.Contain($"one of {string.Join(", ", Names)}").And.Contains("default [7, 10, 14, 20, 28, 56]"));
        var schema = System.Text.RegularExpressions.Regex.Replace(SchemaCommand.Text(), "\\s+", "");
        Assert.That(schema, Does.Contain("\"enum\":[\"argmax-youden\",\"field\",\"mean-centred-arccos\",\"whole-set\",null]"));
    }

    [Test]
    public void A_test_without_a_convention_is_written_as_in_earlier_versions()
    {
        var options = new SyntheticPairsOptions { Pairs = 100 };
        Assert.That(SpecJson.Write<ProtocolOptions>(options), Does.Not.Contain("convention"));
        Assert.That(SpecJson.Write<ProtocolOptions>(options with { Convention = "field" }), Does.Contain("\"convention\": \"field\""));
    }

    [Test]
    public void The_chosen_convention_is_first_and_none_is_repeated([Values("field", "whole-set", "argmax-youden", "mean-centred-arccos")]
    string convention)
    {
        var (test, scores) = Scored(convention);
        using var open = test;
        var estimator = PairConvention.Named(convention).Estimator(scores);
        foreach (var metrics in new[] { scores.Metrics(), scores.AllMetrics(0, 0) })
        {
            Assert.That((metrics[0].Name, metrics[0].Estimator), Is.EqualTo(("accuracy", estimator)));
            Assert.That(metrics.Select(metric => (metric.Name, metric.Estimator)), Is.Unique);
            Assert.That(metrics[0].Value, Is.InRange(0.5, 1));
        }

        var usual = (scores with { Convention = null }).Metrics();
        Assert.That(scores.Metrics()
            .Where(metric => metric.Estimator != estimator || convention == "field"), Is.EqualTo(usual), "the usual columns are unchanged");
    }

    [Test]
    public void Stored_scores_give_every_figure_again()
    {
        using var folder = new TemporaryFolder();
        var (test, scores) = Scored("mean-centred-arccos");
        using var open = test;
        Assert.That(scores.FoldDistance, Has.Length.EqualTo(scores.Same.Length * scores.Folds));
        ScoresFile.Write(folder.File("scores.npz"), scores);
        var read = (PairScores)ScoresFile.Read(folder.File("scores.npz"), scores.Test);
        Assert.That(read.AllMetrics(20, 3), Is.EqualTo(scores.AllMetrics(20, 3)));
        Assert.That(read.Metrics(), Is.EqualTo(scores.Metrics()));
        Assert.That((read.Convention, read.PersonsFrom), Is.EqualTo((scores.Convention, "names")));
        Assert.That(PairConvention.All.Where(one => one.IsSupported(read)).Select(one => one.Name), Is.EqualTo(Names));
        Assert.That(PairConvention.All.Where(one => one.IsSupported(read with { FoldDistance = null })).Select(one => one.Name),
            Is.EqualTo(Names.Except(["mean-centred-arccos"])));
    }

    [Test]
    public void The_mean_for_a_fold_excludes_that_fold()
    {
        var (test, scores) = Scored("mean-centred-arccos");
        using var open = test;
        var embeddings = MadeUpPairs.Random(test, 4);
        double[] Unit(int image)
        {
            var row = embeddings[image].ToArray();
            var norm = Math.Sqrt(row.Sum(value => (double)value * value));
            return [.. row.Select(value => value / norm)];
        }

        foreach (var (pair, held) in new[] { (0, 0), (0, 3), (57, 1), (99, 9) })
        {
            var others = test.Pairs.Where(other => other.Fold != held).SelectMany(other => new[] { Unit(other.First), Unit(other.Second) })
                .ToList();
            var mean = Enumerable.Range(0, embeddings.Dimension).Select(d => others.Average(row => row[d])).ToArray();
            var (a, b) = (Less(Unit(test.Pairs[pair].First), mean), Less(Unit(test.Pairs[pair].Second), mean));
            var cosine = Dot(a, b) / Math.Sqrt(Dot(a, a) * Dot(b, b));
            Assert.That(scores.FoldDistance![pair * scores.Folds + held], Is.EqualTo(Math.Acos(cosine) / Math.PI)
                .Within(1e-6), $"pair {pair}, fold {held}");
        }

        static double[] Less(double[] left, double[] right) => [.. left.Zip(right, (a, b) => a - b)];
        static double Dot(double[] left, double[] right) => left.Zip(right, (a, b) => a * b).Sum();
    }

    [Test]
    public void Each_fold_uses_its_distances_at_the_best_threshold_of_the_others()
    {
        var (test, scores) = Scored("mean-centred-arccos");
        using var open = test;
        var accuracies = Enumerable.Range(0, scores.Folds).Select(held =>
        {
            double Right(double threshold, bool own) =>
                Enumerable.Range(0, scores.Same.Length).Where(pair => scores.Fold[pair] == held == own)
                .Average(pair => scores.FoldDistance![pair * scores.Folds + held] < threshold == scores.Same[pair] ? 1.0 : 0);
            var thresholds = Enumerable.Range(0, 400).Select(i => i * 0.01).ToList();
            return Right(thresholds.MaxBy(threshold => Right(threshold, own: false)), own: true); // the first of equal thresholds
        }).ToList();
        Assert.That(accuracies.Distinct().Count(), Is.GreaterThan(1), "the premise");
        Assert.That(scores.Metrics()[0].Value, Is.EqualTo(accuracies.Average()).Within(1e-12));
        Assert.That(scores.Metrics()[0].FoldDeviation,
            Is.EqualTo(Math.Sqrt(accuracies.Average(value => Math.Pow(value - accuracies.Average(), 2)))).Within(1e-12));
    }

    [Test]
    public void An_embedding_equal_to_the_mean_has_no_angle_and_gives_no_figure()
    {
        using var test = new SyntheticPairsOptions
        {
            Pairs = 100,
            Resolution = 16,
            Convention = "mean-centred-arccos"
        }.Open(new DataRoot("."));
        var alike = new EmbeddingMatrix(test.ImageCount, 2);
        for (var image = 0; image < alike.Rows; image++) alike[image][0] = 1;
        var scores = PairScoring.Distances(test, alike);
        Assert.That(scores.FoldDistance, Has.Some.NaN);
        Assert.That(scores.AllMetrics(10, 0).Select(metric => metric.Value), Is.All.Null);
        var (apart, known) = Scored("mean-centred-arccos");
        using var open = apart;
        known.FoldDistance![7] = float.NaN;
        Assert.That(known.Metrics()[0].Value, Is.Null, "one pair without a distance");
        Assert.That(known.Metrics()[1].Value, Is.Not.Null);
    }

    [Test]
    public void Damaged_scores_are_refused()
    {
        var (test, scores) = Scored("mean-centred-arccos");
        using var open = test;
        Assert.That(() => (scores with { FoldDistance = [0.5f] })
            .Metrics(), Throws.TypeOf<DataProblem>().With.Message.Contains("1 distances by fold"));
        Assert.That(() => (scores with { SecondPerson = null })
            .Metrics(), Throws.TypeOf<DataProblem>().With.Message.Contains("persons of 100 first and 0 second"));
        Assert.That(() => (scores with { Convention = "other" })
            .Metrics(), Throws.TypeOf<DataProblem>().With.Message.Contains("unknown convention \"other\""));
    }

    [TestCase("one class")]
    [TestCase("constant")]
    public void Without_two_classes_of_scores_every_estimator_gives_no_number(string what)
    {
        var (test, scores) = Scored("mean-centred-arccos");
        using var open = test;
        scores = what == "one class"
            ? scores with { Same = Array.ConvertAll(scores.Same, _ => true) }
            : scores with { SquaredDistance = Array.ConvertAll(scores.SquaredDistance, _ => 1f) };
        var metrics = scores.AllMetrics(10, 0);
        Assert.That(metrics.Select(metric => metric.Value), Is.All.Null);
        Assert.That(metrics.Select(metric => metric.Interval), Is.All.Null);
        Assert.That(metrics, Has.Count.GreaterThan(15));
    }

    [Test]
    public void Empty_folds_affect_only_the_cross_validated_figures()
    {
        var scores = new PairScores("few", [0.1f, 1f, 0.2f, 2f], [true, false, true, false], [0, 1, 2, 3],
            10)
        { FoldDistance = new float[40] };
        var accuracies = scores.AllMetrics(0, 0).Where(metric => metric.Name == "accuracy").ToDictionary(metric => metric.Estimator);
        Assert.That(accuracies.Where(one => one.Key.StartsWith("10-fold", StringComparison.Ordinal))
            .Select(one => one.Value.Value), Is.EqualTo(new double?[3]));
        Assert.That((accuracies["whole-set"].Value, accuracies["whole-set"].FoldDeviation), Is.EqualTo(((double?)1, (double?)null)));
    }

    private static (PairProtocol Test, PairScores Scores) Scored(string convention)
    {
        var test = new SyntheticPairsOptions { Pairs = 100, Resolution = 16, Convention = convention }.Open(new DataRoot("."));
        return (test, PairScoring.Distances(test, MadeUpPairs.Random(test, 4)));
    }
}
