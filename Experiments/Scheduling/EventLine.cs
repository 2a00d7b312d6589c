using System.Globalization;

namespace Ablation.Experiments.Scheduling;

/// <summary>One event of a run as a line for a file or a pipe: the time, the event, and key=value for everything else.</summary>
internal static class EventLine
{
    /// <summary>"2026-11-28T20:57:51Z done loss=CosFace seed=1 accuracy=0.9065"; values that are null are left out.</summary>
    public static string Of(DateTimeOffset time, string what, params ReadOnlySpan<(string Key, object? Value)> values)
    {
        var line = $"{time.UtcDateTime:yyyy-MM-dd'T'HH:mm:ss'Z'} {what}";
        foreach (var (key, value) in values)
            if (value is not null) line += $" {key}={Text(value)}";
        return line;
    }

    private static string Text(object value)
    {
        var text = value switch
        {
            double number => number.ToString("0.######"),
            DateTimeOffset time => time.UtcDateTime.ToString("yyyy-MM-dd'T'HH:mm'Z'"),
            _ => Convert.ToString(value, CultureInfo.InvariantCulture)!,
        };
        text = text.ReplaceLineEndings(" ");
        return text.Length > 0 && text.All(c => !char.IsWhiteSpace(c) && c is not ('"' or '=' or '\\')) ? text
            : $"\"{text.Replace("\\", "\\\\", StringComparison.Ordinal).Replace("\"", "\\\"", StringComparison.Ordinal)}\"";
    }
}
