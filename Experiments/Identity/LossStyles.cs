namespace Ablation.Experiments.Identity;

/// <summary>
/// Gives each loss its style by its name, so that it is the same in every suite: the losses of this project by a table, any other by a hash
/// of its name. One loss with several options keeps its colour; the dash, and beyond three the marker, tells the options apart.
/// </summary>
public sealed class LossStyles
{
    private static readonly Dictionary<string, LossStyle> Named = new(StringComparer.Ordinal)
    {
        ["Npt"] = Style("vermilion", Dash.Solid, Marker.Diamond),
        ["ArcFace"] = Style("blue", Dash.Solid, Marker.Circle),
        ["CosFace"] = Style("ochre", Dash.Solid, Marker.Down),
        ["SphereFace"] = Style("purple", Dash.Solid, Marker.Hexagon),
        ["ProxyTriplet"] = Style("green", Dash.Solid, Marker.Up),
        ["CurricularFace"] = Style("cyan", Dash.Solid, Marker.House),
        ["Softmax"] = Style("slate", Dash.Solid, Marker.Square),
        ["NormalisedSoftmax"] = Style("black", Dash.Solid, Marker.Star),
        ["untrained"] = Style("slate", Dash.Dots, Marker.None),
        ["CombinedMargin"] = Style("blue", Dash.Long, Marker.Square),
        ["SphereFaceR"] = Style("purple", Dash.Long, Marker.Star),
        ["ProxyNca"] = Style("green", Dash.Long, Marker.Down),
        ["MagFace"] = Style("cyan", Dash.Long, Marker.Circle),
        ["AdaFace"] = Style("ochre", Dash.Long, Marker.House),
        ["ElasticFace"] = Style("blue", Dash.Short, Marker.Up),
        ["UniFace"] = Style("black", Dash.Long, Marker.Hexagon),
        ["Circle"] = Style("vermilion", Dash.Long, Marker.Circle),
        ["MvSoftmax"] = Style("slate", Dash.Long, Marker.Diamond),
    };

    // every triple that no name of the table has: 175 of 192
    private static readonly LossStyle[] Free =
    [
        .. from hue in Hue.All
           from dash in new[] { Dash.Solid, Dash.Long, Dash.Short }
           from marker in Enum.GetValues<Marker>().Where(marker => marker != Marker.None)
           let style = new LossStyle(hue, dash, marker)
           where !Named.ContainsValue(style)
           select style,
    ];

    private readonly Dictionary<string, LossStyle> byName = new(StringComparer.Ordinal);

    /// <param name="names">Labels of all losses that occur together: the rows of a report. The order does not matter.</param>
    public LossStyles(IEnumerable<string> names)
    {
        var taken = new HashSet<LossStyle>();
        var open = new List<string>();
        foreach (var name in names.Distinct().Order(StringComparer.Ordinal))
        {
            if (Named.TryGetValue(name, out var style)) Take(name, style);
            else open.Add(name);
        }

        // options first: they have few places, all of one colour
        foreach (var name in open.Where(name => BaseOf(name) is not null))
            Take(name, Next(OptionsOf(Named[BaseOf(name)!]), Hash(name) % 2, taken));
        foreach (var name in open.Where(name => BaseOf(name) is null))
            Take(name, Next(Free, Hash(name) % (uint)Free.Length, taken));

        void Take(string name, LossStyle style)
        {
            taken.Add(style);
            byName[name] = style;
        }
    }

    /// <summary>Names in the table, for documentation and tests.</summary>
    public static IReadOnlyCollection<string> KnownNames => Named.Keys;

    /// <exception cref="ArgumentException">The name is not among those that occur together.</exception>
    public LossStyle this[string name] => byName.TryGetValue(name, out var style) ? style : throw new ArgumentException(
        $"\"{name}\" is not in the order of losses ({string.Join(", ", byName.Keys)}); give one list that contains all losses");

    /// <summary>Whether two of the losses share a style, since there are more losses than styles.</summary>
    public bool HasRepeats => byName.Values.Distinct().Count() < byName.Count;

    /// <summary>FNV-1a, 32 bits, over UTF-16: the same on every machine, unlike <see cref="string.GetHashCode()"/>.</summary>
    /// <remarks>G. Fowler, L. C. Noll, K.-P. Vo; offset basis 2166136261, prime 16777619.</remarks>
    private static uint Hash(string name) => name.Aggregate(2166136261u, (hash, letter) => unchecked((hash ^ letter) * 16777619u));

    /// <summary>Returns the loss of the table that "CosFace (scale 16)" is one of; null for a name without options, or of no such
    /// loss.</summary>
    private static string? BaseOf(string name)
    {
        var at = name.IndexOf(" (", StringComparison.Ordinal);
        return at > 0 && Named.ContainsKey(name[..at]) ? name[..at] : null;
    }

    /// <summary>Returns the styles of a loss's options: its marker with the other dashes, then its colour with other markers, then the
    /// rest.</summary>
    private static List<LossStyle> OptionsOf(LossStyle one) =>
        [.. Free.OrderBy(style => style.Hue != one.Hue).ThenBy(style => style.Marker != one.Marker)];

    /// <summary>Returns the first style from a place on that is not taken; where all are, the one at that place.</summary>
    private static LossStyle Next(IReadOnlyList<LossStyle> styles, uint from, HashSet<LossStyle> taken) =>
        Enumerable.Range(0, styles.Count).Select(step => styles[(int)((from + step) % styles.Count)])
            .FirstOrDefault(style => !taken.Contains(style)) ?? styles[(int)(from % styles.Count)];

    private static LossStyle Style(string hue, Dash dash, Marker marker) => new(Hue.Of(hue), dash, marker);
}
