using System.Text;
using Ablation.Experiments.Evaluating;
using Ablation.Harness.Formats;
using Ablation.Harness.Foundations;

namespace Ablation.Tests.Formats;

/// <summary>Embeddings of any floating type, byte order and memory order.</summary>
public sealed class NpyMatrixTests
{
    private static readonly double[] Values = [1.5, -0.25, 3, 0.1, -1e-3, 65];

    private static byte[] File(string descr, bool isFortran, string shape, IEnumerable<byte> values)
    {
        var header = $"{{'descr': '{descr}', 'fortran_order': {(isFortran ? "True" : "False")}, 'shape': ({shape}), }}".PadRight(117)
            + "\n";
        return [0x93, .. "NUMPY"u8, 1, 0, 118, 0, .. Encoding.ASCII.GetBytes(header), .. values];
    }

    private static IEnumerable<byte> Bytes(string descr, IEnumerable<double> values) => values.SelectMany(value =>
    {
        var bytes = descr[2] switch
        {
            '2' =>
            BitConverter.GetBytes((Half)value),
            '4' => BitConverter.GetBytes((float)value),
            _ => BitConverter.GetBytes(value)
        };
        return descr[0] == '>' ? bytes.Reverse() : bytes;
    });

    private static (float[] Values, int Rows, int Columns) Read(byte[] file)
    {
        using var stream = new MemoryStream(file);
        return NpyMatrix.Read(stream, "e.npy", file.Length);
    }

    [TestCase("<f8")]
    [TestCase(">f8")]
    [TestCase("<f4")]
    [TestCase(">f4")]
    [TestCase("<f2")]
    [TestCase(">f2")]
    public void Every_floating_type_is_read_as_float32(string descr)
    {
        float[] expected = [.. Values.Select(value => descr[2] == '2' ? (float)(Half)value : (float)value)];
        Assert.That(Read(File(descr, false, "2, 3", Bytes(descr, Values))), Is.EqualTo((expected, 2, 3))
            .Using<(float[], int, int)>((a, b) => a.Item1.SequenceEqual(b.Item1) && a.Item2 == b.Item2 && a.Item3 == b.Item3));
        double[] columns = [Values[0], Values[3], Values[1], Values[4], Values[2], Values[5]];
        Assert.That(Read(File(descr, true, "2, 3", Bytes(descr, columns))).Values, Is.EqualTo(expected), "columns first");
    }

    [Test]
    public void A_long_matrix_is_read_in_pieces()
    {
        const int rows = 70_001;
        double[] values = [.. Enumerable.Range(0, 2 * rows).Select(i => i / 7.0)];
        Assert.That(Read(File("<f8", false, $"{rows}, 2", Bytes("<f8", values))).Values, Is.EqualTo(values.Select(value => (float)value)));
    }

    [TestCase("<i8", "2, 3", 48,
        "values of NumPy's type <i8, and embeddings are float32; save float32: numpy.save(path, array.astype(numpy.float32))")]
    [TestCase("<c16", "2, 3", 96, "type <c16")]
    [TestCase("<f8", "6,", 48, "embeddings are a matrix")]
    [TestCase("<f8", "2, 3, 1", 48, "embeddings are a matrix")]
    [TestCase("<f8", "2, 3", 47, "cut off")]
    [TestCase("<f8", "2, 3", 49, "save one array a file")]
    [TestCase("<f8", "40000, 40000", 48, "12800000000 bytes, and 48 follow")]
    public void Arrays_that_are_not_embeddings_are_refused_with_the_remedy(string descr, string shape, int bytes, string what) =>
        Assert.That(() => Read(File(descr, false, shape, new byte[bytes])), Throws.TypeOf<DataProblem>().With.Message.Contains(what));

    [Test]
    public void A_value_beyond_float32_is_refused_and_infinity_and_NaN_are_kept()
    {
        Assert.That(() => Read(File("<f8", false, "2, 3", Bytes("<f8", [1, 2, 3, 1e300, 5, 6]))),
            Throws.TypeOf<DataProblem>().With.Message.Contains("value 3 is 1E+300"));
        Assert.That(Read(File("<f8", false, "1, 2", Bytes("<f8", [double.NaN, double.PositiveInfinity]))).Values,
            Is.EqualTo(new[] { float.NaN, float.PositiveInfinity }));
    }

    [Test]
    public void No_more_names_are_read_than_there_are_rows()
    {
        using var folder = new TemporaryFolder();
        System.IO.File.WriteAllBytes(folder.File("e.npy"), File("<f8", false, "2, 3", Bytes("<f8", Values)));
        System.IO.File.WriteAllText(folder.File("e.names.txt"), "a b\r\n c\r\n");
        Assert.That(EmbeddingFile.Read(folder.File("e.npy")).Names, Is.EqualTo(new[] { "a b", " c" }));
        System.IO.File.WriteAllText(folder.File("e.names.txt"), "a b\n\n\n\n");
        Assert.That(() => EmbeddingFile.Read(folder.File("e.npy")),
            Throws.TypeOf<DataProblem>().With.Message.Contains("1 names for 2 rows"));
        System.IO.File.WriteAllText(folder.File("e.names.txt"), "a b\n c\n\n\n\n");
        Assert.That(EmbeddingFile.Read(folder.File("e.npy")).Names, Is.EqualTo(new[] { "a b", " c" }), "empty lines at the end");
        System.IO.File.WriteAllText(folder.File("e.names.txt"), string.Concat(Enumerable.Repeat("x\n", 1000)));
        Assert.That(() => EmbeddingFile.Read(folder.File("e.npy")),
            Throws.TypeOf<DataProblem>().With.Message.Contains("at least 3 names for 2 rows"));
        System.IO.File.WriteAllText(folder.File("e.names.txt"), new string('x', 1 << 20));
        Assert.That(() => EmbeddingFile.Read(folder.File("e.npy")),
            Throws.TypeOf<DataProblem>().With.Message.Contains("a line of more than"));
    }
}
