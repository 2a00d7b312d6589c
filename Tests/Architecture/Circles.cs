namespace Ablation.Tests.Architecture;

/// <summary>Cycles of a graph: its strongly connected components of at least two nodes (Tarjan 1972).</summary>
internal sealed class Circles
{
    private readonly Func<string, IEnumerable<string>> next;
    private readonly Dictionary<string, (int Index, int Low)> seen = [];
    private readonly Stack<string> open = new();
    private readonly List<IReadOnlyList<string>> found = [];

    private Circles(Func<string, IEnumerable<string>> next) => this.next = next;

    /// <summary>Returns the components, the largest first, each in ordinal order.</summary>
    public static IReadOnlyList<IReadOnlyList<string>> Find(IEnumerable<string> nodes, Func<string, IEnumerable<string>> next)
    {
        var circles = new Circles(next);
        foreach (var node in nodes.Where(node => !circles.seen.ContainsKey(node))) circles.Visit(node);
        return [.. circles.found.OrderByDescending(circle => circle.Count)];
    }

    private void Visit(string node)
    {
        seen[node] = (seen.Count, seen.Count);
        open.Push(node);
        foreach (var other in next(node))
        {
            if (!seen.ContainsKey(other))
            {
                Visit(other);
                Lower(node, seen[other].Low);
            }
            else if (open.Contains(other))
            {
                Lower(node, seen[other].Index);
            }
        }

        if (seen[node].Low != seen[node].Index) return;
        var part = new List<string>();
        do part.Add(open.Pop());
        while (part[^1] != node);
        if (part.Count > 1) found.Add([.. part.Order(StringComparer.Ordinal)]);
    }

    private void Lower(string node, int low) => seen[node] = (seen[node].Index, Math.Min(seen[node].Low, low));
}
