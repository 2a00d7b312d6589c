using Ablation.Experiments.Suites;
using Ablation.Harness.Faces;
using Ablation.Harness.Foundations;
using Ablation.Harness.Inspection;
using Ablation.Harness.Training;
using Ablation.Losses;
using Ablation.Tests.Formats;
using Ablation.Tests.Images;
using Ablation.Tests.Scheduling;
using Ablation.Tests.Suites;
using Ablation.Tests.Training;

namespace Ablation.Tests.Faces;

/// <summary>A pack that states other classes than it has is refused before training, but data check reads it.</summary>
public sealed class PackClassesTests
{
    private static readonly int[] Labels = [.. Enumerable.Range(0, 30).Select(i => i % 6)];
    private TemporaryFolder folder = null!;

    [SetUp]
    public void Make() => folder = new TemporaryFolder();

    [TearDown]
    public void Remove() => folder.Dispose();

    private static RecordIoWriter Pack(int[] labels) => RecordIoWriter.WithHeader(labels, seed => Pictures.Jpeg(Pictures.Smooth(seed)));

    private FaceSource Open() => new RecordIoOptions { Path = "." }.Open(new DataRoot(folder.Path));

    private DataProblem Refused()
    {
        using var source = Open();
        return Assert.Throws<DataProblem>(() => source.CheckClasses())!;
    }

    [Test]
    public void A_consistent_pack_is_accepted_and_its_labels_are_cached()
    {
        Pack(Labels).Save(folder.Path, property: "6,24,32\n", backwards: true);
        using var source = Open();
        source.CheckClasses();
        source.Dispose();
        Assert.That(Enumerable.Range(0, source.Count).Select(source.IdentityOf), Is.EqualTo(Labels), "no record head is read again");
        Assert.That(source.Notes, Is.Empty);
    }

    [Test]
    public void More_stated_classes_than_exist_are_refused_with_the_remedy()
    {
        Pack(Labels).Save(folder.Path, property: "9,24,32");
        Assert.That(Refused().Message,
            Does.Contain("9 classes are stated by").And.Contain("3 of them have no image, the first is 6").And.Contain("Subset"));
        var check = DataPath.Guess(folder.Path).Check();
        Assert.That(check.Notes.Single(), Does.StartWith("training refuses this set: ").And.Contain("9 classes are stated"));
        Assert.That(check.BadCount, Is.EqualTo(3));
        using var subset = new SubsetOptions { Of = new RecordIoOptions { Path = "." } }.Open(new DataRoot(folder.Path));
        Assert.That((subset.Identities, subset.Count), Is.EqualTo((6, 30)), "the proposed remedy works");
        subset.CheckClasses();
    }

    [Test]
    public void Fewer_stated_classes_than_exist_are_refused_at_the_first_such_image()
    {
        var pack = Pack(Labels);
        pack.Save(folder.Path, property: "4,24,32", backwards: true);
        Assert.That(Refused().Message, Does.Contain($"train.rec@{pack.Index[5].Offset}: label 4 is not a class from 0 to 3"));
    }

    [Test]
    public void A_gap_is_refused_whether_the_property_file_or_identity_records_state_the_classes()
    {
        Pack([0, 1, 3, 3]).Save(folder.Path);
        Assert.That(Refused().Message,
            Does.Contain("4 classes are stated by the identity records").And.Contain("1 of them have no image, the first is 2"));
        File.WriteAllText(folder.File("property"), "9000000,24,32");
        Assert.That(Refused().Message, Does.Contain("8999997 of them have no image"));
    }

    [TestCase("6,24")]
    [TestCase("6,24,32,3")]
    [TestCase("6,a,b")]
    [TestCase("6,0,0")]
    public void A_property_file_with_a_damaged_size_is_named(string property)
    {
        Pack(Labels).Save(folder.Path, property: property);
        Assert.That(Open, Throws.TypeOf<DataProblem>().With.Message.Contains("does not state height and width"));
    }

    [TestCase("6")]
    [TestCase(" 6, 24, 32 \r\n")]
    public void Spaces_and_a_missing_size_are_accepted(string property)
    {
        Pack(Labels).Save(folder.Path, property: property);
        using var source = Open();
        Assert.That((source.Identities, source.Read(0).Image.Width), Is.EqualTo((6, 32)));
    }

    [Test]
    public void Records_missing_from_the_index_are_noted()
    {
        var pack = Pack(Labels);
        pack.Save(folder.Path, property: "6,24,32");
        File.WriteAllLines(folder.File("train.idx"), pack.Index.Where(line => line.Key is not 31)
            .Select(line => $"{line.Key}\t{line.Offset}"));
        using (var source = Open())
        {
            source.CheckClasses();
            Assert.That(source.Notes.Single(),
                Does.StartWith("the index leaves out 1 stretches of").And.Contain($"byte {pack.Index[31].Offset}"));
        }

        File.AppendAllText(folder.File("train.rec"), "tail");
        using var longer = Open();
        longer.CheckClasses();
        Assert.That(longer.Notes.Single(), Does.StartWith("the index leaves out 2 stretches"));
    }

    [Test]
    public void Pictures_behind_those_that_record_0_announces_are_noted()
    {
        var pack = Pack(Labels);
        var last = pack.Index.Max(line => line.Key);
        foreach (var key in new[] { last + 1, last + 2 }) pack.Image(key, 0, Pictures.Png(Pictures.Smooth(key, 24, 32)));
        pack.Save(folder.Path, property: "6,24,32");
        using var source = Open();
        source.CheckClasses();
        Assert.That(source.Count, Is.EqualTo(Labels.Length));
        Assert.That(source.Notes.Single(), Does.StartWith("2 records behind the last image that record 0 announces hold pictures"));
    }

    [Test]
    public void A_count_of_classes_that_no_memory_has_is_refused_at_once()
    {
        Pack(Labels).Save(folder.Path, property: "999999999,24,32");
        Assert.That(() => Open(), Throws.TypeOf<DataProblem>().With.Message.Contains($"999999999 classes for {Labels.Length} images"));
    }

    [Test]
    public void Blank_lines_at_the_end_of_an_index_are_skipped_and_others_named()
    {
        var pack = Pack(Labels);
        pack.Save(folder.Path, property: "6,24,32");
        File.AppendAllText(folder.File("train.idx"), "\r\n\n");
        using (var source = Open()) Assert.That(source.Count, Is.EqualTo(Labels.Length));
        File.AppendAllText(folder.File("train.idx"), "999\t3\n");
        Assert.That(() => Open(), Throws.TypeOf<DataProblem>().With.Message.Contains("a blank line before it"));
    }

    [Test]
    public void An_index_of_another_pack_is_refused_before_a_training()
    {
        var pack = Pack(Labels);
        pack.Save(folder.Path, property: "6,24,32");
        File.WriteAllLines(folder.File("train.idx"),
            pack.Index.Select(line => $"{line.Key}\t{(line.Key == 7 ? line.Offset + 4 : line.Offset)}"));
        Assert.That(Refused().Message, Does.Contain("no record starts here"));
        File.WriteAllLines(folder.File("train.idx"),
            pack.Index.Select(line => $"{line.Key}\t{(line.Key == 7 ? pack.Index[8].Offset : line.Offset)}"));
        Assert.That(Refused().Message, Does.Contain("two keys of the index name this record"));
        File.WriteAllLines(folder.File("train.idx"), Enumerable.Range(0, 3000).Select(key => $"{key}\t0"));
        Assert.That(Open, Throws.TypeOf<DataProblem>().With.Message.Contains("no room for so many records"));
    }

    [Test]
    public void A_trial_and_its_suite_refuse_it_unless_the_network_is_untrained()
    {
        Pack(Labels).Save(folder.Path, property: "9,24,32");
        var data = new RecordIoOptions { Path = folder.Path };
        var spec = Tiny.Spec(new SoftmaxOptions()) with { Data = data };
        Assert.That(() => Tiny.Run(spec), Throws.TypeOf<DataProblem>().With.Message.Contains("9 classes are stated"));
        Assert.That(Tiny.Run(spec with { Training = spec.Training with { Epochs = 0 } }).Result.Status, Is.EqualTo(TrialStatus.Done));
        Suite suite = TinySuite.Of(new SoftmaxOptions()) with { Data = [data] };
        Assert.That(suite.DataProblems(new DataRoot(".")), Has.Some.Contains("9 classes are stated"));
    }
}
