using System.Text.Json.Serialization;

namespace Ablation.Harness.Doctor;

/// <summary>How one line of a check ended.</summary>
public enum CheckOutcome
{
    /// <summary>As it should be.</summary>
    Ok,

    /// <summary>Outside of its tolerance, or an error: the command ends with 1.</summary>
    Failed,

    /// <summary>It could not be checked here; the line says why.</summary>
    Absent,

    /// <summary>Works, and there is something to know.</summary>
    Note,
}

/// <summary>One line of the page.</summary>
/// <param name="Name">What was checked.</param>
/// <param name="Measured">What was found, with units.</param>
/// <param name="Tolerance">What is allowed; null if nothing is compared.</param>
/// <param name="Cure">What would help; null if nothing has to.</param>
public sealed record CheckLine(string Name, CheckOutcome Outcome, string Measured,
    [property: JsonIgnore(Condition = JsonIgnoreCondition.WhenWritingNull)] string? Tolerance = null,
    [property: JsonIgnore(Condition = JsonIgnoreCondition.WhenWritingNull)] string? Cure = null)
{
    public static CheckLine Ok(string name, string measured) => new(name, CheckOutcome.Ok, measured);

    public static CheckLine Note(string name, string measured, string? cure = null) =>
        new(name, CheckOutcome.Note, measured, Cure: cure);

    public static CheckLine Absent(string name, string why, string? cure = null) =>
        new(name, CheckOutcome.Absent, why, Cure: cure);

    public static CheckLine Failed(string name, string measured, string cure) =>
        new(name, CheckOutcome.Failed, measured, Cure: cure);

    /// <summary>Compares a value with the largest one allowed; NaN fails.</summary>
    /// <param name="measured">The value with its unit and where it was found.</param>
    /// <param name="cure">What would help if it is too large.</param>
    public static CheckLine Within(string name, double value, double most, string measured, string tolerance, string cure) =>
        new(name, value <= most ? CheckOutcome.Ok : CheckOutcome.Failed, measured, tolerance, value <= most ? null : cure);
}

/// <summary>The lines of one check.</summary>
/// <param name="Seconds">How long it took.</param>
public sealed record CheckResult(string Title, double Seconds, IReadOnlyList<CheckLine> Lines);
