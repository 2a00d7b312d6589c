namespace Ablation.Experiments.Identity;

/// <summary>One of the eight colours of losses, in both themes of a page.</summary>
/// <param name="Name">The name of its token in the page's style: "vermilion".</param>
/// <param name="Light">On white: "#CE2603". Files for papers use it.</param>
/// <param name="Dark">On the dark background.</param>
public sealed record Hue(string Name, string Light, string Dark)
{
    // chosen together: contrast of at least 3 : 1 on page, panel and the subject's row in both themes, and the distances between any two,
    // also as colour-blind readers see them, that Tests/Identity/HueTests.cs asks for
    private static readonly Hue[] Known =
    [
        new("vermilion", "#CE2603", "#F3432C"), new("blue", "#106CDD", "#367AEF"), new("green", "#0A7A45", "#14C987"),
        new("purple", "#661A7C", "#C48CD8"), new("ochre", "#B48225", "#ED9A1A"), new("slate", "#4C5667", "#7B7E82"),
        new("cyan", "#3698B1", "#6DD9FC"), new("black", "#16191D", "#F5F7F9"),
    ];

    public static IReadOnlyList<Hue> All => Known;

    /// <exception cref="InvalidOperationException">There is no such hue.</exception>
    public static Hue Of(string name) => Known.Single(hue => hue.Name == name);
}

/// <summary>The dashes of a loss's line.</summary>
public enum Dash
{
    Solid,
    Long,
    Short,

    /// <summary>Of the untrained network alone.</summary>
    Dots,
}

/// <summary>The shape that marks a loss. A filled one says that a difference is distinguishable, so that no shape is open by
/// itself.</summary>
public enum Marker
{
    Circle,
    Square,
    Up,
    Down,
    Diamond,
    Hexagon,
    House,
    Star,

    /// <summary>Of the untrained network alone.</summary>
    None,
}

/// <summary>What identifies one loss in every table, plot and line of a terminal. No two losses of a report have the same one.</summary>
public sealed record LossStyle(Hue Hue, Dash Dash, Marker Marker)
{
    /// <summary>Lengths of line and gap in units of a plot, in turns; empty for a solid line.</summary>
    public IReadOnlyList<float> Pattern => Dash switch
    {
        Dash.Solid => [],
        Dash.Long => [6, 3],
        Dash.Short => [2, 3],
        Dash.Dots => [1, 3],
        _ => throw new ArgumentOutOfRangeException(nameof(Dash), Dash, "no pattern for this dash"),
    };

    /// <summary>The outline of the marker around (0, 0), some ten units wide, as path data of SVG; empty for none.</summary>
    public string Outline => Marker switch
    {
        Marker.Circle => "M4.6 0A4.6 4.6 0 1 1 -4.6 0A4.6 4.6 0 1 1 4.6 0Z",
        Marker.Square => "M-4.2 -4.2H4.2V4.2H-4.2Z",
        Marker.Up => "M0 -5L5 4H-5Z",
        Marker.Down => "M0 5L5 -4H-5Z",
        Marker.Diamond => "M0 -6L6 0L0 6L-6 0Z",
        Marker.Hexagon => "M-5 0L-2.5 -4.5H2.5L5 0L2.5 4.5H-2.5Z",
        Marker.House => "M0 -5.5L5 -1L3.4 4.6H-3.4L-5 -1Z",
        Marker.Star => "M0 -6L1.6 -2L5.8 -1.9L2.5 .8L3.6 4.9L0 2.5L-3.6 4.9L-2.5 .8L-5.8 -1.9L-1.6 -2Z",
        Marker.None => "",
        _ => throw new ArgumentOutOfRangeException(nameof(Marker), Marker, "no outline for this marker"),
    };
}
