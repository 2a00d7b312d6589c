using System.Text;
using System.Text.Json;

namespace Ablation.Experiments.Suites;

/// <summary>Where a value of a suite was written: a byte of a file, or an option of the command line.</summary>
/// <param name="File">Path of the file, or the option as it was given.</param>
/// <param name="Bytes">The file's text; null for an option.</param>
internal sealed record Origin(string File, byte[]? Bytes, long Start)
{
    public override string ToString() => Bytes is null ? File : TextPlace.Of(File, Bytes, Start);
}

/// <summary>A value of a suite that knows where it was written, wherever extends, set and sweeps carry it.</summary>
/// <param name="Key">Empty for the root and for entries of a list.</param>
/// <param name="Text">The text of a string, else the value as written.</param>
internal sealed record SuiteNode(string Key, JsonTokenType Kind, string Text, IReadOnlyList<SuiteNode> Children, Origin Origin)
{
    public bool IsList => Kind == JsonTokenType.StartArray;

    public bool IsObject => Kind == JsonTokenType.StartObject;

    /// <summary>Returns the nodes of a text; null if it is not JSON.</summary>
    /// <param name="file">Path of the file, or the option that holds the text.</param>
    /// <param name="isFile">Whether places are lines of a file.</param>
    public static SuiteNode? Read(string file, string text, bool isFile)
    {
        var bytes = Encoding.UTF8.GetBytes(text);
        return JsonPlaces.Read(bytes) is { } root ? Of(root, start => new Origin(file, isFile ? bytes : null, start)) : null;
    }

    public static SuiteNode List(string key, IEnumerable<SuiteNode> entries, Origin origin) =>
        new(key, JsonTokenType.StartArray, "", [.. entries.Select(entry => entry with { Key = "" })], origin);

    public static SuiteNode Object(string key, Origin origin) => new(key, JsonTokenType.StartObject, "", [], origin);

    public SuiteNode? Below(string key) => Children.FirstOrDefault(child => child.Key == key);

    /// <summary>Returns the object with a key replaced or added.</summary>
    public SuiteNode With(SuiteNode child) => this with
    {
        Children = Below(child.Key) is null ? [.. Children, child] : [.. Children.Select(one => one.Key == child.Key ? child : one)],
    };

    /// <summary>Returns the object without some keys.</summary>
    public SuiteNode Without(params string[] keys) => this with { Children = [.. Children.Where(child => !keys.Contains(child.Key))] };

    /// <summary>Whether this or anything below it meets a condition.</summary>
    public bool Any(Func<SuiteNode, bool> condition) => condition(this) || Children.Any(child => child.Any(condition));

    private static SuiteNode Of(JsonPlace place, Func<long, Origin> origin) => new(place.Key, place.Kind,
        place.Children.Count > 0 ? "" : place.Text, [.. place.Children.Select(child => Of(child, origin))], origin(place.Start));
}
