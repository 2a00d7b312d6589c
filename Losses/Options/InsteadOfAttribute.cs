namespace Ablation.Losses.Options;

/// <summary>
/// A key that is given in place of another: two names of one quantity. A suite that gives both is refused, even where they agree. The
/// property is nullable, and null is "not given".
/// </summary>
/// <param name="other">Name of the other property.</param>
/// <param name="quantity">What both say: "the margin".</param>
[AttributeUsage(AttributeTargets.Property)]
public sealed class InsteadOfAttribute(string other, string quantity) : Attribute
{
    public string Other => other;

    public string Quantity => quantity;
}
