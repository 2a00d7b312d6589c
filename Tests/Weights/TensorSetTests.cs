using Ablation.Harness.Formats;
using Ablation.Harness.Foundations;
using Ablation.Harness.Weights;
using TorchSharp;
using TorchSharp.PyBridge;
using static TorchSharp.torch;

namespace Ablation.Tests.Weights;

/// <summary>What is written to a file of weights is read back, bit by bit; also by an independent writer, TorchSharp.PyBridge.</summary>
public sealed class TensorSetTests
{
    private static readonly ScalarType[] Types =
    [
        ScalarType.Float32, ScalarType.Float64, ScalarType.Float16, ScalarType.BFloat16, ScalarType.Int64, ScalarType.Int32,
        ScalarType.Int16, ScalarType.Int8, ScalarType.Byte, ScalarType.Bool,
    ];

    private TemporaryFolder folder = null!;
    private DisposeScope scope = null!;

    [SetUp]
    public void Make() => (folder, scope) = (new TemporaryFolder(), NewDisposeScope());

    [TearDown]
    public void Remove()
    {
        scope.Dispose();
        folder.Dispose();
    }

    private TensorSet Open(byte[] file)
    {
        File.WriteAllBytes(folder.File("w.pth"), file);
        return TensorSet.Open(folder.File("w.pth"));
    }

    [TestCaseSource(nameof(Types))]
    public void Every_element_type_is_read_bit_by_bit(ScalarType type)
    {
        var values = randn(3, 5).mul_(50).to(type);
        using var set = Open(TorchWriter.StateDict([KeyValuePair.Create("w", values), KeyValuePair.Create("scalar", tensor(2L))]));
        using var read = set.Read("w");
        Assert.That((read.dtype, read.bytes.ToArray()), Is.EqualTo((type, values.bytes.ToArray())));
        Assert.That(set.Read("scalar").shape, Is.Empty);
        Assert.That(set.Find("w")!.Shape, Is.EqualTo(new long[] { 3, 5 }));
    }

    [Test]
    public void Views_of_a_storage_are_read_by_offset_and_stride()
    {
        var all = arange(60, ScalarType.Float32);
        var writer = new TorchWriter().Map();
        var storage = writer.Store(all.bytes.ToArray());
        writer.Text("transposed").View("FloatStorage", storage, 60, 12, [6, 4], [1, 6]);
        writer.Text("strided").View("FloatStorage", storage, 60, 3, [5, 2], [10, 4]);
        writer.Text("part").View("FloatStorage", storage, 60, 20, [2, 5], [5, 1]);
        writer.Text("empty").View("FloatStorage", storage, 60, 60, [0, 5], [5, 1]);
        using var set = Open(writer.EndMap().Op(".").File());
        foreach (var (name, shape, strides, offset) in new (string, long[], long[], long)[]
            { ("transposed", [6, 4], [1, 6], 12), ("strided", [5, 2], [10, 4], 3), ("part", [2, 5], [5, 1], 20) })
        {
            var expected = all.as_strided(shape, strides, offset).contiguous();
            Assert.That(set.Read(name).data<float>().ToArray(), Is.EqualTo(expected.data<float>().ToArray()), name);
            var target = zeros(shape, ScalarType.Float64);
            set.ReadInto(name, target);
            Assert.That(target.data<double>().ToArray(), Is.EqualTo(expected.data<float>().ToArray()), name);
        }

        Assert.That(set.Read("empty").shape, Is.EqualTo(new long[] { 0, 5 }));
    }

    [Test]
    public void A_checkpoint_gives_its_state_dict_and_its_numbers()
    {
        var writer = new TorchWriter().Op("}(").Text("epoch").Number(7).Text("hyper_parameters").Op("cargparse\nNamespace\n)\u0081}")
            .Text("lr").Op("G?\u00b9\u0099\u0099\u0099\u0099\u0099\u009asb").Text("callbacks").Op("cpathlib\nPosixPath\n(X\u0001\0\0\0atR")
            .Text("seed").Op(0x8a, 16).Op(new byte[16]).Text("state_dict").Map().Text("model.w").Tensor(ones(2, 3)).EndMap().Metadata();
        using var set = Open(writer.Op("u.").File());
        Assert.That(set.Tensors.Select(one => one.Name), Is.EqualTo(new[] { "model.w" }));
        Assert.That(set.Metadata["entry"], Is.EqualTo("state_dict"));
        Assert.That(set.Metadata["checkpoint epoch"], Is.EqualTo("7"));
    }

    [Test]
    public void Parameters_and_the_64_bit_form_of_the_archive_are_read()
    {
        var writer = new TorchWriter().Map().Text("w").Op("ctorch._utils\n_rebuild_parameter\n").Tensor(ones(4)).Op("\u0088").Map().EndMap()
            .Op("\u0087R");
        using var set = Open(writer.EndMap().Op(".").File(wide: true));
        Assert.That(set.Read("w").data<float>().ToArray(), Is.EqualTo(new float[] { 1, 1, 1, 1 }));
    }

    [TestCase(false)]
    [TestCase(true)]
    public void Files_of_PyBridge_are_read(bool safe)
    {
        using var module = nn.Sequential(("conv", nn.Conv2d(3, 4, 3)), ("bn", nn.BatchNorm2d(4)), ("prelu", nn.PReLU(4)));
        var path = folder.File(safe ? "w.safetensors" : "w.pth");
        if (safe) module.save_safetensors(path);
        else
        {
            module.save_py(path);
            Assert.That(Assert.Throws<DataProblem>(() => TensorSet.Open(path).Dispose())!.What, Does.Contain("compressed"));
            Unpack(path);
        }

        using var set = TensorSet.Open(path);
        var state = module.state_dict();
        Assert.That(set.Tensors.Select(one => one.Name), Is.EquivalentTo(state.Keys));
        Assert.That(set.Format, Is.EqualTo(safe ? "safetensors" : "pth"));
        foreach (var (name, value) in state)
            Assert.That(set.Read(name).bytes.ToArray(), Is.EqualTo(value.bytes.ToArray()), name);
    }

    /// <summary>PyBridge compresses its entries; PyTorch stores them.</summary>
    private static void Unpack(string path)
    {
        var stored = new MemoryStream();
        using (var archive = System.IO.Compression.ZipFile.OpenRead(path))
        {
            var zip = new ZipWriter(stored);
            foreach (var entry in archive.Entries)
            {
                using var bytes = new MemoryStream();
                using (var packed = entry.Open()) packed.CopyTo(bytes);
                zip.Add(entry.FullName, bytes.ToArray());
            }

            zip.End();
        }

        File.WriteAllBytes(path, stored.ToArray());
    }

    [Test]
    public void PyBridge_reads_the_files_of_the_tests_writer()
    {
        var values = randn(4, 6);
        File.WriteAllBytes(folder.File("w.pth"), TorchWriter.StateDict([KeyValuePair.Create("w", values)]));
        using var module = nn.Linear(6, 4, hasBias: false);
        File.WriteAllBytes(folder.File("l.pth"), TorchWriter.StateDict([KeyValuePair.Create("weight", values)]));
        module.load_py(folder.File("l.pth"));
        Assert.That(module.weight!.data<float>().ToArray(), Is.EqualTo(values.data<float>().ToArray()));
    }

    [Test]
    public void A_safetensors_file_of_every_type_is_read()
    {
        var tensors = Types.Select(type => (Name: $"{type}", Value: randn(2, 3).mul_(9).to(type))).ToList();
        var (header, bytes) = (new List<string> { "\"__metadata__\":{\"format\":\"pt\"}" }, new MemoryStream());
        foreach (var (name, value) in tensors)
        {
            var element = Enum.GetValues<TensorElement>().Single(one => TensorSet.TypeOf(one) == value.dtype);
            var from = bytes.Position;
            bytes.Write(value.bytes);
            header.Add($"\"{name}\":{{\"dtype\":\"{element.ToString().ToUpperInvariant()}\",\"shape\":[2,3]," +
                $"\"data_offsets\":[{from},{bytes.Position}]}}");
        }

        var json = System.Text.Encoding.UTF8.GetBytes("{" + string.Join(',', header) + "}   ");
        using var set = Open([.. BitConverter.GetBytes((long)json.Length), .. json, .. bytes.ToArray()]);
        Assert.That(set.Metadata["format"], Is.EqualTo("pt"));
        foreach (var (name, value) in tensors) Assert.That(set.Read(name).bytes.ToArray(), Is.EqualTo(value.bytes.ToArray()), name);
    }
}
