using System.Text.Json;
using Ablation.Harness;
using Ablation.Harness.Faces;
using Ablation.Harness.Foundations;
using Ablation.Harness.Protocols;
using Ablation.Losses;
using Ablation.Losses.Options;

namespace Ablation.Tests.Training;

/// <summary>The properties that the id of a trial depends on.</summary>
public sealed class SpecificationIdTests
{
    [FormulaVersion(1)]
    private sealed record First(int Margin);

    [FormulaVersion(3)]
    private sealed record Third(int Margin);

    [Test]
    public void A_corrected_formula_changes_the_id_and_version_1_is_not_written()
    {
        Assert.That(SpecJson.Write(new First(2)), Is.EqualTo("{\n  \"margin\": 2\n}"));
        Assert.That(SpecJson.Write(new Third(2)), Is.EqualTo("{\n  \"margin\": 2,\n  \"formulaVersion\": 3\n}"));
        Assert.That(SpecJson.WriteEarlier(new Third(2)), Is.EqualTo(SpecJson.Write(new Third(2))),
            "a corrected loss is not found under its earlier id");
        Assert.That(() => new FormulaVersionAttribute(0), Throws.TypeOf<ArgumentOutOfRangeException>());
    }

    [Test]
    public void No_suite_can_choose_a_version()
    {
        Assert.That(SpecJson.Read<Third>("{ \"margin\": 2, \"formulaVersion\": 3 }"), Is.EqualTo(new Third(2)), "as in results");
        Assert.That(SpecJson.Read<Third>("{ \"margin\": 2 }"), Is.EqualTo(new Third(2)), "as in suites");
        Assert.That(() => SpecJson.Read<Third>("{ \"margin\": 2, \"formulaVersion\": 2 }"),
            Throws.TypeOf<JsonException>().With.Message.Contains("this program computes version 3"));
        Assert.That(() => SpecJson.Read<First>("{ \"margin\": 2, \"formulaVersion\": 1 }"), Throws.TypeOf<JsonException>());
    }

    [TestCase("faces/train", "faces/train")]
    [TestCase(@"faces\train", "faces/train")]
    [TestCase("./faces/train", "faces/train")]
    [TestCase("faces/./train/", "faces/train")]
    [TestCase("faces//train", "faces/train")]
    [TestCase("../faces", "../faces")]
    [TestCase("/data/faces/", "/data/faces")]
    [TestCase(@"C:\data\faces", "C:/data/faces")]
    [TestCase(@"\\server\share\faces", "//server/share/faces")]
    [TestCase(".", ".")]
    [TestCase("./", ".")]
    [TestCase("/", "/")]
    [TestCase("", "")]
    public void A_path_is_stored_in_one_form(string written, string stored) =>
    Assert.That(SpecPaths.InOneForm(written), Is.EqualTo(stored));

    [Test]
    public void The_slash_of_a_path_does_not_change_the_id()
    {
        TrialSpec Spec(string path) => Tiny.Spec(new SoftmaxOptions()) with
        {
            Data = new SubsetOptions { Of = new FolderOptions { Path = path }, Without = [path] },
            Tests = [new LfwPairsOptions { Images = path, Pairs = path, Extension = ".png" }],
        };

        Assert.That(Spec(@".\faces\train").Id(), Is.EqualTo(Spec("faces/train/").Id()).And.Not.EqualTo(Spec("faces/test").Id()));
        Assert.That(Spec("faces/train").Id(), Is.EqualTo(Spec("faces/train").EarlierId()), "earlier ids are unchanged");
        Assert.That(((FolderOptions)((SubsetOptions)Spec(@"faces\train").Data).Of).Path, Is.EqualTo(@"faces\train"),
            "the record keeps the original notation");
    }

    [Test]
    public void Every_path_option_has_the_attribute()
    {
        string[] names = ["Path", "Root", "Images", "Folder", "Probes", "Distractors", "List"];
        var options = Catalog.RecordsOf<SourceOptions>().Values.Concat(Catalog.RecordsOf<ProtocolOptions>().Values).Distinct()
            .SelectMany(type => type.GetProperties());
        var paths = options.Where(property => property.PropertyType == typeof(string)
            && names.Any(name => property.Name.EndsWith(name, StringComparison.Ordinal))).ToList();
        Assert.That(paths, Has.Count.GreaterThan(10));
        Assert.That(paths.Where(property => !property.IsDefined(typeof(OnDiskAttribute), false))
            .Select(property => $"{property.DeclaringType!.Name}.{property.Name}"), Is.Empty);
    }
}
