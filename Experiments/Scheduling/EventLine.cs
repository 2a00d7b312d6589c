using System.Globalization;
using System.Text.Json;
using Ablation.Harness.Foundations;

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

    /// <summary>The same as one JSON object: {"time":"2026-11-28T20:57:51Z","event":"done","loss":"CosFace","seed":1}.</summary>
    public static string Json(DateTimeOffset time, string what, params ReadOnlySpan<(string Key, object? Value)> values)
    {
        var members = new Dictionary<string, object> { ["time"] = $"{time.UtcDateTime:yyyy-MM-dd'T'HH:mm:ss'Z'}", ["event"] = what };
        foreach (var (key, value) in values)
            if (value is not null) members.Add(key, value is double number ? Math.Round(number, Decimals) : value is DateTimeOffset
                ? Plain(value) : value);
        return JsonSerializer.Serialize(members, Numbers);
    }

    private const int Decimals = 6;

    // a loss may be NaN or infinite
    private static readonly JsonSerializerOptions Numbers = new(SpecJson.Options) { WriteIndented = false };

    private static string Text(object value)
    {
        var text = Plain(value).ReplaceLineEndings(" ");
        return text.Length > 0 && text.All(c => !char.IsWhiteSpace(c) && c is not ('"' or '=' or '\\')) ? text
            : $"\"{text.Replace("\\", "\\\\", StringComparison.Ordinal).Replace("\"", "\\\"", StringComparison.Ordinal)}\"";
    }

    private static string Plain(object value) => value switch
    {
        double number => number.ToString("0.######"),
        DateTimeOffset time => time.UtcDateTime.ToString("yyyy-MM-dd'T'HH:mm'Z'"),
        _ => Convert.ToString(value, CultureInfo.InvariantCulture)!,
    };
}
