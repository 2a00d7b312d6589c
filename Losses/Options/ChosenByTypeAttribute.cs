namespace Ablation.Losses.Options;

/// <summary>Marks an abstract options record of which a suite chooses one by its "type": losses, backbones, sources, figures, ...</summary>
[AttributeUsage(AttributeTargets.Class, Inherited = false)]
public sealed class ChosenByTypeAttribute : Attribute
{
    /// <summary>Place of the kind in <c>ablation list</c>; kinds without one come last, by name.</summary>
    public int Place { get; init; } = int.MaxValue;
}
