namespace Ablation.Harness.Doctor;

/// <summary>What <c>ablation doctor</c> found.</summary>
/// <param name="Device">As torch writes it; as it was asked for where it is missing.</param>
/// <param name="Commit">That the program was built from.</param>
public sealed record DoctorReport(string Device, string Commit, DateTimeOffset Started, double Seconds, IReadOnlyList<CheckResult> Checks)
{
    /// <summary>Whether no line failed.</summary>
    public bool IsReady => Count(CheckOutcome.Failed) == 0;

    public int Count(CheckOutcome outcome) => Checks.Sum(check => check.Lines.Count(line => line.Outcome == outcome));
}
