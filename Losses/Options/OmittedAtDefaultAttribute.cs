namespace Ablation.Losses.Options;

/// <summary>
/// Marks an option that a specification holds only where it differs from its default. Trials from before there was the option keep their
/// ids, and giving the default explicitly does not change an id.
/// </summary>
[AttributeUsage(AttributeTargets.Property)]
public sealed class OmittedAtDefaultAttribute : Attribute;
