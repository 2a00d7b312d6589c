using System.Text.Json;
using System.Text.Json.Nodes;
using Ablation.Experiments.Suites;
using Ablation.Harness.Foundations;
using Ablation.Losses;
using Ablation.Losses.Options;

namespace Ablation.Tests.Docs;

/// <summary>Compares the tables of docs/paper.md with the suites: each setting by its key, network and training set.</summary>
internal static class PaperSettings
{
    public const string Page = "docs/paper.md", None = "-";

    /// <summary>Columns of the table of settings, and where each is found: suites, and the condition in them.</summary>
    public static readonly IReadOnlyDictionary<string, (string[] Suites, string Condition)> Protocols =
        new Dictionary<string, (string[], string)>
        {
            ["CASIA-WebFace, ResNet-50"] = (["paper-table1", "paper-table2", "paper-table3"], "ResNet-50"),
            ["CASIA-WebFace, MobileFaceNet"] = (["paper-table1", "paper-table2", "paper-table4"], "MobileFaceNet"),
            ["MS1MV2, ResNet-50"] = (["paper-tables-5-6-8"], "ResNet-50"),
        };

    public static IReadOnlyList<string> Suites { get; } = [.. Protocols.Values.SelectMany(one => one.Suites).Distinct()];

    /// <summary>Returns the rows below the heading whose first cell is <paramref name="first"/>, by column.</summary>
    public static IReadOnlyList<IReadOnlyDictionary<string, string>> Rows(string page, string first)
    {
        var lines = page.Split('\n').SkipWhile(line => !line.StartsWith($"| {first} |", StringComparison.Ordinal))
            .TakeWhile(line => line.StartsWith('|')).Select(Cells).ToList();
        return [.. lines.Skip(2).Select(cells => lines[0].Zip(cells).ToDictionary(one => one.First, one => one.Second))];
    }

    /// <summary>Returns everything in which page and suites differ.</summary>
    public static IEnumerable<string> Problems(string page, Func<string, Suite> read)
    {
        var suites = Suites.ToDictionary(name => name, read);
        var rows = Rows(page, "setting");
        foreach (var row in rows)
        {
            var key = row["key"].Trim('`');
            foreach (var (column, (names, condition)) in Protocols)
            {
                foreach (var name in names)
                {
                    var given = suites[name].Given!.Single(one => one.Name == condition);
                    if (!IsSame(row[column], Value(given, key)))
                        yield return $"{name}: {condition}: {key} is {Text(Value(given, key))}, the page has {row[column]}";
                }
            }
        }

        foreach (var row in Rows(page, "suite of NPT"))
        {
            var npt = suites[row["suite of NPT"].Trim('`')].Losses.OfType<NptOptions>().ToList();
            foreach (var key in row.Keys.Skip(1))
            {
                var values = npt.Select(one => Value(one, key.Trim('`'))).Distinct().ToList();
                var cells = row[key].Split(", ");
                if (values.Count != cells.Length || !cells.Zip(values).All(one => IsSame(one.First, one.Second)))
                    yield return $"{row["suite of NPT"]}: {key} is {string.Join(", ", values.Select(Text))}, the page has {row[key]}";
            }
        }

        foreach (var name in Suites)
        {
            foreach (var key in GivenKeys(name).Except(rows.Select(row => row["key"].Trim('`'))))
                yield return $"{name}: {key} is not on the page";
        }
    }

    /// <summary>Returns the keys of every value that the conditions of a suite's file give.</summary>
    public static IReadOnlyList<string> GivenKeys(string suite)
    {
        var text = JsonNode.Parse(File.ReadAllText(SuiteFile.Find(suite)), documentOptions: new JsonDocumentOptions
        {
            CommentHandling = JsonCommentHandling.Skip,
            AllowTrailingCommas = true,
        })!;
        return [.. text["conditions"]!.AsArray().SelectMany(one => Leaves(one!.AsObject(), "")).Where(key => key != "name").Distinct()];

        static IEnumerable<string> Leaves(JsonObject node, string path) => node.SelectMany(one => one.Value is JsonObject below
            ? Leaves(below, $"{path}{one.Key}.") : [path + one.Key]);
    }

    private static string[] Cells(string line) => [.. line.Trim().Trim('|').Split('|').Select(cell => cell.Trim())];

    /// <summary>Returns the value at a path of keys; null where a record on it has no such key.</summary>
    private static object? Value(object record, string path)
    {
        object? value = record;
        foreach (var key in path.Split('.'))
        {
            if (value is null) return null;
            value = key == SpecJson.Discriminator ? Catalog.NameOf(value)
                : value.GetType().GetProperties().FirstOrDefault(one => OptionRanges.SuiteName(one) == key)?.GetValue(value);
        }

        return value;
    }

    private static bool IsSame(string cell, object? value)
    {
        if (value is null || cell == None) return value is null && cell == None;
        return JsonNode.DeepEquals(JsonNode.Parse(cell), JsonNode.Parse(Text(value)));
    }

    private static string Text(object? value) => value is null ? None : JsonSerializer.Serialize(value, value.GetType(), SpecJson.Options);
}
