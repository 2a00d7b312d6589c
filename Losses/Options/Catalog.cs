namespace Ablation.Losses.Options;

/// <summary>
/// Finds the concrete options records of one kind (losses, backbones, sources, ...) by reflection. A new file is enough: suites,
/// <c>ablation list</c>, the conformance tests and the benchmarks find it.
/// </summary>
public static class Catalog
{
    private const string Suffix = "Options";

    /// <summary>Returns the types by name, in ordinal order. Names are the type names without "Options".</summary>
    public static IReadOnlyDictionary<string, Type> RecordsOf<TOptions>() where TOptions : class => RecordsOf(typeof(TOptions));

    /// <inheritdoc cref="RecordsOf{TOptions}"/>
    public static IReadOnlyDictionary<string, Type> RecordsOf(Type kind)
    {
        var root = kind.Assembly.GetName().Name;
        var found = new SortedDictionary<string, Type>(StringComparer.OrdinalIgnoreCase);
        foreach (var assembly in AppDomain.CurrentDomain.GetAssemblies())
        {
            if (assembly.IsDynamic) continue;
            if (assembly != kind.Assembly && assembly.GetReferencedAssemblies().All(name => name.Name != root)) continue;
            foreach (var type in assembly.GetTypes().Where(type => !type.IsAbstract && type.IsAssignableTo(kind)))
                found.Add(NameOf(type), type);
        }

        return found;
    }

    /// <summary>Returns the name of these options in a suite: ArcFaceOptions is "ArcFace".</summary>
    public static string NameOf(Type options) =>
        options.Name.EndsWith(Suffix, StringComparison.Ordinal) ? options.Name[..^Suffix.Length] : options.Name;

    /// <inheritdoc cref="NameOf(Type)"/>
    public static string NameOf(object options) => NameOf(options.GetType());
}
