using System.Reflection;
using System.Text.Json;
using Ablation.Harness.Faces;
using Ablation.Harness.Protocols;

namespace Ablation.Tests.Foundations;

/// <summary>Every source and protocol, found by reflection: described for the list and the schema, and read from JSON.</summary>
public sealed class OptionsTests
{
    private static readonly Type[] Kinds = [.. typeof(SourceOptions).Assembly.GetTypes()
        .Where(type => !type.IsAbstract && (type.IsSubclassOf(typeof(SourceOptions)) || type.IsSubclassOf(typeof(ProtocolOptions))))];

    [Test]
    public void Every_kind_and_property_has_one_line_of_description()
    {
        Assert.That(Kinds, Has.Length.GreaterThanOrEqualTo(6));
        var members = Kinds.Concat<MemberInfo>(Kinds.SelectMany(kind => kind.GetProperties(BindingFlags.Public | BindingFlags.Instance)));
        foreach (var member in members)
        {
            var text = member.GetCustomAttribute<System.ComponentModel.DescriptionAttribute>()?.Description;
            Assert.That(text, Is.Not.Null.And.Not.Empty.And.Not.Contains("\n"), $"{member.DeclaringType?.Name}.{member.Name}");
        }
    }

    [Test]
    public void Options_are_read_from_json()
    {
        var cfp = JsonSerializer.Deserialize<CfpOptions>("""{ "Root": "cfp112", "Protocol": "FP" }""");
        Assert.That(cfp, Is.EqualTo(new CfpOptions { Root = "cfp112", Protocol = CfpProtocol.FP }));
        var pairs = JsonSerializer.Deserialize<LfwPairsOptions>("""{ "Images": "a", "Pairs": "b" }""")!;
        Assert.That(pairs.Extension, Is.EqualTo(".jpg"));
        Assert.That(() => JsonSerializer.Deserialize<SplitListOptions>("{}"), Throws.TypeOf<JsonException>().With.Message.Contains("Path"));
    }
}
