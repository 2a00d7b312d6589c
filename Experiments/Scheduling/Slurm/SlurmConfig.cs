using System.Globalization;
using System.Text.RegularExpressions;

namespace Ablation.Experiments.Scheduling.Slurm;

/// <summary>The settings of a cluster that decide how trials are submitted.</summary>
/// <param name="LongestArray">Maximum number of members of a job array.</param>
/// <param name="Problem">Why SLURM's default is used; null if the cluster reported the number.</param>
public sealed partial record SlurmConfig(int LongestArray, string? Problem = null)
{
    /// <summary>SLURM's default for MaxArraySize: one above the highest index, so the number of members of an array that starts at
    /// 0.</summary>
    public const int DefaultLongestArray = 1001;

    /// <summary>Reads the settings from scontrol.</summary>
    public static SlurmConfig Read()
    {
        try
        {
            var answer = SlurmCommands.Run("scontrol", ["show", "config"]);
            return answer.Code == 0 ? Parse(answer.Output) : Default($"scontrol show config: {answer.Problem}");
        }
        catch (IOException e)
        {
            return Default(e.Message);
        }
    }

    /// <param name="text">Lines of "Name = value".</param>
    public static SlurmConfig Parse(string text)
    {
        var size = MaxArraySize().Match(text);
        if (!size.Success || !int.TryParse(size.Groups[1].Value, NumberStyles.None, null, out var longest))
            return Default("scontrol show config has no MaxArraySize");
        // a second limit, on the number of members, that some sites set
        var tasks = MaxArrayTasks().Match(text);
        return new SlurmConfig(tasks.Success && int.TryParse(tasks.Groups[1].Value, NumberStyles.None, null, out var most)
            ? Math.Min(longest, most) : longest);
    }

    private static SlurmConfig Default(string problem) =>
        new(DefaultLongestArray, $"{problem}; SLURM's default of {DefaultLongestArray} members per array is used");

    [GeneratedRegex(@"^MaxArraySize\s*=\s*([0-9]+)\s*$", RegexOptions.Multiline | RegexOptions.IgnoreCase)]
    private static partial Regex MaxArraySize();

    [GeneratedRegex(@"^SchedulerParameters\s*=.*\bmax_array_tasks=([0-9]+)", RegexOptions.Multiline | RegexOptions.IgnoreCase)]
    private static partial Regex MaxArrayTasks();
}
