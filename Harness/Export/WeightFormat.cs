using Ablation.Losses.Options;

namespace Ablation.Harness.Export;

/// <summary>A format of files that trained networks are exported to: one file per format, found by reflection.</summary>
public abstract class WeightFormat
{
    /// <summary>The format as the command line names it, which is also the ending of its files.</summary>
    public abstract string Name { get; }

    /// <summary>Whether a file has room for the facts; else they are written to a file beside it, <see cref="SettingsFile"/>.</summary>
    public virtual bool HoldsFacts => true;

    /// <summary>Returns the names that receivers of such files expect.</summary>
    public virtual FileNames UsualNames(ExportedNetwork network) => FileNames.Own(network);

    /// <param name="file">Empty, and seekable.</param>
    /// <exception cref="ArgumentException">The network cannot be written in this format.</exception>
    /// <exception cref="InvalidDataException">The format cannot hold so many bytes.</exception>
    public abstract void Write(ExportedNetwork network, FileNames names, Stream file);

    /// <summary>Compares a written file with the network.</summary>
    /// <returns>What was compared and found, in one line.</returns>
    /// <exception cref="InvalidDataException">They differ.</exception>
    public abstract string Check(ExportedNetwork network, FileNames names, string path);

    /// <summary>Returns all formats by name.</summary>
    public static IReadOnlyDictionary<string, WeightFormat> Known() =>
        Catalog.RecordsOf<WeightFormat>().Values.Where(type => type.GetConstructor(Type.EmptyTypes) is not null)
            .Select(type => (WeightFormat)Activator.CreateInstance(type)!)
            .ToDictionary(one => one.Name, StringComparer.Ordinal);
}
