using Ablation.Experiments.Scheduling;
using Ablation.Experiments.Suites;
using Ablation.Harness.Batches;
using Ablation.Harness.Embedding;
using Ablation.Harness.Faces;
using Ablation.Harness.Faces.Synthetic;
using Ablation.Harness.Protocols;
using Ablation.Harness.Training;
using Ablation.Losses;
using Ablation.Tests.Suites;
using Ablation.Tests.Training;

namespace Ablation.Tests.Scheduling;

/// <summary>Errors of all trials of a suite are found before the first one starts.</summary>
public sealed class SuiteCheckTests
{
    private static readonly Suite Sound = TinySuite.Of(new SoftmaxOptions(), new NptOptions { K = 2 });
    private static readonly SyntheticPairsOptions Pairs = (SyntheticPairsOptions)Sound.Tests[0];
    private static readonly SyntheticOptions Few = new() { Identities = 2, ImagesPerIdentity = 8, Resolution = 32 };

    [Test]
    public void A_valid_suite_has_no_problem() => Assert.That(Problems(Sound), Is.Empty);

    [Test]
    public void Two_tests_of_one_name_are_found()
    {
        var problem = Problems(Sound with { Tests = [Pairs, Pairs with { Seed = 1 }] }).Single();
        Assert.That(problem, Does.StartWith("tests: two are called \"synthetic pairs (difficulty 0.5)\" (tests[0] and tests[1])"));
        Assert.That(Problems(Sound with { Tests = [Pairs, Pairs with { Difficulty = 0.25 }] }), Is.Empty);
    }

    [TestCase("LFW a", "lfw-a", true)]
    [TestCase("LFW a", "LFW, (a)", true)]
    [TestCase("LFW", "lfw", true)]
    [TestCase("Größe", "Gr e", true)]
    [TestCase("Größe", "Grosse", false)]
    [TestCase("人", "脸", true)]
    [TestCase("LFW a", "LFW b", false)]
    public void Names_of_one_file_are_found(string one, string other, bool isFound)
    {
        var faces = new IdentificationOptions { Faces = Few };
        Assert.That(Problems(Sound with { Tests = [faces with { Name = one }, faces with { Name = other, Seed = 1 }] })
            .Any(problem => problem.StartsWith("tests: ", StringComparison.Ordinal)), Is.EqualTo(isFound));
    }

    [Test]
    public void Names_of_parts_of_a_test_count_too()
    {
        var low = new LowResolutionOptions { Test = Pairs, Resolutions = [16], Cells = LowResolutionCells.Diagonal };
        var other = new IdentificationOptions { Faces = Few, Name = "synthetic pairs (difficulty 0.5), 16 x 16 px (synthetic)" };
        Assert.That(Problems(Sound with { Tests = [low, other] })
            .Single(), Does.Contain("would be stored in one file, scores-synthetic-pairs-difficulty-0-5-16-x-16-px-synthetic.npz"));
        Assert.That(Problems(Sound with { Tests = [low, Pairs] }), Is.Empty);
    }

    [TestCase(" ", "is blank")]
    [TestCase("x", "longer than", 300)]
    public void A_name_that_is_invalid_in_file_names_is_found(string name, string message, int times = 1) =>
        Assert.That(Problems(
            Sound with { Tests = [new IdentificationOptions { Faces = Few, Name = string.Concat(Enumerable.Repeat(name, times)) }] })
                .Single(), Does.StartWith("tests: ").And.Contains(message));

    [Test]
    public void Parts_have_the_names_of_the_scores()
    {
        var low = new LowResolutionOptions { Test = Pairs, Resolutions = [8, 16] };
        using var test = low.Open(new DataRoot("."));
        var (embeddings, random) = (new EmbeddingMatrix(test.ImageCount, 8), new Random(5));
        for (var row = 0; row < test.ImageCount; row++)
            foreach (ref var value in embeddings[row]) value = (float)(random.NextDouble() - 0.5);
        Assert.That(test.Score(new TestEmbeddings(embeddings), default).Select(scores => scores.Test)
            .ToList(), Is.EqualTo(test.Parts).And.Count.EqualTo(9));
    }

    [Test]
    public void Every_problem_is_reported_at_once_with_its_key()
    {
        var suite = Sound with
        {
            Losses = [new NptOptions { K = 9 }, new SoftmaxOptions()],
            Trainings = [TinySuite.Training with { Batch = 128, Accumulate = 2, WarmUpEpochs = 0,
                Augment = new AugmentOptions { DownUpProbability = 0.5, DownUpMinPixels = 16 } }],
            Tests = [Pairs, Pairs with { Pairs = 200 }, new IdentificationOptions { Faces = Few, Enrolled = 8 }],
        };
        Assert.That(Problems(suite), Is.EquivalentTo(new[]
        {
            "losses: synthetic (8 x 8, difficulty 0.5): Npt: k = 9 with 8 identities; must be in [1, 7], or \"all\"",
            "trainings: synthetic (8 x 8, difficulty 0.5): " + TrainingSteps.Problem(suite.Trainings[0], 64),
            "trainings: augment.downUpMinPixels: 16 is not below the network's 16 pixels; choose 2 .. 15, or set downUpProbability to 0",
            "tests[2]: synthetic (2 x 8, difficulty 0.5): no identity has more than 8 images, so there are no probes; lower enrolled, " +
            "or use faces with more images per identity",
        }));
    }

    [Test]
    public void Checks_of_a_subset_use_its_counts()
    {
        var part = new SubsetOptions
        {
            Of = new SyntheticOptions { Identities = 8, ImagesPerIdentity = 8, Resolution = 32 },
            Identities = 3,
            ImagesPerIdentity = 4
        };
        Assert.That(Problems(Sound with { DataSet = part }).Single(), Does.Contain("12 images do not fill one batch of 16"));
        Assert.That(Problems(Sound with { DataSet = part with { Identities = 2, ImagesPerIdentity = 8 } })
            .Single(), Does.Contain("Npt: k = 2 with 2 identities"));
        Assert.That(Problems(Sound with { DataSet = part with { Identities = 9 } })
            .Single(), Does.StartWith("data: ").And.Contains("8 identities are left for 9"));
        Assert.That(Problems(Sound with { DataSet = new HeldOutOptions { Of = part.Of, Held = true } }),
            Has.Some.Contains("Npt: k = 2 with 2 identities"));
    }

    [Test]
    public void A_picture_that_is_smaller_than_a_resolution_is_found() => // by the first image
        Assert.That(Problems(Sound with { Tests = [new LowResolutionOptions { Test = Pairs, Resolutions = [16, 64] }] })
            .Single(), Does.StartWith("tests[0]: ").And.Contains("cannot be reduced to 64 x 64"));

    [Test]
    public void Missing_data_and_skipped_checks_are_reported()
    {
        var suite = Sound with
        {
            DataSet = new FolderOptions { Path = "nowhere" },
            Tests = [new VerificationBinOptions { Path = "gone.bin" }, Pairs, Pairs with { Seed = 1 }]
        };
        Assert.That(Problems(suite),
            Has.Count.EqualTo(2).And.Some.Match("^data: .*nowhere: no such folder").And.Some.Match(@"^tests\[0\]: .*gone\.bin"));
        using var data = new OpenedData(new DataRoot("."));
        Assert.That(SuiteCheck.NotChecked(suite.Trials(), data), Has.Count.EqualTo(2).And.All.StartsWith("not checked, without"));
        Assert.That(SuiteCheck.NotChecked(Sound.Trials(), data), Is.Empty);
    }

    [Test]
    public void Only_the_remaining_trials_are_checked()
    {
        var suite = Sound with { Losses = [new SoftmaxOptions(), TinySuite.Failing] };
        using var data = new OpenedData(new DataRoot("."));
        Assert.That(SuiteCheck.Problems([.. suite.Trials().Where(trial => trial.Label == "Softmax")], data), Is.Empty);
        Assert.That(SuiteCheck.Problems(suite.Trials(), data).Single(), Does.Contain("k = 100"));
    }

    [Test]
    public void A_set_is_opened_once_for_all_its_trials()
    {
        using var data = new OpenedData(new DataRoot("."));
        Assert.That(data.Source(new SubsetOptions { Of = Few, Without = [] }),
            Is.Not.Null.And.SameAs(data.Source(new SubsetOptions { Of = Few with { Seed = 0 }, Without = new List<string>() })));
        Assert.That(data.Test(Pairs), Is.Not.Null.And.SameAs(data.Test(Pairs with { Seed = 0 })));
    }

    [Test]
    public void A_trial_fails_with_the_message_of_the_check()
    {
        foreach (var suite in new[] { Sound with { Losses = [TinySuite.Failing] }, Sound with { Tests = [Pairs, Pairs with { Seed = 1 }] },
            Sound with { Trainings = [TinySuite.Training with { Batch = 65 }] } })
            Assert.That(() => Tiny.Run(suite.Trials()[0].Spec),
                Throws.ArgumentException.With.Message.EqualTo(string.Join('\n', Problems(suite))));
    }

    private static IReadOnlyList<string> Problems(Suite suite) => suite.DataProblems(new DataRoot("."));
}
