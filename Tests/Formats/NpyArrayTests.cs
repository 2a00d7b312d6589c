using System.Text;
using Ablation.Harness.Formats;
using Ablation.Harness.Foundations;

namespace Ablation.Tests.Formats;

/// <summary>Arrays in NumPy's format: the bytes that NumPy writes, and damaged files.</summary>
public sealed class NpyArrayTests
{
    // np.save of np.array([[1, 2, 3], [4, 5, 6]], dtype='<f4'): magic, version 1.0, header of 118 bytes, values
    private static readonly string Known = "{'descr': '<f4', 'fortran_order': False, 'shape': (2, 3), }".PadRight(117) + "\n";

    [Test]
    public void A_matrix_is_written_as_NumPy_writes_it()
    {
        using var stream = new MemoryStream();
        NpyArray.Write<float>(stream, [1, 2, 3, 4, 5, 6], 2, 3);
        byte[] expected = [0x93, .. "NUMPY"u8, 1, 0, 118, 0, .. Encoding.ASCII.GetBytes(Known),
            .. new float[] { 1, 2, 3, 4, 5, 6 }.SelectMany(BitConverter.GetBytes)];
        Assert.That(stream.ToArray(), Is.EqualTo(expected));
        Assert.That(stream.Length % 4, Is.Zero);
    }

    [Test]
    public void Every_element_type_reads_back()
    {
        Check([1.5f, float.NaN, -0f]);
        Check([1.5, double.Epsilon]);
        Check([1, int.MinValue]);
        Check([1L, long.MaxValue]);
        Check([(short)-3, short.MaxValue]);
        Check([(byte)0, (byte)255]);
        Check([true, false]);
        Assert.That(NpyArray.Codes, Has.Count.EqualTo(7), "a new type must be tested");
    }

    [Test]
    public void Other_versions_and_other_spacing_of_a_header_are_read()
    {
        var header = "{'shape':(3,),'descr':'<i4','fortran_order':False}"; // NumPy never writes this order of keys
        Assert.That(() => Read(Bytes(2, header, 12)), Throws.TypeOf<DataProblem>());
        header = "{'descr':'<i4','fortran_order':False,'shape':(3,)}  \n";
        Assert.That(Read(Bytes(2, header, 12)).Shape, Is.EqualTo(new long[] { 3 }));
        Assert.That(Read(Bytes(1, header, 12)).Values, Has.Length.EqualTo(3));
    }

    [TestCase("{'descr': '<i4', 'fortran_order': False, 'shape': (4,), }", 12, "cut off|too short")]
    [TestCase("{'descr': '<i4', 'fortran_order': False, 'shape': (2000000000,), }", 12, "too short")]
    [TestCase("{'descr': '<i4', 'fortran_order': False, 'shape': (99999999999,), }", 12, "shape")]
    [TestCase("{'descr': '<i4', 'fortran_order': False, 'shape': (100000, 100000), }", 12, "more values")]
    [TestCase("{'descr': '<i4', 'fortran_order': False, 'shape': (-1,), }", 12, "shape")]
    [TestCase("{'descr': '>i4', 'fortran_order': False, 'shape': (3,), }", 12, "type >i4")]
    [TestCase("{'descr': '|O', 'fortran_order': False, 'shape': (3,), }", 12, @"type \|O")]
    [TestCase("{'descr': '<i4', 'fortran_order': True, 'shape': (3,), }", 12, "Fortran")]
    [TestCase("nothing", 12, "header nothing")]
    public void What_cannot_be_read_is_refused(string header, int bytes, string what) =>
        Assert.That(() => Read(Bytes(1, header, bytes)),
            Throws.TypeOf<DataProblem>().With.Message.Match(what).And.Message.StartsWith("file"));

    [TestCase(0)]
    [TestCase(5)]
    [TestCase(9)]
    [TestCase(40)]
    public void A_file_truncated_in_its_header_is_refused(int length) =>
        Assert.That(() => Read(Bytes(1, "{'descr': '<i4', 'fortran_order': False, 'shape': (3,), }", 12)[..length]),
            Throws.TypeOf<DataProblem>());

    [Test]
    public void A_truth_is_0_or_1()
    {
        using var stream = new MemoryStream();
        NpyArray.Write<byte>(stream, [0, 1, 2], 3);
        var text = Encoding.Latin1.GetString(stream.ToArray()).Replace("|u1", "|b1", StringComparison.Ordinal);
        Assert.That(() => NpyArray.Read(new MemoryStream(Encoding.Latin1.GetBytes(text)), "file"),
            Throws.TypeOf<DataProblem>().With.Message.Contains("neither 0 nor 1"));
    }

    private static void Check<T>(T[] values) where T : unmanaged
    {
        using var stream = new MemoryStream();
        NpyArray.Write<T>(stream, values, values.Length);
        stream.Position = 0;
        var read = NpyArray.Read(stream, "file", stream.Length).Values;
        Assert.That(read, Is.TypeOf<T[]>());
        Assert.That(read, Is.EqualTo(values));
    }

    private static byte[] Bytes(byte version, string header, int values)
    {
        byte[] length = version == 1 ? BitConverter.GetBytes((ushort)header.Length) : BitConverter.GetBytes(header.Length);
        return [0x93, .. "NUMPY"u8, version, 0, .. length, .. Encoding.ASCII.GetBytes(header), .. new byte[values]];
    }

    private static StoredArray Read(byte[] bytes) => NpyArray.Read(new MemoryStream(bytes), "file", bytes.Length);
}
