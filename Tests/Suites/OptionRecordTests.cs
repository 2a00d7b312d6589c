using System.Reflection;
using Ablation.Experiments.Suites;
using Ablation.Harness.Batches;
using Ablation.Harness.Faces;
using Ablation.Harness.Foundations;
using Ablation.Harness.Protocols;
using Ablation.Harness.Training;
using Ablation.Losses.Heads;
using Ablation.Losses.Options;
using RangeAttribute = System.ComponentModel.DataAnnotations.RangeAttribute;

namespace Ablation.Tests.Suites;

/// <summary>Every options record of a suite, found by reflection.</summary>
public sealed class OptionRecordTests
{
    private static readonly Type[] Named = [.. SpecJson.Kinds.SelectMany(kind => Catalog.RecordsOf(kind).Values)];

    private static IEnumerable<Type> All() =>
        [.. Named, typeof(TrainingOptions), typeof(DecayOptions), typeof(AugmentOptions), typeof(StopOptions), typeof(Suite)];

    [Test]
    public void Every_kind_is_found() => Assert.That(Named, Has.Length.GreaterThanOrEqualTo(25));

    [TestCaseSource(nameof(All))]
    public void A_range_has_the_type_of_its_property(Type options)
    {
        foreach (var property in options.GetProperties())
        {
            if (property.GetCustomAttribute<RangeAttribute>() is not { } range) continue;
            var type = Nullable.GetUnderlyingType(property.PropertyType) ?? property.PropertyType;
            Assert.That(range.OperandType, Is.EqualTo(type),
                $"{options.Name}.{property.Name}: a range of another type rounds what it checks");
        }
    }

    [TestCaseSource(nameof(All))]
    public void A_number_has_a_range_that_holds_its_default(Type options)
    {
        Assert.That(OptionRanges.Problems(Example(options)), Is.Empty);
        var free = options.GetProperties().Where(property => property.CanWrite && property.PropertyType == typeof(double))
            .Where(property => property.GetCustomAttribute<RangeAttribute>() is null).Select(property => property.Name);
        Assert.That(free, Is.Empty, "without a range a suite could give any number");
    }

    [TestCaseSource(nameof(Named))]
    public void A_record_reads_back_from_its_file(Type options)
    {
        var example = Changed(Example(options));
        var kind = SpecJson.Kinds.Single(kind => options.IsAssignableTo(kind));
        var text = System.Text.Json.JsonSerializer.Serialize(example, kind, SpecJson.Options);
        var read = System.Text.Json.JsonSerializer.Deserialize(text, kind, SpecJson.Options)!;
        Assert.That(text, Does.Contain($"\"type\": \"{Catalog.NameOf(options)}\""));
        Assert.That(read.GetType(), Is.EqualTo(options));
        Assert.That(System.Text.Json.JsonSerializer.Serialize(read, kind, SpecJson.Options), Is.EqualTo(text));
        foreach (var property in options.GetProperties().Where(property => property.CanWrite))
            Assert.That(property.GetValue(read), Is.EqualTo(property.GetValue(example)), property.Name);
    }

    [Test]
    public void A_training_without_a_stop_rule_has_no_key_for_it()
    {
        Assert.That(SpecJson.Write(new TrainingOptions()), Does.Not.Contain("stop\":"));
        var ruled = new TrainingOptions { Stop = new StopOptions { DivergedFactor = null } };
        Assert.That(SpecJson.Read<TrainingOptions>(SpecJson.Write(ruled)), Is.EqualTo(ruled));
    }

    private static object Example(Type options)
    {
        var example = Activator.CreateInstance(options)!;
        foreach (var property in options.GetProperties().Where(Labels.IsRequired))
        {
            if (property.PropertyType == typeof(string)) property.SetValue(example, "a \"folder\"/Größe");
            else if (property.PropertyType == typeof(IReadOnlyList<double>)) property.SetValue(example, new[] { 1, 2.5 });
            else if (property.PropertyType == typeof(SourceOptions)) property.SetValue(example, new FolderOptions { Path = "faces" });
            else if (property.PropertyType == typeof(ProtocolOptions)) property.SetValue(example, new SyntheticPairsOptions { Seed = 3 });
        }

        return example;
    }

    /// <summary>Returns the record with every number at its upper limit, every flag inverted and every choice at its last value.</summary>
    private static object Changed(object options)
    {
        foreach (var property in options.GetType().GetProperties().Where(property => property.CanWrite))
        {
            var type = Nullable.GetUnderlyingType(property.PropertyType) ?? property.PropertyType;
            if (property.GetCustomAttribute<RangeAttribute>() is { MaximumIsExclusive: false } range)
                property.SetValue(options, range.Maximum);
            else if (type == typeof(bool)) property.SetValue(options, !(bool)property.GetValue(options)!);
            else if (type == typeof(int)) property.SetValue(options, int.MinValue);
            else if (type.IsEnum) property.SetValue(options, Enum.GetValues(type).Cast<object>().Last());
            else if (type == typeof(NegativeCount)) property.SetValue(options, NegativeCount.All);
        }

        return options;
    }
}
