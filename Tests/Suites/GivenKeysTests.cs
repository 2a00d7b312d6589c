using System.Reflection;
using Ablation.Harness.Foundations;
using Ablation.Losses;
using Ablation.Losses.Options;

namespace Ablation.Tests.Suites;

/// <summary>Checks of a suite's text that its records cannot show.</summary>
public sealed class GivenKeysTests
{
    private const string Softmax = "{ \"type\": \"Softmax\" }";

    [TestCase("\"delta\": 2, \"cosineMargin\": 0.5",
        "cosineMargin and delta are two keys for the margin; give one of them, even where they agree")]
    [TestCase("\"cosineMargin\": 0.5, \"delta\": 2",
        "delta and cosineMargin are two keys for the margin; give one of them, even where they agree")]
    [TestCase("\"delta\": 1, \"cosineMargin\": 0.5", "cosineMargin and delta are two keys")] // they agree
    [TestCase("\"delta\": 2, \"cosineMargin\": 0.6", "cosineMargin and delta are two keys")]
    public void Two_keys_for_one_margin_are_refused_with_their_line(string keys, string message) =>
        Assert.That(SuiteText.Refusal(Softmax, $"{{ \"type\": \"Npt\", {keys} }}"),
            Does.Match(@"^own\.jsonc\(9\): \$\.losses\[0\]\.(delta|cosineMargin): ").And.Contains(message));

    [TestCase("\"delta\": 2")]
    [TestCase("\"cosineMargin\": 0.5")]
    [TestCase("\"delta\": null, \"cosineMargin\": 0.3")]
    public void Either_key_is_accepted(string keys) =>
    Assert.That(SuiteText.Read(SuiteText.Good.Replace(Softmax, $"{{ \"type\": \"Npt\", {keys} }}", StringComparison.Ordinal)).Losses[0],
        Is.TypeOf<NptOptions>());

    [Test]
    public void Two_losses_may_use_different_keys() => Assert.That(
        SuiteText.Read(SuiteText.Good.Replace(Softmax, "{ \"type\": \"Npt\", \"delta\": 2 }, { \"type\": \"Npt\", \"cosineMargin\": 0.5 }",
            StringComparison.Ordinal)).Losses, Has.Count.EqualTo(3));

    [Test]
    public void A_stored_loss_with_both_keys_is_read()
    {
        LossOptions stored = new NptOptions { Delta = 2 };
        var text = SpecJson.Write(stored);
        Assert.That(text, Does.Contain("\"cosineMargin\": 0.5"), "as in specifications of finished trials, whose ids depend on it");
        Assert.That(SpecJson.Read<LossOptions>(text), Is.EqualTo(stored));
        Assert.That(() => SpecJson.ReadGiven<LossOptions>(text), Throws.TypeOf<System.Text.Json.JsonException>());
    }

    [Test]
    public void Every_alternative_key_is_nullable_and_refused_beside_the_other()
    {
        var pairs = SpecJson.Kinds.SelectMany(kind => Catalog.RecordsOf(kind).Values).SelectMany(type => type.GetProperties())
            .Select(property => (Property: property, Instead: property.GetCustomAttribute<InsteadOfAttribute>()))
            .Where(one => one.Instead is not null).ToList();
        Assert.That(pairs.Select(one => one.Property.Name), Does.Contain("Delta"));
        foreach (var (property, instead) in pairs)
        {
            Assert.That(Nullable.GetUnderlyingType(property.PropertyType), Is.Not.Null, property.Name);
            var (type, other) = (Catalog.NameOf(property.DeclaringType!),
                $"{char.ToLowerInvariant(instead!.Other[0])}{instead.Other[1..]}");
            var text = $$"""{ "type": "{{type}}", "{{OptionRanges.SuiteName(property)}}": 1, "{{other}}": 1 }""";
            var kind = SpecJson.Kinds.Single(kind => property.DeclaringType!.IsAssignableTo(kind));
            var read = typeof(SpecJson).GetMethod(nameof(SpecJson.ReadGiven))!.MakeGenericMethod(kind);
            Assert.That(() => read.Invoke(null, [text]),
                Throws.TypeOf<TargetInvocationException>().With.InnerException.Message.Contains("are two keys for"), text);
        }
    }

    [Test]
    public void A_zero_has_no_sign()
    {
        var suite = SuiteText.Read(SuiteText.Good.Replace("\"marginRadians\": 0.4", "\"marginRadians\": -0.0", StringComparison.Ordinal));
        Assert.That(double.IsNegative(((ArcFaceOptions)suite.Losses[1]).MarginRadians), Is.False,
            "the trial's id would differ from that of 0");
        Assert.That(SuiteText.Refusal(Softmax,
            "{ \"type\": \"ArcFace\", \"scale\": 16, \"marginRadians\": 0 }, { \"type\": \"ArcFace\", \"scale\": 16, \"marginRadians\": " +
            "-0.0 }"), Does.Contain("losses: the same entry twice"));
    }

    [TestCase("\"k\": 2147483647", "a number of negatives is a whole number from 1 or \"all\"")]
    [TestCase("\"k\": 1.5", "a number of negatives is a whole number from 1 or \"all\"")]
    [TestCase("\"cosineMargin\": NaN", "own.jsonc(9): ")]
    [TestCase("\"delta\": 1e400", "delta = Infinity; must be in [0, 1000000]")]
    public void An_invalid_number_is_refused(string key, string message) =>
        Assert.That(SuiteText.Refusal(Softmax, $"{{ \"type\": \"Npt\", {key} }}"), Does.Contain(message));

    [TestCase("[1, 1.5]")]
    [TestCase("[1.0]")]
    [TestCase("[\"1\"]")]
    [TestCase("[1e0]")]
    public void A_seed_is_a_whole_number(string seeds) =>
    Assert.That(SuiteText.Refusal("[1, 2]", seeds), Does.Contain("must be a whole number of 32 bits"));
}
