using System.Diagnostics;
using System.Text.Json;
using Ablation.Harness.Native;

namespace Ablation.Benchmarks;

/// <summary>
/// A Python process that times the usual PyTorch formulation on request, alternating with our runs. It runs one script of the peers folder
/// and exchanges one JSON object per line. The C library's allocator has its default settings or those of this program.
/// </summary>
public sealed class PeerProcess : IDisposable
{
    private static readonly string[] Pythons = ["python3", "/usr/bin/python3", "python"];
    private readonly Process process;

    private PeerProcess(Process process, string torch) => (this.process, Torch) = (process, torch);

    /// <summary>The peer's torch version; NumPy's where the script does not use torch.</summary>
    public string Torch { get; }

    /// <summary>Whether the scripts have a loss.</summary>
    public static bool Knows(string loss) => loss is "Softmax" or "CosFace" or "ArcFace" or "Npt";

    /// <summary>Starts the script with the first Python that has torch, or the one in the environment variable ABLATION_PYTHON.</summary>
    /// <param name="script">A file of the peers folder.</param>
    /// <param name="tuned">Whether the allocator keeps large blocks, as in this process.</param>
    /// <param name="reason">Why it did not start.</param>
    /// <param name="environment">Further variables to set.</param>
    public static PeerProcess? Start(string script, int threads, bool tuned, out string reason,
        params IReadOnlyList<(string Name, string Value)> environment)
    {
        var named = Environment.GetEnvironmentVariable("ABLATION_PYTHON");
        reason = "";
        foreach (var python in named is null ? Pythons : [named])
        {
            var start = ChildProcess.Describe(python, [Path.Combine(AppContext.BaseDirectory, "peers", script), threads.ToString()]);
            foreach (var name in new[] { "OMP_NUM_THREADS", "OPENBLAS_NUM_THREADS", "MKL_NUM_THREADS" })
                start.Environment[name] = threads.ToString();
            foreach (var (name, value) in environment) start.Environment[name] = value;
            if (tuned)
            {
                start.Environment["MALLOC_MMAP_MAX_"] = "0";
                start.Environment["MALLOC_TRIM_THRESHOLD_"] = "-1";
                start.Environment["MALLOC_TOP_PAD_"] = "67108864";
            }

            try
            {
                var process = Process.Start(start)!;
                process.ErrorDataReceived += (_, _) => { };
                process.BeginErrorReadLine();
                var hello = process.StandardOutput.ReadLine();
                if (hello is not null && JsonDocument.Parse(hello).RootElement is var root
                    && (root.TryGetProperty("torch", out var torch) || root.TryGetProperty("numpy", out torch)))
                    return new PeerProcess(process, torch.GetString()!);
                reason = $"{python}: " +
                    $"{(hello is null ? "stopped at once" : JsonDocument.Parse(hello).RootElement.GetProperty("error").GetString())}";
                process.Dispose();
            }
            catch (Exception e) when (e is System.ComponentModel.Win32Exception or JsonException)
            {
                reason = $"{python}: {e.Message}";
            }
        }

        return null;
    }

    /// <summary>Sends a request and waits for its answer.</summary>
    /// <exception cref="InvalidOperationException">The peer failed; the message quotes it.</exception>
    /// <exception cref="IOException">Its process has ended.</exception>
    public JsonElement Ask(object request)
    {
        process.StandardInput.WriteLine(JsonSerializer.Serialize(request));
        process.StandardInput.Flush();
        var answer = process.StandardOutput.ReadLine()
            ?? throw new InvalidOperationException("the peer's process has ended; it may have run out of memory");
        var root = JsonDocument.Parse(answer).RootElement;
        return root.TryGetProperty("error", out var error)
            ? throw new InvalidOperationException($"the peer failed: {error.GetString()}") : root;
    }

    public void Dispose()
    {
        try
        {
            process.StandardInput.Close();
            if (!process.WaitForExit(2000)) process.Kill(entireProcessTree: true);
        }
        catch (Exception e) when (e is IOException or InvalidOperationException)
        {
            // it has ended already
        }

        process.Dispose();
    }
}
