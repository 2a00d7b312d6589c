namespace Ablation.Harness.Doctor;

/// <summary>
/// One check of <c>ablation doctor</c>: a class with a constructor without parameters, in a file of its own, found by reflection.
/// </summary>
public interface IDoctorCheck
{
    /// <summary>Its heading in the page, unique.</summary>
    string Title { get; }

    /// <summary>Its place in the page; lower ones run first.</summary>
    int Place { get; }

    /// <summary>Whether it computes: without a device it is left out, and the page says so.</summary>
    bool NeedsDevice { get; }

    /// <summary>Runs the check. An exception becomes a failed line, after the lines that came before it.</summary>
    /// <exception cref="OperationCanceledException">On <paramref name="cancel"/>.</exception>
    IEnumerable<CheckLine> Run(DoctorSubject on, CancellationToken cancel);
}
