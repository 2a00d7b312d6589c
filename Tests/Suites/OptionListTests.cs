using System.Reflection;
using System.Text.Json.Serialization;
using Ablation.Experiments.Suites;
using Ablation.Harness.Foundations;
using Ablation.Losses.Options;

namespace Ablation.Tests.Suites;

/// <summary>
/// Every list of a suite, found by reflection, refuses to be empty or to repeat an entry, unless its attribute gives a reason.
/// </summary>
[Parallelizable]
public sealed class OptionListTests
{
    private static IEnumerable<TestCaseData> Lists()
    {
        Type[] records = [.. SpecJson.Kinds.SelectMany(kind => Catalog.RecordsOf(kind).Values), .. Reachable(typeof(Suite), [])];
        return records.Distinct().Where(type => type.Assembly != typeof(OptionListTests).Assembly).SelectMany(type => type.GetProperties())
            .Where(property => property.CanWrite && OptionLists.IsList(property.PropertyType)
                && property.GetCustomAttribute<JsonIgnoreAttribute>() is not { Condition: JsonIgnoreCondition.Always })
            .DistinctBy(property => (property.DeclaringType, property.Name))
            .Select(property => new TestCaseData(property).SetArgDisplayNames($"{property.DeclaringType!.Name}.{property.Name}"));
    }

    [Test]
    public void The_search_finds_known_lists() =>
    Assert.That(Lists().Select(list => ((PropertyInfo)list.Arguments[0]!).Name), Is.SupersetOf(new[]
    {
        "At", "Seeds", "Losses", "Tests", "Figures", "Tables", "Rows", "Columns", "Given", "DataSets", "Backbones", "Resolutions",
            "Trainings", "Without", "DistractorCounts", "Along", "Of",
    }));

    [TestCaseSource(nameof(Lists))]
    public void An_empty_list_is_refused_unless_its_attribute_gives_a_reason(PropertyInfo property)
    {
        var problems = OptionLists.Problems(property, []);
        if (property.GetCustomAttribute<MayBeEmptyAttribute>() is { } allowed)
            Assert.That((problems.Count(), allowed.Why), Is.EqualTo((0, allowed.Why)).And.Not.EqualTo((0, "")));
        else Assert.That(problems, Is.EqualTo(new[] { "empty; at least one is needed" }));
    }

    [TestCaseSource(nameof(Lists))]
    public void A_repeated_entry_is_refused_unless_its_attribute_gives_a_reason(PropertyInfo property)
    {
        var entry = property.PropertyType.GetGenericArguments()[0];
        object one = entry == typeof(string)
            ? "a" : entry.IsPrimitive ? Convert.ChangeType(2, entry) : entry == typeof(System.Text.Json.JsonElement)
            ? System.Text.Json.JsonDocument.Parse("2").RootElement : new StandIn();
        Assert.That(property.IsDefined(typeof(MayRepeatAttribute))
            || OptionLists.Problems(property, [one, one]).Single() == (property.IsDefined(typeof(RisingAttribute))
                ? "2, 2; give numbers that rise" : "the same entry twice; a trial runs once"));
        Assert.That(OptionLists.Problems(property, [one, null]), Is.EqualTo(new[] { OptionLists.NullEntry }));
        Assert.That(OptionLists.Problems(property, [one]), Is.Empty);
    }

    [TestCaseSource(nameof(Lists))]
    // a property of a record that is not reached from a suite would never be checked
    public void Every_list_is_reached_by_the_check(PropertyInfo property) =>
        Assert.That(Reached().Contains(property.DeclaringType!)
            || property.DeclaringType!.IsAbstract, $"{property.DeclaringType!.Name} is no record of a suite");

    [TestCase("\"at\": []", "schedule: at: empty; at least one is needed")]
    [TestCase("\"at\": [2, 2]", "schedule: at: 2, 2; give numbers that rise")]
    [TestCase("\"at\": [2, 2.0]", "schedule: at: 2, 2; give numbers that rise")]
    [TestCase("\"at\": [2, 1]", "schedule: at: 2, 1; give numbers that rise")]
    public void A_step_schedule_falls_at_different_epochs_in_order(string at, string message) =>
        Assert.That(SuiteText.Problem(
            "\"epochs\": 1, \"batch\": 16, \"warmUpEpochs\": 0.5,\n      \"schedule\": { \"type\": \"Cosine\", \"floor\": 0.1 }",
            $"\"epochs\": 4, \"batch\": 16, \"schedule\": {{ \"type\": \"Step\", {at} }}"), Is.EqualTo($"own.jsonc: trainings: {message}"));

    [TestCase("{ \"type\": \"LowResolution\", \"test\": { \"type\": \"SyntheticPairs\" }, \"resolutions\": [] }",
        "tests: resolutions: empty; at least one is needed")]
    [TestCase("{ \"type\": \"LowResolution\", \"test\": { \"type\": \"SyntheticPairs\" }, \"resolutions\": [7, 7] }",
        "tests: resolutions: the same entry twice; a trial runs once")]
    [TestCase("{ \"type\": \"Identification\", \"faces\": { \"type\": \"Synthetic\" }, \"distractors\": { \"type\": \"Synthetic\" }, " +
        "\"distractorCounts\": [9, 3] }",
        "tests: distractorCounts: 9, 3; give numbers that rise")]
    [TestCase("{ \"type\": \"Identification\", \"faces\": { \"type\": \"Subset\", \"of\": { \"type\": \"Synthetic\" }, \"without\": " +
        "[\"a\", \"a\"] } }",
        "tests: faces: without: the same entry twice; a trial runs once")]
    public void A_list_of_a_test_is_checked_at_any_depth(string test, string message) =>
        Assert.That(SuiteText.Problem("{ \"type\": \"SyntheticPairs\", \"pairs\": 100, \"resolution\": 32 }", test),
            Is.EqualTo($"own.jsonc: {message}"));

    [TestCase("\"columns\": []", "tables: columns: empty; at least one is needed")]
    [TestCase("\"rows\": [], \"columns\": [{ \"test\": \"LFW\", \"metric\": \"accuracy\" }]",
        "tables: rows: empty; at least one is needed")]
    [TestCase("\"columns\": [{ \"test\": \"LFW\", \"metric\": \"AUC\" }, { \"test\": \"LFW\", \"metric\": \"AUC\" }]",
        "tables: columns: the same entry twice; a trial runs once")]
    public void A_table_needs_rows_and_columns_without_repetition(string table, string message) =>
        Assert.That(SuiteText.Problem("\"seeds\"", $"\"tables\": [{{ \"title\": \"T\", {table} }}], \"seeds\""),
            Is.EqualTo($"own.jsonc: {message}"));

    [Test]
    public void A_search_space_may_not_repeat_a_value()
    {
        var tune = "\"tune\": { \"trials\": 2, \"seeds\": [9], \"space\": { \"*\": { \"training.momentum\": { \"of\": [0.9, 0.90] } } } " +
            "}, \"seeds\"";
        Assert.That(SuiteText.Problem("\"seeds\"", tune),
            Does.Contain("own.jsonc: tune: space: *: training.momentum: of: the same entry twice"));
    }

    private static HashSet<Type> Reached() =>
        [.. SpecJson.Kinds.SelectMany(kind => Catalog.RecordsOf(kind).Values), .. Reachable(typeof(Suite), [])];

    /// <summary>Returns the record types of properties, list entries and dictionary values.</summary>
    private static HashSet<Type> Reachable(Type type, HashSet<Type> seen)
    {
        if (type.Namespace?.StartsWith("Ablation", StringComparison.Ordinal) != true || !type.IsClass || !seen.Add(type)) return seen;
        foreach (var property in type.GetProperties().Where(property => property.CanWrite))
            foreach (var part in Parts(property.PropertyType)) Reachable(part, seen);
        return seen;

        static IEnumerable<Type> Parts(Type type) => type.IsGenericType ? type.GetGenericArguments().SelectMany(Parts) : [type];
    }

    private sealed record StandIn
    {
        public int Number { get; init; } = 3;
    }
}
