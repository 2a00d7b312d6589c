using System.Buffers.Binary;
using System.IO.Compression;
using System.Text.Json;
using Ablation.Harness;
using Ablation.Harness.Export;
using Ablation.Harness.Foundations;
using Ablation.Harness.Networks;
using Ablation.Harness.Weights;
using TorchSharp;
using TorchSharp.PyBridge;

namespace Ablation.Tests.Export;

/// <summary>Exported .safetensors and .pth files give the same bits back, to an independent reader.</summary>
public sealed class WeightFileTests
{
    [TestCaseSource(typeof(Exported), nameof(Exported.Cases))]
    public void A_safetensors_file_gives_every_family_back(BackboneOptions options)
    {
        using var written = new Written(options, "safetensors", "ablation");
        Same(written, Safetensors.LoadStateDict(written.Path));
    }

    [TestCaseSource(typeof(Exported), nameof(Exported.Cases))]
    public void A_pth_file_gives_every_family_back(BackboneOptions options)
    {
        using var written = new Written(options, "pth", names: null);
        Assert.That(written.Names.Naming, Is.EqualTo(options switch
        {
            IResNetOptions { Shortcut: IResNetShortcut.Conv } => "arcface_torch",
            IResNetOptions => "IR",
            MobileFaceNetOptions { Widths: MobileFaceNetWidths.Doubled } => "arcface_torch mbf",
            _ => "ablation",
        }));
        Same(written, PyTorchUnpickler.UnpickleStateDict(written.Path).Cast<System.Collections.DictionaryEntry>()
            .ToDictionary(one => (string)one.Key, one => (torch.Tensor)one.Value!));
    }

    [Category("Slow"), TestCaseSource(typeof(Exported), nameof(Exported.Cases))]
    public void An_exported_file_is_imported_into_a_new_network(BackboneOptions options)
    {
        foreach (var format in (string[])["safetensors", "pth"])
        {
            using var written = new Written(options, format, names: null, resolution: 16);
            using var file = TensorSet.Open(written.Path);
            using var network = options.Build(16);
            var loaded = WeightLoader.Load(network, options, file);
            Assert.That((loaded.Names, loaded.Prefix, loaded.Notes), Is.EqualTo((written.Names.Naming, "", Array.Empty<string>())));
            Assert.That(TrialWeights.Hash(network), Is.Not.EqualTo(TrialWeights.Hash(written.Network.Network)), "batch counters are left");
            foreach (var norm in network.modules().OfType<TorchSharp.Modules.NormBase>()) norm.num_batches_tracked!.fill_(37);
            Assert.That(TrialWeights.Hash(network), Is.EqualTo(TrialWeights.Hash(written.Network.Network)));
        }
    }

    [Test]
    public void The_head_of_a_safetensors_file_lists_tensors_without_gaps_and_says_the_facts()
    {
        using var written = new Written(new SmallOptions(), "safetensors", "ablation");
        var bytes = File.ReadAllBytes(written.Path);
        var length = (int)BinaryPrimitives.ReadInt64LittleEndian(bytes);
        Assert.That(length % 8, Is.Zero, "the values are aligned");
        using var head = JsonDocument.Parse(bytes.AsMemory(8, length));
        var facts = head.RootElement.GetProperty("__metadata__").EnumerateObject()
            .ToDictionary(one => one.Name, one => one.Value.GetString());
        Assert.That(facts, Is.EquivalentTo(Exported.Facts.Prepend(new("format", "pt"))));
        long next = 0;
        foreach (var one in head.RootElement.EnumerateObject().Where(one => one.Name != "__metadata__"))
        {
            var offsets = one.Value.GetProperty("data_offsets");
            var (from, to) = (offsets[0].GetInt64(), offsets[1].GetInt64());
            var (own, width) = (written.Own(one.Name), one.Value.GetProperty("dtype").GetString() == "I64" ? 8 : 4);
            Assert.That((from, from % width), Is.EqualTo((next, 0)), one.Name);
            Assert.That(one.Value.GetProperty("shape").EnumerateArray().Aggregate(width, (product, size) => product * size.GetInt32()),
                Is.EqualTo(to - from), one.Name);
            Assert.That(bytes.AsSpan(8 + length + (int)from, (int)(to - from)).SequenceEqual(own), one.Name);
            next = to;
        }

        Assert.That(next, Is.EqualTo(bytes.Length - 8 - length));
    }

    [Test]
    public void The_entries_of_a_pth_file_are_stored_as_torch_save_stores_them()
    {
        using var written = new Written(new SmallOptions(), "pth", "ablation");
        var bytes = File.ReadAllBytes(written.Path);
        using var zip = ZipFile.OpenRead(written.Path);
        Assert.That(zip.Entries.Select(entry => entry.FullName).Where(name => !name.Contains("/data/")),
            Is.EqualTo(new[] { "archive/data.pkl", "archive/byteorder", "archive/version" }));
        Assert.That((Text("byteorder"), Text("version")), Is.EqualTo(("little", "3\n")));
        var (at, found) = (0, 0);
        while (BinaryPrimitives.ReadUInt32LittleEndian(bytes.AsSpan(at)) == 0x04034B50)
        {
            var content = at + 30 + BinaryPrimitives.ReadUInt16LittleEndian(bytes.AsSpan(at + 26))
                + BinaryPrimitives.ReadUInt16LittleEndian(bytes.AsSpan(at + 28));
            Assert.That((content % 64, BinaryPrimitives.ReadUInt16LittleEndian(bytes.AsSpan(at + 8))), Is.EqualTo((0, 0)),
                "aligned, not compressed");
            at = content + BinaryPrimitives.ReadInt32LittleEndian(bytes.AsSpan(at + 18));
            found++;
        }

        Assert.That(found, Is.EqualTo(zip.Entries.Count));

        string Text(string name)
        {
            using var reader = new StreamReader(zip.GetEntry($"archive/{name}")!.Open()); // checks the CRC
            return reader.ReadToEnd();
        }
    }

    [Test]
    public void The_settings_stand_beside_a_pth_file_and_are_not_replaced_silently()
    {
        using var written = new Written(new SmallOptions(), "pth", "ablation");
        var facts = Exported.Facts.Concat([new("network", "{\"type\":\"Small\"}"), new("colour", "rgb"), new("mean", "127.5"),
            new("resolution", "32"), new("fusion", "sum")]).ToList();
        var network = written.Network with { Facts = facts };
        var path = written.File("b.pth");
        ExportFile.Write(network, new PthFormat(), written.Names, path, replace: false);
        using var settings = JsonDocument.Parse(File.ReadAllText(SettingsFile.Beside(path)));
        var root = settings.RootElement;
        Assert.That(root.EnumerateObject().Select(one => one.Name), Is.EqualTo(new[] { "network", "colour", "mean", "size", "flip" }));
        Assert.That((root.GetProperty("network").GetString(), root.GetProperty("mean").GetDouble(), root.GetProperty("size").GetInt32()),
            Is.EqualTo(("{\"type\":\"Small\"}", 127.5, 32)));
        PatientFile.Delete(path);
        Assert.That(() => ExportFile.Write(network, new PthFormat(), written.Names, path, replace: false),
            Throws.InstanceOf<IOException>().With.Message.StartsWith(SettingsFile.Beside(path)).And.Message.Contains("--force"));
        Assert.That(File.Exists(path), Is.False);
    }

    [Test]
    public void Names_of_arcface_torch_are_refused_for_other_networks()
    {
        var small = Exported.Network(new SmallOptions(), 32);
        using var first = small.Network;
        Assert.That(() => FileNames.Of("arcface_torch", small),
            Throws.ArgumentException.With.Message.Contains("Small").And.Message.EndsWith("--names ablation"));
        var plain = Exported.Network(new IResNetOptions { Depth = IResNetDepth.R18, Shortcut = IResNetShortcut.Subsample }, 32);
        using var second = plain.Network;
        Assert.That(() => FileNames.Of("arcface_torch", plain),
            Throws.ArgumentException.With.Message.EndsWith("--names IR or ablation"), "its units have other layers");
        Assert.That(FileNames.OfTheField(plain).Naming, Is.EqualTo("IR"));
    }

    [Test]
    public void A_file_is_replaced_only_on_demand_and_written_whole_or_not_at_all()
    {
        using var folder = new TemporaryFolder();
        var network = Exported.Network(new SmallOptions(), 32);
        using var backbone = network.Network;
        var path = folder.File("below/a.safetensors");
        ExportFile.Write(network, new SafetensorsFormat(), FileNames.Own(network), path, replace: false);
        var first = File.ReadAllBytes(path);
        using (torch.no_grad()) backbone.state_dict()["head.features.bias"].add_(1);
        Assert.That(() => ExportFile.Write(network, new SafetensorsFormat(), FileNames.Own(network), path, replace: false),
            Throws.InstanceOf<IOException>().With.Message.Contains("--force"));
        Assert.That(File.ReadAllBytes(path), Is.EqualTo(first));
        ExportFile.Write(network, new SafetensorsFormat(), FileNames.Own(network), path, replace: true);
        Assert.That(File.ReadAllBytes(path), Is.Not.EqualTo(first));
        var second = File.ReadAllBytes(path);

        Assert.That(() => ExportFile.Write(network, new FullDisk(), FileNames.Own(network), path, replace: true),
            Throws.InstanceOf<IOException>().With.Message.StartsWith(path).And.Message.Contains("no space")
                .And.Message.Contains("free space"));
        File.WriteAllText(folder.File("file"), "");
        Assert.That(() => ExportFile.Write(network, new PthFormat(), FileNames.Own(network), folder.File("file/a.pth"), false),
            Throws.InstanceOf<IOException>().With.Message.Contains("--output"));
        Assert.That(Directory.GetFiles(folder.Path, "*", SearchOption.AllDirectories),
            Is.EquivalentTo(new[] { path, folder.File("file") }));
        Assert.That(File.ReadAllBytes(path), Is.EqualTo(second));
    }

    [TestCase("safetensors", "ablation")]
    [TestCase("pth", "ablation")]
    [TestCase("pth", "arcface_torch")]
    [TestCase("safetensors", "arcface_torch")]
    public void A_changed_value_fails_the_check(string format, string names)
    {
        using var written = new Written(new IResNetOptions { Depth = IResNetDepth.R18 }, format, names);
        Assert.That(Exported.Format(format).Check(written.Network, written.Names, written.Path), Does.Contain("bit"));
        using (torch.no_grad()) written.Network.Network.state_dict()["body.unit4_2.residual.conv2.weight"][511, 511, 2, 2].add_(1e-3f);
        Assert.That(() => Exported.Format(format).Check(written.Network, written.Names, written.Path),
            Throws.TypeOf<InvalidDataException>().With.Message.Contains("body.unit4_2.residual.conv2.weight"));
    }

    private static void Same(Written written, IReadOnlyDictionary<string, torch.Tensor> read)
    {
        Assert.That(read.Keys, Is.EquivalentTo(written.Network.Network.state_dict().Keys.Select(own => written.Names[own])));
        foreach (var (own, values) in written.Network.Network.state_dict())
        {
            var one = read[written.Names[own]];
            Assert.That((one.dtype, one.shape), Is.EqualTo((values.dtype, values.shape)), own);
            Assert.That(Exported.Bytes(one).AsSpan().SequenceEqual(Exported.Bytes(values)), own);
        }
    }

    /// <summary>A format whose disk is full after some bytes.</summary>
    private sealed class FullDisk : WeightFormat
    {
        public FullDisk(string name = "full") => Name = name;

        public override string Name { get; }

        public override void Write(ExportedNetwork network, FileNames names, Stream file)
        {
            file.Write(new byte[1000]);
            throw new IOException("no space left on device");
        }

        public override string Check(ExportedNetwork network, FileNames names, string path) => "";
    }
}
