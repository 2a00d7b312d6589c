using System.Diagnostics;
using System.Text;
using Ablation.Harness.Foundations;
using Ablation.Harness.Weights;

namespace Ablation.Tests.Weights;

/// <summary>Damaged and hostile files of weights are refused, in under a second each, with the place and what would help.</summary>
public sealed class WeightsFaultTests
{
    private const string Tensor = "ctorch._utils\n_rebuild_tensor_v2\n";

    // made without libtorch, which is not loaded yet when tests are listed
    private static readonly byte[] Sound = OneTensor();
    private TemporaryFolder folder = null!;

    [SetUp]
    public void Make() => folder = new TemporaryFolder();

    [TearDown]
    public void Remove() => folder.Dispose();

    private static IEnumerable<TestCaseData> Files()
    {
        foreach (var share in new[] { 0, 1, 3, 10, 30, 50, 70, 90, 97, 99 })
            yield return Case($"cut to {share} %", Sound[..(Sound.Length * share / 100)], "");
        yield return Case("without the last byte", Sound[..^1], "cut off");
        yield return Case("with a byte more", [.. Sound, 0], "cut off");
        yield return Case("a flipped bit of the pickle", Flipped(Find(Sound, "_rebuild_tensor_v2"u8)), "checksum");
        yield return Case("a flipped bit of the values", Flipped(Find(Sound, [0, 0, 0x80, 0x3f, 0, 0, 0, 0x40])), "checksum");
        yield return Case("a flipped bit of a header", Flipped(0), "");
        yield return Case("a flipped bit of the directory", Flipped(Find(Sound, [0x50, 0x4b, 1, 2])), "directory");

        yield return Pickle("os.system", "cos\nsystem\nX\u0002\0\0\0id\u0085R.", "os.system");
        yield return Pickle("posix.system", "\u008c\u0005posix\u008c\u0006system\u0093.", "posix.system");
        yield return Pickle("eval", "c__builtin__\neval\nX\u0001\0\0\0" + "1\u0085R.", "builtins.eval");
        yield return Pickle("exec under a dict", "}X\u0001\0\0\0acbuiltins\nexec\n)Rs.", "builtins.exec");
        yield return Pickle("subprocess", "csubprocess\nPopen\n)R.", "subprocess.Popen");
        yield return Pickle("a module's own loader", "cimportlib\nimport_module\n)R.", "importlib");
        yield return Pickle("a program of torch.hub", "ctorch.hub\nload\n)R.", "torch.hub");
        yield return Pickle("an instance by INST", "(iposix\nsystem\n.", "opcode");
        yield return Pickle("a whole module", "cbackbones.iresnet\nIResNet\n)\u0081}X\u0001\0\0\0aK\u0001sb.",
            "backbones.iresnet.IResNet");
        yield return Pickle("a whole module in a checkpoint", "}X\u0005\0\0\0modelcmy.nets\nNet\n)\u0081s.", "my.nets.Net");
        yield return Pickle("no tensors", "}X\u0005\0\0\0epochK\u0001s.", "\"epoch\"");
        yield return Pickle("an empty dict", "}.", "no tensors");
        yield return Pickle("a list", "].", "neither a state dict");
        yield return Pickle("no end", "}", "cut off");
        yield return Pickle("an empty stack", ".", "other than one value");
        yield return Pickle("a protocol of the future", "\u0080\u0009}.", "later than 5");
        yield return Pickle("a string longer than the file", "X\u00ff\u00ff\u00ff\u007fa.", "are left");
        yield return Pickle("a key without a value", "}(K\u0001u.", "without a value");
        yield return Pickle("a value that was never stored", "h\u0007.", "never stored");
        yield return Pickle("a persistent id of another kind", "X\u0001\0\0\0aQ.", "persistent id");
        yield return Pickle("a sparse tensor", Dict("w", "ctorch._utils\n_rebuild_sparse_tensor\n)R"), "_rebuild_sparse_tensor");
        yield return Pickle("a name that is a number", $"}}K\u0001{View("FloatStorage", 6, 0, [2, 3], [3, 1])}s.", "not text");
        yield return Pickle("a name twice",
            $"}}(X\u0001\0\0\0w{View("FloatStorage", 6, 0, [6], [1])}X\u0001\0\0\0w{View("FloatStorage", 6, 0, [6], [1])}u.", "twice");
        yield return Pickle("values without end", new string('N', 5_000_000), "values");
        yield return Pickle("steps without end", string.Concat(Enumerable.Repeat("]0", 10_000_000)), "");
        yield return Pickle("marks without end", new string('(', 5_000), "nested");

        yield return Pickle("no such storage", Dict("w", View("FloatStorage", 6, 0, [6], [1], key: "9")), "not in the file");
        yield return Pickle("a storage of another size", Dict("w", View("FloatStorage", 7, 0, [6], [1])), "should have 28 bytes");
        yield return Pickle("a storage of 2^62 elements", Dict("w", View("DoubleStorage", 1L << 62, 0, [6], [1])), "should have");
        yield return Pickle("an offset beyond", Dict("w", View("FloatStorage", 6, 1, [6], [1])), "beyond its storage");
        yield return Pickle("a negative offset", Dict("w", View("FloatStorage", 6, -1, [6], [1])), "beyond its storage");
        yield return Pickle("a negative size", Dict("w", View("FloatStorage", 6, 0, [-6], [1])), "impossible");
        yield return Pickle("a negative stride", Dict("w", View("FloatStorage", 6, 5, [6], [-1])), "negative stride");
        yield return Pickle("a stride beyond", Dict("w", View("FloatStorage", 6, 0, [3], [3])), "beyond its storage");
        yield return Pickle("one value as 2^40", Dict("w", View("FloatStorage", 6, 0, [1L << 20, 1L << 20], [0, 0])), "beyond its storage");
        yield return Pickle("a shape whose product overflows", Dict("w", View("FloatStorage", 6, 0, [1L << 40, 1L << 40], [0, 0])),
            "impossible");
        yield return Pickle("fewer strides than sizes", Dict("w", View("FloatStorage", 6, 0, [2, 3], [1])), "impossible");
        yield return Pickle("strides that overflow", Dict("w", View("FloatStorage", 6, 0, [3, 2], [long.MaxValue, long.MaxValue])),
            "beyond its storage");

        yield return Zip("a compressed entry", zip => zip.Add("a/data.pkl", "}."u8, method: 8).End(), "compressed");
        yield return Zip("a bomb: more bytes than are stored", zip => zip.Add("a/data.pkl", "}."u8, size: 4_000_000_000).End(),
            "compressed");
        yield return Zip("a compressed storage", zip => zip.Add("a/data.pkl", Encoding.Latin1.GetBytes("\u0080\u0002" +
            Dict("w", View("FloatStorage", 6, 0, [6], [1])))).Add("a/data/0", new byte[24], method: 8).End(), "compressed");
        yield return Zip("an encrypted entry", zip => zip.Add("a/data.pkl", "}."u8, flags: 1).End(), "encrypted");
        yield return Zip("two entries of one name", zip => zip.Add("a/data.pkl", "}."u8).Add("a/data.pkl", "}."u8).End(), "two entries");
        yield return Zip("two pickles", zip => zip.Add("a/data.pkl", "}."u8).Add("b/data.pkl", "}."u8).End(), "2 entries called data.pkl");
        yield return Zip("no pickle", zip => zip.Add("a/readme", "}."u8).End(), "0 entries called data.pkl");
        yield return Zip("an entry in the directory", zip => zip.Add("a/data.pkl", "}."u8, at: 100).End(), "");
        yield return Zip("more entries than there are", zip => zip.Add("a/data.pkl", "}."u8).End(count: 5000), "directory");
        yield return Zip("overlapping entries", zip =>
        {
            zip.Add("a/data.pkl", "}."u8);
            zip.Add("a/data.pkl", [], at: 0).End();
        }, "two entries");
        yield return Zip("TorchScript", zip => zip.Add("a/data.pkl", "}."u8).Add("a/constants.pkl", "}."u8).End(), "TorchScript");
        yield return Zip("big-endian", zip => zip.Add("a/data.pkl", "}."u8).Add("a/byteorder", "big"u8).End(), "big-endian");

        yield return Case("before PyTorch 1.6", [0x80, 2, 0x8a, 10, 0x6c, 0xfc, 0x9c, 0x46, 0xf9, 0x20, 0x6a, 0xa8, 0x50, 0x19, .. "."u8],
            "before PyTorch 1.6");
        yield return Case("a pointer of LFS", Encoding.ASCII.GetBytes("version https://git-lfs.github.com/spec/v1\n"), "Git LFS");
        yield return Case("a page of a web server", Encoding.ASCII.GetBytes("<!DOCTYPE html><html>quota exceeded</html>"), "neither a ZIP");

        yield return Pickle("a list that is copied without end", "ccollections\nOrderedDict\nq\u0000]q\u0001(" +
            string.Concat(Enumerable.Repeat("NN\u0086", 20_000)) + "e0" + string.Concat(Enumerable.Repeat("h\u0000h\u0001\u0085R0", 200)) +
            Dict("w", View("FloatStorage", 6, 0, [6], [1])), "entries of dictionaries");
        yield return Pickle("17 dimensions", Dict("w", View("FloatStorage", 6, 0, [.. Enumerable.Repeat(1L, 17)],
            [.. Enumerable.Repeat(1L, 17)])), "17 dimensions");
        yield return Case("a directory of -1 entries", Zip64Ends.Write(count: -1, size: -1), "");
        yield return Json("an element type by its number", Entry("w", "-1", "[2]", 0, 2), 2, "is not read");
        yield return Json("a header longer than the file", "{}", 0, "cut off", length: 1 << 20);
        yield return Json("a header of 2^63 bytes", "{}", 0, "cut off", length: long.MinValue);
        yield return Json("no JSON", "{\"w\": ]", 0, "damaged");
        yield return Json("nested without end", "{\"w\":" + new string('[', 100_000), 0, "damaged");
        yield return Json("a hole", Entry("w", "F32", "[2]", 4, 12), 12, "no tensor uses");
        yield return Json("an overlap", $"{Entry("v", "F32", "[2]", 0, 8)[..^1]},{Entry("w", "F32", "[2]", 4, 12)[1..]}", 12, "overlaps");
        yield return Json("bytes left over", Entry("w", "F32", "[2]", 0, 8), 9, "follow the last");
        yield return Json("bytes that miss", Entry("w", "F32", "[2]", 0, 8), 7, "cut off");
        yield return Json("a size that does not fit", Entry("w", "F32", "[3]", 0, 8), 8, "do not fill");
        yield return Json("a negative size", Entry("w", "F32", "[-2]", 0, 8), 8, "do not fill");
        yield return Json("a size that overflows", Entry("w", "F32", "[4294967296,4294967296,2]", 0, 8), 8, "do not fill");
        yield return Json("offsets in reverse", Entry("w", "F32", "[0]", 8, 0), 8, "do not fill");
        yield return Json("an unknown type", Entry("w", "F4", "[2]", 0, 1), 1, "element type F4");
        yield return Json("a type by its number", Entry("w", "1", "[2]", 0, 8), 8, "element type 1");
        yield return Json("an unknown key", "{\"w\":{\"dtype\":\"F32\",\"shape\":[],\"data_offsets\":[0,4],\"x\":1}}", 4, "unknown");
        yield return Json("a tensor twice", $"{Entry("w", "F32", "[1]", 0, 4)[..^1]},{Entry("w", "F32", "[1]", 4, 8)[1..]}", 8, "twice");
        yield return Json("text after the header", "{}{}", 0, "damaged");
    }

    [TestCaseSource(nameof(Files))]
    public void It_is_refused_at_once(byte[] bytes, string what)
    {
        var path = folder.File("weights.pth");
        File.WriteAllBytes(path, bytes);
        var clock = Stopwatch.StartNew();
        var problem = Assert.Throws<DataProblem>(() =>
        {
            using var set = TensorSet.Open(path);
            foreach (var tensor in set.Tensors) set.Read(tensor.Name).Dispose();
        })!;
        Assert.That(clock.Elapsed, Is.LessThan(TimeSpan.FromSeconds(1)));
        Assert.That(problem.Where, Does.StartWith(path));
        Assert.That(problem.What, Does.Contain(what));
        Assert.That(problem.Cure, Is.Not.Empty);
    }

    [Test]
    public void A_pickle_that_would_run_a_command_runs_nothing()
    {
        var (path, proof) = (folder.File("weights.pth"), folder.File("proof"));
        var bytes = new MemoryStream();
        new ZipWriter(bytes).Add("a/data.pkl", Encoding.Latin1.GetBytes($"\u0080\u0002cos\nsystem\n(S'touch {proof}'\ntR.")).End();
        File.WriteAllBytes(path, bytes.ToArray());
        Assert.Throws<DataProblem>(() => TensorSet.Open(path).Dispose());
        Assert.That(File.Exists(proof), Is.False);
    }

    [Test]
    public void The_sound_file_is_read()
    {
        File.WriteAllBytes(folder.File("w.pth"), Sound);
        using var set = TensorSet.Open(folder.File("w.pth"));
        using var tensor = set.Read("w");
        Assert.That(tensor.data<float>().ToArray(), Is.EqualTo(Enumerable.Range(0, 24)));
    }

    /// <summary>Any single flipped byte is refused or changes nothing that is read.</summary>
    [Test]
    public void No_flipped_byte_changes_a_value_silently()
    {
        var path = folder.File("w.pth");
        for (var at = 0; at < Sound.Length; at++)
        {
            var bytes = Sound.ToArray();
            bytes[at] ^= 0xff;
            File.WriteAllBytes(path, bytes);
            try
            {
                using var set = TensorSet.Open(path);
                using var tensor = set.Read("w");
                Assert.That(tensor.data<float>().ToArray(), Is.EqualTo(Enumerable.Range(0, 24)), $"byte {at}");
            }
            catch (DataProblem)
            {
                // refused, as it should be
            }
        }
    }

    private static byte[] OneTensor()
    {
        var writer = new TorchWriter().Map().Text("w");
        var storage = writer.Store([.. Enumerable.Range(0, 24).SelectMany(value => BitConverter.GetBytes((float)value))]);
        return writer.View("FloatStorage", storage, 24, 0, [4, 6], [6, 1]).EndMap().Metadata().Op(".").File();
    }

    private static TestCaseData Case(string name, byte[] bytes, string what) => new TestCaseData(bytes, what).SetName(name);

    private static byte[] Flipped(int at)
    {
        var bytes = Sound.ToArray();
        bytes[at] ^= 4;
        return bytes;
    }

    private static int Find(byte[] bytes, ReadOnlySpan<byte> pattern) => bytes.AsSpan().IndexOf(pattern) is >= 0 and var at ? at
        : throw new ArgumentException("not in the file");

    /// <summary>An archive with this pickle and a storage of six floats.</summary>
    private static TestCaseData Pickle(string name, string opcodes, string what) => Zip(name,
        zip => zip.Add("a/data.pkl", Encoding.Latin1.GetBytes("\u0080\u0002" + opcodes)).Add("a/data/0", new byte[24]).End(), what);

    private static TestCaseData Zip(string name, Action<ZipWriter> write, string what)
    {
        var bytes = new MemoryStream();
        write(new ZipWriter(bytes));
        return Case(name, bytes.ToArray(), what);
    }

    private static TestCaseData Json(string name, string header, int values, string what, long? length = null) => Case(name,
        [.. BitConverter.GetBytes(length ?? header.Length), .. Encoding.UTF8.GetBytes(header), .. new byte[values]], what);

    private static string Entry(string name, string type, string shape, int from, int to) =>
        $"{{\"{name}\":{{\"dtype\":\"{type}\",\"shape\":{shape},\"data_offsets\":[{from},{to}]}}}}";

    private static string Dict(string name, string value) => $"}}X\u0001\0\0\0{name}{value}s.";

    private static string View(string type, long elements, long offset, long[] shape, long[] strides, string key = "0") =>
        $"{Tensor}((X\u0007\0\0\0storagectorch\n{type}\nX\u0001\0\0\0{key}X\u0003\0\0\0cpu{Number(elements)}tQ{Number(offset)}" +
        $"({string.Concat(shape.Select(Number))}t({string.Concat(strides.Select(Number))}t\u0089}}tR";

    private static string Number(long value) => "\u008a\u0008" + Encoding.Latin1.GetString(BitConverter.GetBytes(value));
}
