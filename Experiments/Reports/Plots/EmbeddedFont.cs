using System.Reflection;
using Ablation.Harness.Native;
using ScottPlot;
using SkiaSharp;

namespace Ablation.Experiments.Reports.Plots;

/// <summary>
/// Gives ScottPlot the typefaces embedded in this assembly, before those of the machine. Without fonts ScottPlot silently draws no text;
/// with the machine's fonts a plot would depend on the machine.
/// </summary>
public sealed class EmbeddedFont : IFontResolver
{
    public const string Name = "DejaVu Sans";
    private static readonly Lock Gate = new();
    private static bool registered;
    private static readonly SKTypeface Regular = Load("DejaVuSans.ttf");
    private static readonly SKTypeface Bold = Load("DejaVuSans-Bold.ttf");

    /// <summary>Idempotent and thread-safe; every plot of this project calls it.</summary>
    public static void Register()
    {
        lock (Gate)
        {
            if (registered) return;
            registered = true;
            KeptArguments.RequireForPictures();
            Fonts.FontResolvers.Insert(0, new EmbeddedFont());
            Fonts.Default = Name;
        }
    }

    /// <param name="size">In units of a plot.</param>
    internal static SKFont RegularOf(float size) => Exact(Regular, size);

    /// <inheritdoc cref="RegularOf"/>
    internal static SKFont BoldOf(float size) => Exact(Bold, size);

    /// <summary>
    /// Returns a text's width in units of a plot, by the font file alone: each system's font code rounds widths to its own pixels.
    /// </summary>
    internal static float WidthOf(string text, float size, bool bold)
    {
        var face = bold ? Bold : Regular;
        using var design = Exact(face, face.UnitsPerEm);
        return design.MeasureText(text) * size / face.UnitsPerEm;
    }

    public SKTypeface? CreateTypeface(string fontName, FontWeight weight, FontSlant slant, FontSpacing spacing) =>
        fontName != Name ? null : weight >= FontWeight.SemiBold ? Bold : Regular;

    public SKTypeface? CreateTypeface(string fontName, bool isBold, bool isItalic) =>
        fontName != Name ? null : isBold ? Bold : Regular;

    /// <summary>A font whose letters stand where the font file has them, on every system.</summary>
    private static SKFont Exact(SKTypeface face, float size) =>
        new(face, size) { Hinting = SKFontHinting.None, LinearMetrics = true, Subpixel = true };

    private static SKTypeface Load(string file)
    {
        var assembly = Assembly.GetExecutingAssembly();
        var resource = assembly.GetManifestResourceNames().Single(name => name.EndsWith("." + file, StringComparison.Ordinal));
        using var stream = assembly.GetManifestResourceStream(resource)!;
        return SKTypeface.FromStream(stream) ?? throw new InvalidDataException($"the embedded font {file} cannot be read");
    }
}
