using System.Globalization;
using System.Text.RegularExpressions;
using Ablation.Experiments.Scheduling;

namespace Ablation.Experiments.Commands;

/// <summary>Reads the deadline of a run from the command line.</summary>
public static class Deadline
{
    private static readonly string[] Days = ["yyyy-MM-dd'T'HH:mm", "yyyy-MM-dd'T'HH:mm:ss", "yyyy-MM-dd HH:mm", "yyyy-MM-dd HH:mm:ss"];
    private static readonly string[] Times = ["H:mm", "HH:mm", "HH:mm:ss"];
    private static readonly TimeSpan Longest = TimeSpan.FromDays(1000);

    /// <summary>Returns the earlier of <c>--until</c> and <c>--budget</c>, which counts from now; null if neither is given.</summary>
    /// <exception cref="ArgumentException">One is not valid; names the option.</exception>
    public static RunEnd? Parse(string? until, string? budget, TimeProvider clock) => until is null && budget is null ? null : new RunEnd(
        until is null ? null : Until(until, clock.GetUtcNow(), clock.LocalTimeZone),
        budget is null ? null : Budget("--budget", budget), clock);

    /// <summary>Reads a time: "07:30" is the next 07:30 after now, "2026-11-26T07:30" that moment.</summary>
    /// <param name="zone">Time zone of the text.</param>
    /// <exception cref="ArgumentException">The text is not a time, has passed, or is skipped by the change to summer time.</exception>
    public static DateTimeOffset Until(string text, DateTimeOffset now, TimeZoneInfo zone)
    {
        var local = TimeZoneInfo.ConvertTime(now, zone).DateTime;
        if (TimeOnly.TryParseExact(text, Times, null, DateTimeStyles.None, out var time))
        {
            var today = Moment(local.Date + time.ToTimeSpan());
            return today > now ? today : Moment(local.Date.AddDays(1) + time.ToTimeSpan());
        }

        if (!DateTime.TryParseExact(text, Days, null, DateTimeStyles.None, out var day))
            throw new ArgumentException(
                $"--until {text}: not a time; give 07:30 for the next 07:30, or a moment like 2026-11-26T07:30");
        var moment = Moment(day);
        return moment > now
            ? moment
            : throw new ArgumentException($"--until {text}: has passed; it is {local:yyyy-MM-dd'T'HH:mm} now");

        DateTimeOffset Moment(DateTime clock) => zone.IsInvalidTime(clock)
            ? throw new ArgumentException(
                $"--until {text}: {clock:yyyy-MM-dd'T'HH:mm} does not exist, the clocks are put forward then; give another time")
            : new DateTimeOffset(clock, zone.GetUtcOffset(clock));
    }

    /// <summary>Reads a duration: "8h", "90m", "1.5h", "1d", "1h30m".</summary>
    /// <exception cref="ArgumentException">The text is not a duration, is 0, or is above 1000 days; names the option.</exception>
    public static TimeSpan Budget(string option, string text)
    {
        var parts = Regex.Matches(text, @"\G(\d+(?:\.\d+)?)([dhms])", RegexOptions.CultureInvariant);
        var seconds = parts.Sum(part => double.Parse(part.Groups[1].Value)
            * part.Groups[2].Value switch { "d" => 86400, "h" => 3600, "m" => 60, _ => 1 });
        if (parts.Sum(part => part.Length) != text.Length || seconds <= 0)
            throw new ArgumentException($"{option} {text}: not a duration; give a number and d, h, m or s, for example 8h, 90m or 1h30m");
        return seconds <= Longest.TotalSeconds
            ? TimeSpan.FromSeconds(seconds)
            : throw new ArgumentException($"{option} {text}: longer than 1000 days; leave the option out for a run without an end");
    }
}
