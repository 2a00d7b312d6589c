using System.Text.Json;
using System.Text.RegularExpressions;

namespace Ablation.Experiments.Scheduling.Slurm;

/// <summary>The same list of trials as a Kubernetes Indexed Job. The text was never run on a cluster, and says so itself.</summary>
public static partial class KubernetesJob
{
    /// <param name="name">Of the suite.</param>
    /// <param name="trials">Members of the job.</param>
    /// <param name="folders">That the trials read and write, by the same paths inside the container.</param>
    /// <param name="trial">Program and arguments up to "--index", whose value the shell fills in.</param>
    public static string Manifest(string name, int trials, SlurmOptions options, IReadOnlyList<string> folders,
        IReadOnlyList<string> trial) => string.Concat(new[]
    {
        "# UNTESTED: written by the documentation of the API and never run on a cluster.",
        "# Replace IMAGE by an image that has this program at the same path, and CLAIM by a volume claim that every node can write",
        "# (ReadWriteMany). It is mounted at the paths that the trials were written with.",
        "# Exit code 75 means a saved checkpoint: the pod is started again. backoffLimitPerIndex is stable from Kubernetes 1.33 on.",
        "apiVersion: batch/v1",
        "kind: Job",
        "metadata:",
        $"  name: {DnsName(name)}",
        "spec:",
        "  completionMode: Indexed",
        $"  completions: {SlurmOptions.Text(trials)}",
        $"  parallelism: {SlurmOptions.Text(Math.Min(trials, options.Limit ?? trials))}",
        $"  backoffLimitPerIndex: {SlurmOptions.Text(options.MaxAttempts - 1)}",
        $"  maxFailedIndexes: {SlurmOptions.Text(trials)}", // one failed trial does not end the others
        "  podFailurePolicy:",
        "    rules:",
        "      - action: Ignore",
        "        onExitCodes:",
        "          operator: In",
        "          values: [75]",
        "      - action: Ignore",
        "        onPodConditions:",
        "          - type: DisruptionTarget",
        "      - action: FailIndex",
        "        onExitCodes:",
        "          operator: In",
        "          values: [1, 2, 76]",
        "  template:",
        "    spec:",
        "      restartPolicy: Never",
        $"      terminationGracePeriodSeconds: {SlurmOptions.Text(SlurmOptions.WarningSeconds)}",
        "      containers:",
        "        - name: trial",
        "          image: IMAGE",
        "          command: [\"/bin/bash\", \"-c\"]",
        "          args:",
        "            - |",
    }.Concat(options.SetupLines().Append($"exec {ShellWord.Line(trial)} \"$JOB_COMPLETION_INDEX\"").Select(line => $"              {line}"))
    .Concat(
    [
        "          resources:",
        "            limits:",
        $"              cpu: {SlurmOptions.Text(options.Cpus)}",
        .. options.Memory is { } memory ? [$"              memory: {Quantity(memory)}"] : (string[])[],
        .. options.Gpus is { } gpus ? [$"              nvidia.com/gpu: {gpus.Split(':')[^1]}"] : (string[])[],
        "          volumeMounts:",
        .. folders.Distinct().SelectMany(folder => new[]
        {
            "            - name: shared",
            $"              mountPath: {Quoted(folder)}",
            $"              subPath: {Quoted(folder.TrimStart('/'))}",
        }),
        "      volumes:",
        "        - name: shared",
        "          persistentVolumeClaim:",
        "            claimName: CLAIM",
    ]).Select(line => line + "\n"));

    /// <summary>A JSON string is a YAML one.</summary>
    private static string Quoted(string text) => JsonSerializer.Serialize(text);

    /// <summary>SLURM's 8G is 8 GiB, and its bare number MiB.</summary>
    private static string Quantity(string memory) => char.IsAsciiDigit(memory[^1]) ? memory + "Mi" : memory.ToUpperInvariant() + "i";

    /// <summary>Small letters, digits and hyphens, 63 at most.</summary>
    private static string DnsName(string name)
    {
        var text = Rest().Replace($"ablation-{name.ToLowerInvariant()}", "-");
        return text[..Math.Min(63, text.Length)].TrimEnd('-');
    }

    [GeneratedRegex("[^a-z0-9-]")]
    private static partial Regex Rest();
}
