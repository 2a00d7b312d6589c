using System.Text.Json;

namespace Ablation.Experiments.Suites;

/// <summary>
/// A suite may extend another: it has every key of that one but those that it gives itself, as a whole. Then its "set" changes single
/// values, by the paths of --set.
/// </summary>
/// <param name="read">Returns the text of a file.</param>
/// <param name="find">Returns the file for the name or path of a suite.</param>
internal sealed class Inheritance(Func<string, string> read, Func<string, string> find)
{
    private const string Extends = "extends", Set = "set";
    private const int Deepest = 8;

    /// <summary>Returns the suite with what it extends and sets; the same node if it does neither.</summary>
    /// <exception cref="SuiteException">The other suite cannot be read, or a setting names nothing.</exception>
    public SuiteNode Resolve(SuiteNode suite, string file) => Resolve(suite, file, [Path.GetFullPath(file)]);

    private SuiteNode Resolve(SuiteNode suite, string file, IReadOnlyList<string> above)
    {
        Once(suite, "", key => key is Extends or Set);
        var (extends, set) = (Given(suite, Extends), Given(suite, Set));
        if (extends is null && set is null) return suite;
        var own = suite.Without(Extends, Set);
        if (extends is not null) own = own.Children.Aggregate(Base(extends, file, above), (node, child) => node.With(child));
        if (set is null) return own;
        if (!set.IsObject)
            throw new SuiteException($"{set.Origin}: set: must be an object of paths and values: {{ \"trainings.epochs\": 5 }}");
        Once(set, "set: ", _ => true);
        return set.Children.Aggregate(own, (node, one) => new SuiteSetting(one.Key, one with { Key = "" }, one.Origin).Put(node));
    }

    /// <summary>Refuses a key that stands twice: the reader sees one of them only.</summary>
    private static void Once(SuiteNode of, string where, Predicate<string> isMeant)
    {
        var seen = new HashSet<string>(StringComparer.Ordinal);
        foreach (var child in of.Children)
            if (isMeant(child.Key) && !seen.Add(child.Key))
                throw new SuiteException($"{child.Origin}: {where}the key \"{child.Key}\" occurs twice");
    }

    private static SuiteNode? Given(SuiteNode suite, string key) =>
        suite.Below(key) is { Kind: not JsonTokenType.Null } found ? found : null;

    private SuiteNode Base(SuiteNode extends, string file, IReadOnlyList<string> above)
    {
        if (extends.Kind != JsonTokenType.String)
            throw new SuiteException($"{extends.Origin}: extends: must be the path or the name of a suite, in quotes");
        var beside = Path.Combine(Path.GetDirectoryName(file) ?? "", extends.Text);
        string found;
        try
        {
            found = File.Exists(beside) ? beside : find(extends.Text);
        }
        catch (SuiteException e)
        {
            throw new SuiteException($"{extends.Origin}: extends: {e.Message}", e);
        }

        if (above.Contains(Path.GetFullPath(found)) || above.Count > Deepest)
            throw new SuiteException(
                $"{extends.Origin}: extends: {string.Join(" extends ", above.Append(found).Select(Path.GetFileName))}, and so on; a " +
                $"suite cannot extend itself, and {Deepest} in a row are the most");
        var text = read(found);
        try
        {
            using var whole = JsonDocument.Parse(text,
                new JsonDocumentOptions { CommentHandling = JsonCommentHandling.Skip, AllowTrailingCommas = true });
            if (whole.RootElement.ValueKind != JsonValueKind.Object)
                throw new SuiteException($"{extends.Origin}: extends: {found} is not a suite");
        }
        catch (JsonException e)
        {
            throw new SuiteException(JsonProblem.Describe(found, text, e, typeof(Suite)), e);
        }

        return Resolve(SuiteNode.Read(found, text, isFile: true)!, found, [.. above, Path.GetFullPath(found)]);
    }
}
