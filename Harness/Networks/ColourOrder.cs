namespace Ablation.Harness.Networks;

/// <summary>The order of the colours in a network's input.</summary>
public enum ColourOrder
{
    Rgb,
    Bgr,
}
