namespace Ablation.Harness.Foundations;

/// <summary>
/// Marks an abstract options record outside this assembly of which a suite may choose one by its "type"; <see cref="SpecJson.Kinds"/> finds
/// it.
/// </summary>
[AttributeUsage(AttributeTargets.Class, Inherited = false)]
public sealed class ChosenByTypeAttribute : Attribute;
