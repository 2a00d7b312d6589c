using Ablation.Harness.Faces;
using Ablation.Harness.Foundations;
using Ablation.Harness.Inspection;
using Ablation.Harness.Protocols;
using Ablation.Tests.Formats;
using Ablation.Tests.Images;

namespace Ablation.Tests.Protocols;

/// <summary>Truths of verification files as the versions of Python and NumPy in use write them.</summary>
public sealed class PickleTruthTests
{
    private static readonly bool[] Same = [true, false, false, true];
    private static readonly byte[][] Images = [.. Enumerable.Range(0, 8).Select(seed => Pictures.Png(Pictures.Of(seed)))];
    private TemporaryFolder folder = null!;

    [SetUp]
    public void Make() => folder = new TemporaryFolder();

    [TearDown]
    public void Remove() => folder.Dispose();

    /// <summary>Writes a tuple of the images and the value that <paramref name="truths"/> writes.</summary>
    private bool[] Read(int protocol, Action<PickleWriter> truths)
    {
        var pickle = new PickleWriter().Op(0x80, (byte)protocol).Op("(](");
        foreach (var image in Images) PickleWriter.Python3Bytes(pickle, image);
        pickle.Op("e");
        truths(pickle);
        File.WriteAllBytes(folder.File("x.bin"), pickle.Op("t.").Bytes);
        using var pairs = new VerificationBinOptions { Path = "x.bin" }.Open(new DataRoot(folder.Path));
        return [.. pairs.Pairs.Select(pair => pair.Same)];
    }

    private static void Global(PickleWriter pickle, bool isNew, string name)
    {
        if (!isNew)
        {
            pickle.Op($"cnumpy.core.multiarray\n{name}\n");
            return;
        }

        PickleWriter.Word(pickle, "numpy._core.multiarray");
        PickleWriter.Word(pickle, name);
        pickle.Op(0x93);
    }

    /// <summary>numpy.dtype(code) with its byte order.</summary>
    private static void Type(PickleWriter pickle, string code, string order)
    {
        pickle.Op("cnumpy\ndtype\n");
        PickleWriter.Word(pickle, code);
        pickle.Op("\u0089\u0088\u0087R(K\u0003");
        PickleWriter.Word(pickle, order);
        pickle.Op("NNNJ").Int32(-1).Op("J").Int32(-1).Op("K\0tb");
    }

    private static byte[] Bytes(string code, string order, double value)
    {
        byte[] bytes = code switch
        {
            "i4" or "u4" => BitConverter.GetBytes((int)value),
            "i8" => BitConverter.GetBytes((long)value),
            "u2" => BitConverter.GetBytes((ushort)value),
            "f4" => BitConverter.GetBytes((float)value),
            "f8" => BitConverter.GetBytes(value),
            "f2" => BitConverter.GetBytes((Half)value),
            _ => [(byte)value],
        };
        return order == ">" ? [.. bytes.Reverse()] : bytes;
    }

    private static void Array(PickleWriter pickle, bool isNew, string code, string order, IReadOnlyList<double> values, string shape = "")
    {
        Global(pickle, isNew, "_reconstruct");
        pickle.Op("cnumpy\nndarray\nK\0\u0085C\u0001b\u0087R(K\u0001K").Op((byte)values.Count);
        pickle.Op(shape == "column" ? "K\u0001\u0086" : "\u0085");
        Type(pickle, code, order);
        byte[] bytes = [.. values.SelectMany(value => Bytes(code, order, value))];
        pickle.Op("\u0089C").Op((byte)bytes.Length).Op(bytes).Op("tb");
    }

    [TestCase("b1", "|")]
    [TestCase("u1", "|")]
    [TestCase("i8", "<")]
    [TestCase("i4", ">")]
    [TestCase("u2", ">")]
    [TestCase("f8", "<")]
    [TestCase("f4", ">")]
    [TestCase("f2", "<")]
    public void Arrays_of_NumPy_are_read(string code, string order)
    {
        double[] values = [.. Same.Select(same => same ? 1.0 : 0.0)];
        Assert.That(Read(2, pickle => Array(pickle, false, code, order, values)), Is.EqualTo(Same));
        Assert.That(Read(4, pickle => Array(pickle, true, code, order, values)), Is.EqualTo(Same));
        Assert.That(Read(4, pickle => Array(pickle, true, code, order, values, "column")), Is.EqualTo(Same));
    }

    [TestCase("b1", "|")]
    [TestCase("i8", "<")]
    [TestCase("i8", ">")]
    public void Lists_of_single_values_of_NumPy_are_read(string code, string order)
    {
        foreach (var (protocol, isNew) in new[] { (3, false), (4, true), (5, true) })
        {
            Assert.That(Read(protocol, pickle =>
            {
                pickle.Op("](");
                foreach (var same in Same)
                {
                    var bytes = Bytes(code, order, same ? 1 : 0);
                    Global(pickle, isNew, "scalar");
                    Type(pickle, code, order);
                    pickle.Op("C").Op((byte)bytes.Length).Op(bytes).Op("\u0086R");
                }

                pickle.Op("e");
            }), Is.EqualTo(Same), $"protocol {protocol}");
        }
    }

    [Test]
    public void The_bytes_of_a_value_may_be_text_that_a_call_encodes() => // Python 3 under protocol 2
        Assert.That(Read(2, pickle =>
        {
            pickle.Op("](");
            foreach (var same in Same)
            {
                Global(pickle, false, "scalar");
                Type(pickle, "b1", "|");
                PickleWriter.EncodedText(pickle, [(byte)(same ? 1 : 0)]);
                pickle.Op("\u0086R");
            }

            pickle.Op("e");
        }), Is.EqualTo(Same));

    [Test]
    public void Whole_numbers_and_tuples_are_read()
    {
        Assert.That(Read(2, pickle => pickle.Op("](K\u0001K\0K\0K\u0001e")), Is.EqualTo(Same));
        Assert.That(Read(2, pickle => pickle.Op("(\u0088\u0089\u0089\u0088t")), Is.EqualTo(Same));
    }

    [Test]
    public void Invalid_truths_are_named_with_the_remedy()
    {
        const string Ones = "same == 1 for same in issame"; // bool(-1) is true
        Refused(pickle => Array(pickle, false, "i8", "<", [1, 0, 2, 0]), "the truth of pair 2 is 2", Ones);
        Refused(pickle => Array(pickle, false, "i4", "<", [1, 0, 0, -1]), "the truth of pair 3 is -1,", Ones);
        Refused(pickle => Array(pickle, false, "f8", "<", [0.5, 0, 0, 0]), "the truth of pair 0 is 0.5", Ones);
        Refused(pickle => Array(pickle, false, "O8", "|", [1, 0, 0, 1]), "truths of NumPy's type O8");
        Refused(pickle => pickle.Op("](K\u0001NK\0K\u0001e"), "the truth of pair 1 is None");
        Refused(pickle => pickle.Op("](K\u0001K\u0007K\0K\u0001e"), "the truth of pair 1 is 7", Ones);
        Refused(pickle => pickle.Op("](X\u0001\0\0\u00001K\0K\0K\u0001e"), "the truth of pair 0 is a text", "same == \"1\" for");
        Refused(pickle => pickle.Op("](C\u0001aK\0K\0K\u0001e"), "the truth of pair 0 is bytes", "the first list is that of the images");
        Refused(pickle => pickle.Op("K\u0001"), "neither a list nor a NumPy array");

        void Refused(Action<PickleWriter> truths, string what, string cure = "bool(same) for same in issame") =>
            Assert.That(() => Read(2, truths), Throws.TypeOf<DataProblem>().With.Message.Contains(what).And.Message.Contains(cure));
    }

    [Test]
    public void Folds_with_one_kind_of_pairs_are_noted()
    {
        FacePair[] pairs = [.. Enumerable.Range(0, 40).Select(i => new FacePair(0, 1, i < 20, i / 4))];
        Assert.That(FoldKinds.Lines(pairs, 10)
            .Single(), Does.StartWith("10 of 10 folds hold pairs of one kind only: 1 (same), 2 (same)").And.Contain("6 (different)"));
        pairs = [.. pairs.Select((pair, i) => pair with { Same = i < 18 || i == 39 })];
        Assert.That(FoldKinds.Lines(pairs, 10).Single(), Does.StartWith("8 of 10 folds"));
        Assert.That(FoldKinds.Lines([.. pairs.Select(pair => pair with { Same = true })], 10)
            .Single(), Does.StartWith("all 40 pairs are of one person"));
        Assert.That(FoldKinds.Lines([.. pairs.Select(pair => pair with { Same = false })], 10)
            .Single(), Does.StartWith("all 40 pairs are of two persons"));
        Assert.That(FoldKinds.Lines([.. pairs.Select((pair, i) => pair with { Same = i % 2 == 0 })], 10), Is.Empty);
    }

    [Test]
    public void A_file_sorted_by_truth_is_noted()
    {
        File.WriteAllBytes(folder.File("sorted.bin"),
            PickleWriter.File(4, [.. Images, .. Images], [true, true, true, true, false, false, false, false], PickleWriter.Python3Bytes));
        using var sorted = new VerificationBinOptions { Path = "sorted.bin" }.Open(new DataRoot(folder.Path));
        Assert.That(sorted.Notes[0], Does.StartWith("8 of 8 folds hold pairs of one kind only"));
        Assert.That(DataPath.Guess(folder.File("sorted.bin")).Check().Notes, Is.EqualTo(sorted.Notes));
    }
}
