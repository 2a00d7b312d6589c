namespace Ablation.Losses.Options;

/// <summary>
/// Marks an option as another way to give the same quantity. A suite that gives both is refused, even where they agree. The property is
/// nullable; null means "not given".
/// </summary>
/// <param name="other">Name of the other property.</param>
/// <param name="quantity">The quantity: "the margin".</param>
[AttributeUsage(AttributeTargets.Property)]
public sealed class InsteadOfAttribute(string other, string quantity) : Attribute
{
    public string Other => other;

    public string Quantity => quantity;
}
