using Ablation.Harness.Doctor;

namespace Ablation.Tests.Doctor;

/// <summary>The answers of the systems' tools; powercfg's words are in the system's language.</summary>
public sealed class SleepSettingsTests
{
    private const string German = """
        GUID des Energieschemas: 381b4222-f694-41f0-9685-ff5bb260df2e  (Ausbalanciert)
          GUID der Untergruppe: 238c9fa8-0aad-41ed-83f4-97be242c8f20  (Deaktivierung)
            GUID der Energieeinstellung: 29f6c1db-86da-48c5-9fdb-f2b67b1f44da  (Deaktivierung nach)
              Minimal mögliche Einstellung: 0x00000000
              Maximal mögliche Einstellung: 0xffffffff
              Mögliche Einstellungsinkremente: 0x00000001
            Index der aktuellen Wechselstromeinstellung: {0}
            Index der aktuellen Gleichstromeinstellung: 0x00000384
        """;

    [TestCase("0x00000000", CheckOutcome.Ok, "never on mains")]
    [TestCase("0x00000708", CheckOutcome.Note, "after 30 min without input")]
    public void Windows(string mains, CheckOutcome outcome, string text)
    {
        var line = SleepSettings.OfWindows(German.Replace("{0}", mains, StringComparison.Ordinal));
        Assert.That(line.Outcome, Is.EqualTo(outcome));
        Assert.That(line.Measured, Does.StartWith(text));
    }

    [TestCase("'nothing'", CheckOutcome.Ok)]
    [TestCase("'suspend'", CheckOutcome.Note)]
    [TestCase("", CheckOutcome.Absent)]
    [TestCase(null, CheckOutcome.Absent)]
    public void Gnome(string? output, CheckOutcome outcome) =>
        Assert.That(SleepSettings.OfGnome(output).Outcome, Is.EqualTo(outcome));

    [Test]
    public void A_tool_that_does_not_answer_is_not_known() =>
        Assert.That(SleepSettings.OfWindows(null).Measured, Does.StartWith("not known"));
}
