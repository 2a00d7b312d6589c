using Ablation.Harness.Export;
using Ablation.Harness.Networks;

namespace Ablation.Tests.Export;

/// <summary>A network and its exported file.</summary>
internal sealed class Written : IDisposable
{
    private readonly TemporaryFolder folder = new();

    public Written(BackboneOptions options, string format, string? names, int resolution = 32)
    {
        Network = Exported.Network(options, resolution);
        Names = names is null ? Exported.Format(format).UsualNames(Network) : FileNames.Of(names, Network);
        Path = folder.File($"network.{format}");
        ExportFile.Write(Network, Exported.Format(format), Names, Path, replace: false);
    }

    public ExportedNetwork Network { get; }

    public FileNames Names { get; }

    public string Path { get; }

    /// <summary>The bytes of the network's tensor that the file calls so.</summary>
    public byte[] Own(string name) => Exported.Bytes(Network.Network.state_dict().Single(one => Names[one.Key] == name).Value);

    public string File(string name) => folder.File(name);

    public void Dispose()
    {
        Network.Network.Dispose();
        folder.Dispose();
    }
}
