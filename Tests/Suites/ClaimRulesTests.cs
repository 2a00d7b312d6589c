namespace Ablation.Tests.Suites;

/// <summary>A claim, a margin, a primary column or a mean that does not fit its suite is refused with the cure.</summary>
public sealed class ClaimRulesTests
{
    private const string Columns = "\"columns\": [{ \"test\": \"t\", \"metric\": \"m\", \"name\": \"a\" }, { \"test\": \"u\", \"metric\": "
        + "\"m\" }, { \"test\": \"t\", \"metric\": \"n\", \"name\": \"c\" }]";

    [TestCase("\"claim\": { \"subject\": \"Npt\" }", "claim: \"Npt\" is not one of the losses; known: Softmax, ArcFace")]
    [TestCase("\"claim\": { \"subject\": \"Softmax\" }", "claim: \"Softmax\" is the baseline")]
    [TestCase("\"claim\": { \"subject\": \"ArcFace\" }, \"tables\": [{ \"title\": \"T\", \"rows\": [{ \"loss\": " +
        "\"Softmax\" }], " + Columns + " }]",
        "claim: no table has a row for \"ArcFace\"; add one")]
    [TestCase("\"practical\": [{ \"metric\": \"m\", \"points\": 1 }, { \"metric\": \"m\", \"points\": 2 }]", "practical: m is given twice")]
    [TestCase("\"tables\": [{ \"title\": \"T\", \"primary\": [\"b\"], " + Columns + " }]",
        "tables: \"T\": primary: no column \"b\"; known: a; u m; c")]
    [TestCase("\"tables\": [{ \"title\": \"T\", \"mean\": { \"name\": \"x\", \"of\": [\"a\"] }, " + Columns + " }]",
        "tables: \"T\": mean: a mean needs two columns or more")]
    [TestCase("\"tables\": [{ \"title\": \"T\", \"mean\": { \"name\": \"a\", \"of\": [\"a\", \"u m\"] }, " + Columns + " }]",
        "tables: \"T\": mean: a column is called \"a\" too")]
    [TestCase("\"tables\": [{ \"title\": \"T\", \"mean\": { \"name\": \"x\", \"of\": [\"a\", \"c\"] }, " + Columns + " }]",
        "tables: \"T\": mean: m and n are not on one scale")]
    [TestCase("\"tables\": [{ \"title\": \"T\", \"primary\": [\"a\"], \"columns\": [{ \"test\": \"t\", \"metric\": \"m\", " +
        "\"name\": \"a\" }, { \"test\": \"u\", \"metric\": \"m\", \"name\": \"a\" }] }]",
        "tables: \"T\": primary: two columns are called \"a\"")]
    public void What_does_not_fit_is_refused(string keys, string message) =>
        Assert.That(SuiteText.Refusal("\"seeds\"", $"{keys}, \"seeds\""), Does.Contain(message));

    [TestCase("\"practical\": [{ \"metric\": \"m\", \"points\": 0 }]", "points = 0")]
    [TestCase("\"practical\": []", "practical: empty")]
    [TestCase("\"claim\": { }", "subject")]
    public void What_is_out_of_range_is_refused(string keys, string message) =>
        Assert.That(SuiteText.Refusal("\"seeds\"", $"{keys}, \"seeds\""), Does.Contain(message));

    [Test]
    public void What_fits_is_read()
    {
        const string keys = "\"claim\": { \"subject\": \"ArcFace\" }, \"practical\": [{ \"metric\": \"m\", \"points\": 0.5 }], "
            + "\"tables\": [{ \"title\": \"T\", \"primary\": [\"x\", \"u m\"], \"mean\": { \"name\": \"x\", \"of\": [\"a\", "
            + "\"u m\"] }, " + Columns + " }], \"seeds\"";
        var suite = SuiteText.Read(SuiteText.Good.Replace("\"seeds\"", keys, StringComparison.Ordinal));
        Assert.That((suite.Claim!.Subject, suite.Claim.Better, suite.Practical![0].Points), Is.EqualTo(("ArcFace", true, 0.5)));
        Assert.That(suite.Tables![0].Mean!.Of, Is.EqualTo(new[] { "a", "u m" }));
    }
}
