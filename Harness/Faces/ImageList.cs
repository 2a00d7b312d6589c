using Ablation.Harness.Foundations;

namespace Ablation.Harness.Faces;

/// <summary>Images by the name that their source gives them, to leave them out.</summary>
internal sealed class ImageList
{
    private readonly Dictionary<string, string> whereListed = new(StringComparer.Ordinal); // name to list and line

    /// <exception cref="DataProblem">The list is missing, empty, or a line is not in the format.</exception>
    public void Add(string path)
    {
        var before = whereListed.Count;
        foreach (var (name, _, line) in SplitListLines.Read(path)) whereListed.TryAdd(name, $"{path}({line})");
        if (whereListed.Count == before)
            throw new DataProblem(path, "lists no image that the lists before it do not list", SplitListLines.Cure);
    }

    public bool IsEmpty => whereListed.Count == 0;

    /// <summary>Returns the listed images of a source.</summary>
    /// <exception cref="DataProblem">The source lacks a listed image: the list is of another set.</exception>
    public HashSet<int> In(FaceSource source)
    {
        var missing = new Dictionary<string, string>(whereListed, StringComparer.Ordinal);
        HashSet<int> found = [.. Enumerable.Range(0, source.Count).Where(image => missing.Remove(source.ImageName(image)))];
        if (missing.Count == 0) return found;
        var (first, where) = missing.MinBy(one => one.Value, StringComparer.Ordinal);
        throw new DataProblem(where, $"{first} is not an image of {source.Name}, and neither are {missing.Count - 1} others of the lists",
            "use a list that data noise wrote for this set");
    }
}
