namespace Ablation.Losses.Options;

/// <summary>
/// The version of the mathematics behind an options record: of a loss, a network, a schedule, a test, a set of pictures. Raise it when a
/// formula is corrected: the id of a trial depends on it, so trials of the old formula are trained again. A record without the attribute
/// has version 1.
/// </summary>
/// <param name="version">1 or more.</param>
[AttributeUsage(AttributeTargets.Class, Inherited = false)]
public sealed class FormulaVersionAttribute(int version) : Attribute
{
    /// <summary>1 or more.</summary>
    public int Version { get; } = version >= 1
        ? version : throw new ArgumentOutOfRangeException(nameof(version), version, "a formula's version is 1 or more");
}
