namespace Ablation.Harness.Foundations;

/// <summary>
/// Marks an option that is the path of a file or folder, or a list of such paths. It is stored in one form on every system:
/// "faces/train" for faces\train, ./faces/train and faces/train/ alike, so that the id of a trial does not depend on the slash.
/// </summary>
[AttributeUsage(AttributeTargets.Property)]
public sealed class OnDiskAttribute : Attribute;
