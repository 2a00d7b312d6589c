using System.Globalization;
using System.Text.RegularExpressions;
using Ablation.Harness.Native;

namespace Ablation.Harness.Doctor;

/// <summary>Whether the system sleeps by itself, which would stop a run at night.</summary>
internal static class SleepSettings
{
    private const string Name = "sleep";
    private static readonly TimeSpan Patience = TimeSpan.FromSeconds(10);

    public static CheckLine Line()
    {
        if (OperatingSystem.IsWindows())
            return OfWindows(ToolOutput.Run("powercfg", ["/query", "SCHEME_CURRENT", "SUB_SLEEP", "STANDBYIDLE"], Patience));
        if (OperatingSystem.IsLinux())
            return OfGnome(ToolOutput.Run("gsettings",
                ["get", "org.gnome.settings-daemon.plugins.power", "sleep-inactive-ac-type"], Patience));
        return OfGnome(null);
    }

    /// <summary>Reads the output of powercfg, whose words are in the system's language: the last two numbers are the seconds without
    /// input before it sleeps, on mains and on battery; 0 means never.</summary>
    internal static CheckLine OfWindows(string? output)
    {
        var numbers = Regex.Matches(output ?? "", @"0x([0-9a-fA-F]{8})\b", RegexOptions.CultureInvariant);
        if (numbers.Count < 2) return NotKnown("powercfg did not answer");
        var seconds = int.Parse(numbers[^2].Groups[1].Value, NumberStyles.HexNumber);
        return seconds == 0
            ? CheckLine.Ok(Name, "never on mains")
            : CheckLine.Note(Name, $"after {seconds / 60} min without input on mains, which stops a run",
                "before a long run: powercfg /change standby-timeout-ac 0");
    }

    /// <summary>Reads the answer of gsettings: 'nothing', 'suspend', 'hibernate', 'blank', 'shutdown'.</summary>
    internal static CheckLine OfGnome(string? output) => output?.Trim('\'') switch
    {
        null or "" => NotKnown("no desktop to ask; a server does not sleep by itself"),
        "nothing" or "blank" => CheckLine.Ok(Name, "never on mains"),
        var action => CheckLine.Note(Name, $"{action} without input on mains, which stops a run",
            "before a long run: gsettings set org.gnome.settings-daemon.plugins.power sleep-inactive-ac-type nothing"),
    };

    private static CheckLine NotKnown(string why) => CheckLine.Absent(Name, $"not known: {why}");
}
