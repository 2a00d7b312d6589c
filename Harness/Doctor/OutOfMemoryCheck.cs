using static TorchSharp.torch;

namespace Ablation.Harness.Doctor;

/// <summary>
/// Asks for more memory than any device has, which libtorch refuses, and checks that the next step works. Nothing is filled.
/// </summary>
public sealed class OutOfMemoryCheck : IDoctorCheck
{
    private const long Values = 1L << 48; // 2^50 bytes of float32

    public string Title => "Out of memory";

    public int Place => 110;

    public bool NeedsDevice => true;

    public IEnumerable<CheckLine> Run(DoctorSubject on, CancellationToken cancel)
    {
        const string name = "a petabyte is refused";
        string? refusal = null;
        try
        {
            using var tensor = empty([Values], ScalarType.Float32, on.Device);
        }
        catch (Exception e) when (e is System.Runtime.InteropServices.ExternalException or OutOfMemoryException)
        {
            refusal = e.Message.ReplaceLineEndings("\n").Split('\n')[0];
        }

        yield return refusal is null
            ? CheckLine.Failed(name, "it was granted", "memory cannot run out in a way that a trial would notice: report it with this page")
            : CheckLine.Ok(name, refusal.Length > 120 ? refusal[..120] : refusal);

        using var scope = NewDisposeScope();
        var side = ones(64, 64, device: on.Device);
        var sum = side.mm(side).sum().cpu().item<float>();
        const float expected = 64f * 64 * 64;
        yield return CheckLine.Within("the next product", Math.Abs(sum - expected), 0, $"sum {sum}", $"{expected}",
            "the device does not recover from want of memory: a trial is tried again in a new process");
    }
}
