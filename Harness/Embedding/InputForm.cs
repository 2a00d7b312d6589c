using Ablation.Harness.Networks;
using static TorchSharp.torch;

namespace Ablation.Harness.Embedding;

/// <summary>
/// What a network expects of a picture, and how its embedding is made: planes in this order of colours, each value
/// (v - <paramref name="Mean"/>) / <paramref name="Scale"/> of v from 0 to 255.
/// </summary>
/// <param name="Fusion">How tests that ask for the sum of image and mirrored image are served: the sum, or the image alone.</param>
public sealed record InputForm(ColourOrder Colour, double Mean, double Scale, FlipFusion Fusion = FlipFusion.Sum)
{
    /// <summary>The form of pictures in a <see cref="Batches.Batch"/>, and of our networks that name no other divisor.</summary>
    public static readonly InputForm Own = new(ColourOrder.Rgb, 127.5, Backbone.UsualDivisor);

    /// <summary>Returns the form that a network of ours was built for.</summary>
    public static InputForm Of(Backbone network) => Own with { Scale = network.InputDivisor };

    /// <summary>Forms that published networks use: (v - 127.5) / 127.5, v and v / 255, each in both orders.</summary>
    public static readonly IReadOnlyList<InputForm> Usual =
    [
        .. from colour in Enum.GetValues<ColourOrder>()
           from values in ((double Mean, double Scale)[])[(127.5, 127.5), (0, 1), (0, 255)]
           select new InputForm(colour, values.Mean, values.Scale),
    ];

    /// <summary>Returns pictures of a batch, N x 3 x p x p, in this form.</summary>
    public Tensor Apply(Tensor images)
    {
        var (factor, shift) = Change;
        if (factor != 1 || shift != 0) images = images.mul(factor).add_(shift);
        return Colour == ColourOrder.Rgb ? images : images.flip(1);
    }

    /// <summary>Writes one picture of a batch, three planes, in this form.</summary>
    public void Write(ReadOnlySpan<float> planes, Span<float> target)
    {
        var (factor, shift) = ((float)Change.Factor, (float)Change.Shift);
        var plane = planes.Length / 3;
        for (var colour = 0; colour < 3; colour++)
        {
            var from = planes.Slice((Colour == ColourOrder.Rgb ? colour : 2 - colour) * plane, plane);
            var to = target.Slice(colour * plane, plane);
            for (var i = 0; i < plane; i++) to[i] = from[i] * factor + shift;
        }
    }

    /// <summary>In words: "BGR, (v - 127.5) / 127.5, image + mirrored image".</summary>
    public override string ToString() =>
        $"{Colour.ToString().ToUpperInvariant()}, (v - {Mean}) / {Scale}, " +
        (Fusion == FlipFusion.Sum ? "image + mirrored image" : "image alone");

    /// <summary>From the values of a batch, (v - 127.5) / 127.5, to these.</summary>
    private (double Factor, double Shift) Change => (127.5 / Scale, (127.5 - Mean) / Scale);
}
