using System.Globalization;
using System.Text.RegularExpressions;
using Ablation.Experiments.Scheduling;

namespace Ablation.Experiments.Commands;

/// <summary>When a run has to end, as the command line says it.</summary>
public static class Deadline
{
    private static readonly string[] Days = ["yyyy-MM-dd'T'HH:mm", "yyyy-MM-dd'T'HH:mm:ss", "yyyy-MM-dd HH:mm", "yyyy-MM-dd HH:mm:ss"];
    private static readonly string[] Times = ["H:mm", "HH:mm", "HH:mm:ss"];
    private static readonly TimeSpan Longest = TimeSpan.FromDays(1000);

    /// <summary>The earlier of <c>--until</c> and <c>--budget</c>, which counts from now; null where neither is given.</summary>
    /// <exception cref="ArgumentException">One is not understood; names the option.</exception>
    public static RunEnd? Parse(string? until, string? budget, TimeProvider clock) => until is null && budget is null ? null : new RunEnd(
        until is null ? null : Until("--until", until, clock.GetUtcNow(), clock.LocalTimeZone),
        budget is null ? null : Budget("--budget", budget), clock);

    /// <summary>"07:30" is the next such time of day, at least a moment from now; "2026-11-26T07:30" that moment.</summary>
    /// <param name="zone">Whose clock is meant.</param>
    /// <exception cref="ArgumentException">It is neither, has passed, or is left out by the change to summer time; names the
    /// option.</exception>
    public static DateTimeOffset Until(string option, string text, DateTimeOffset now, TimeZoneInfo zone)
    {
        var local = TimeZoneInfo.ConvertTime(now, zone).DateTime;
        if (TimeOnly.TryParseExact(text, Times, null, DateTimeStyles.None, out var time))
        {
            var today = Moment(local.Date + time.ToTimeSpan());
            return today > now ? today : Moment(local.Date.AddDays(1) + time.ToTimeSpan());
        }

        if (!DateTime.TryParseExact(text, Days, null, DateTimeStyles.None, out var day))
            throw new ArgumentException(
                $"{option} {text}: not a time; give 07:30 for the next such time of day, or a moment like 2026-11-26T07:30");
        var moment = Moment(day);
        return moment > now
            ? moment
            : throw new ArgumentException($"{option} {text}: has passed; it is {local:yyyy-MM-dd'T'HH:mm} now");

        DateTimeOffset Moment(DateTime clock) => zone.IsInvalidTime(clock)
            ? throw new ArgumentException(
                $"{option} {text}: {clock:yyyy-MM-dd'T'HH:mm} does not exist, the clocks are put forward then; give another time")
            : new DateTimeOffset(clock, zone.GetUtcOffset(clock));
    }

    /// <summary>"8h", "90m", "1.5h", "1d", "1h30m".</summary>
    /// <exception cref="ArgumentException">It is no such duration, 0, or above 1000 days; names the option.</exception>
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
