namespace Ablation.Losses.Options;

/// <summary>
/// The concrete options records of one kind (losses, backbones, sources, ...), found by reflection, by name.
/// Dropping a file in enrols it: in suite reading, in <c>ablation list</c>, in the conformance tests and in the benchmarks.
/// </summary>
public static class Catalog
{
    private const string Suffix = "Options";

    /// <summary>Name to type, in ordinal order of the names. Names are the type names without "Options".</summary>
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

    /// <summary>The name under which a suite asks for these options: ArcFaceOptions is "ArcFace".</summary>
    public static string NameOf(Type options) =>
        options.Name.EndsWith(Suffix, StringComparison.Ordinal) ? options.Name[..^Suffix.Length] : options.Name;

    /// <summary>The name under which a suite asks for these options.</summary>
    public static string NameOf(object options) => NameOf(options.GetType());
}
