using Ablation.Harness.Faces;
using Ablation.Harness.Foundations;
using Ablation.Harness.Protocols;
using Ablation.Tests.Images;

namespace Ablation.Tests.Formats;

/// <summary>A pickle is a program: reading any of them ends in two lists or in an error with its byte offset.</summary>
public sealed class PickleFaultTests
{
    private static readonly byte[] Image = Pictures.Png(Pictures.Of(1));
    private TemporaryFolder folder = null!;

    [SetUp]
    public void MakeFolder() => folder = new TemporaryFolder();

    [TearDown]
    public void RemoveFolder() => folder.Dispose();

    private PairProtocol Open(byte[] pickle)
    {
        File.WriteAllBytes(folder.File("x.bin"), pickle);
        return new VerificationBinOptions { Path = "x.bin" }.Open(new DataRoot(folder.Path));
    }

    private DataProblem Refused(PickleWriter pickle) => Assert.Throws<DataProblem>(() => Open(pickle.Bytes))!;

    [Test]
    public void A_pickle_that_would_run_a_command_is_refused_and_runs_nothing()
    {
        var proof = folder.File("proof");
        var problem = Refused(new PickleWriter().Op(0x80, 2).Op($"cos\nsystem\n(S'touch {proof}'\ntR."));
        Assert.That(problem.Where, Does.EndWith("x.bin@2"));
        Assert.That(problem.Message, Does.Contain("\"os.system\""));
        Assert.That(File.Exists(proof), Is.False);
    }

    [TestCase("cbuiltins\neval\n.")]
    [TestCase("c__builtin__\neval\n.")]
    [TestCase("cnumpy\nload\n.")]
    [TestCase("cnumpy.core.multiarray\nfromfile\n.")]
    [TestCase("c_codecs\ndecode\n.")]
    [TestCase("\u008c\u0005posix\u008c\u0006system\u0093.")]
    public void Any_other_global_is_refused(string pickle) =>
        Assert.That(Refused(new PickleWriter().Op(pickle)).Message, Does.Contain("no image file needs"));

    [TestCase("}.", 0)]
    [TestCase("(ios\nsystem\n.", 1)]
    [TestCase("](K\u0001K\u0002\u0081.", 6)]
    [TestCase("\u0082\u0001.", 0)]
    [TestCase("Pid\n.", 0)]
    public void Opcodes_that_no_such_file_needs_are_refused_with_their_offset(string pickle, int at)
    {
        var problem = Refused(new PickleWriter().Op(pickle));
        Assert.That(problem.Where, Does.EndWith($"x.bin@{at}"));
        Assert.That(problem.Message, Does.Contain("opcode"));
    }

    [TestCase("K\u0001K\u0002R.", "not a function")]
    [TestCase("c_codecs\nencode\nX\u0001\0\0\0aX\u0005\0\0\0utf-8\u0086R.", "other arguments")]
    [TestCase("cnumpy\nndarray\n)R.", "other arguments")]
    [TestCase("cnumpy\ndtype\nK\u0001b.", "state")]
    [TestCase("0.", "not there")]
    [TestCase("t.", "never started")]
    [TestCase("K\u0001K\u0002a.", "not a list")]
    [TestCase("(a.", "not there")]
    [TestCase("h\u0005.", "never stored")]
    [TestCase("q\u0005.", "not there")]
    [TestCase(".", "other than one value")]
    [TestCase("NN.", "other than one value")]
    [TestCase("(N.", "other than one value")]
    [TestCase("I12x\n.", "number")]
    [TestCase("I12", "does not end")]
    [TestCase("\u008a\u0009\0\0\0\0\0\0\0\0\0.", "9 bytes")]
    [TestCase("\u0080\u0006.", "later than 5")]
    [TestCase("K\u0001.", "two lists")]
    [TestCase("]]]\u0087.", "two lists")]
    public void Malformed_pickles_are_refused(string pickle, string what) => Assert.That(Refused(new PickleWriter().Op(pickle)).Message,
        Does.Contain(what));

    [Test]
    public void Lengths_beyond_the_file_allocate_nothing()
    {
        foreach (var pickle in new[]
        {
            new PickleWriter().Op("B").Int32(int.MaxValue),
            new PickleWriter().Op("X").Int32(-1),
            new PickleWriter().Op("T").Int32(-5),
            new PickleWriter().Op(0x8e).Int64(long.MaxValue),
            new PickleWriter().Op(0x96).Int64(-1),
            new PickleWriter().Op("U").Op(200).Op("short"),
        })
        {
            var before = GC.GetAllocatedBytesForCurrentThread();
            Assert.That(Refused(pickle).Message, Does.Contain("are left"));
            Assert.That(GC.GetAllocatedBytesForCurrentThread() - before, Is.LessThan(1 << 20));
        }
    }

    [TestCase("(")]
    [TestCase("]")]
    [TestCase("]a")]
    [TestCase("\u0085")]
    public void Deep_nesting_takes_no_stack_and_bounded_memory(string opcode)
    {
        var deep = new PickleWriter().Op("]");
        for (var i = 0; i < 300_000; i++) deep.Op(opcode);
        Assert.That(() => Open(deep.Op(".").Bytes), Throws.TypeOf<DataProblem>());
    }

    [Test]
    public void A_list_that_contains_itself_is_refused() =>
        Assert.That(Refused(new PickleWriter().Op("]q\0h\0a.")).Message, Does.Contain("two lists"));

    [Test]
    public void Endless_values_are_refused()
    {
        var many = new byte[(1 << 22) + 10];
        Array.Fill(many, (byte)'N');
        Assert.That(() => Open(many), Throws.TypeOf<DataProblem>().With.Message.Contains("values"));
    }

    [Test]
    public void A_file_truncated_anywhere_is_refused()
    {
        foreach (var dialect in new Action<PickleWriter, byte[]>[]
            { PickleWriter.Python2String, PickleWriter.EncodedText, PickleWriter.NumpyColumn, PickleWriter.NumpyBuffer })
        {
            var whole = PickleWriter.File(2, [Image, Image], [true], dialect);
            for (var length = 0; length < whole.Length; length += 1 + whole.Length / 113)
                Assert.That(() => Open(whole[..length]), Throws.TypeOf<DataProblem>(), $"{length} of {whole.Length}");
            Assert.That(() => Open(whole[..^1]), Throws.TypeOf<DataProblem>());
        }
    }

    [Test]
    public void Flipped_bits_give_pairs_or_an_error_and_nothing_else()
    {
        var random = new Random(9);
        var refused = 0;
        var dialects = new (int, Action<PickleWriter, byte[]>)[]
        {
            (0, PickleWriter.Quoted), (0, PickleWriter.EncodedEscapedText), (2, PickleWriter.EncodedText),
            (3, PickleWriter.NumpyColumn), (4, PickleWriter.NumpyRow), (5, PickleWriter.NumpyBuffer),
        };
        foreach (var (protocol, dialect) in dialects)
        {
            var whole = PickleWriter.File(protocol, [Image, Image], [true], dialect);
            for (var trial = 0; trial < 150; trial++)
            {
                var damaged = (byte[])whole.Clone();
                damaged[random.Next(damaged.Length)] ^= (byte)(1 << random.Next(8));
                try
                {
                    using var pairs = Open(damaged);
                    for (var i = 0; i < pairs.ImageCount; i++) _ = pairs.Read(i);
                }
                catch (DataProblem problem)
                {
                    Assert.That(problem.Where, Does.Contain("x.bin"));
                    refused++;
                }
            }
        }

        Assert.That(refused, Is.GreaterThan(200));
    }

    [Test]
    public void Arrays_that_are_not_an_encoded_image_are_refused()
    {
        var wrongType = new PickleWriter().Op("](cnumpy._core.numeric\n_frombuffer\n(").Op(0x96).Int64(4).Op("abcd");
        PickleWriter.ElementType(wrongType, "f4");
        wrongType.Op("K\u0001\u0085\u008c\u0001CtRK\u0005e](\u0088e\u0086.");
        Assert.That(Refused(wrongType).Message, Does.Contain("image 0 is neither"));

        var wrongShape = new PickleWriter().Op("](cnumpy._core.numeric\n_frombuffer\n(").Op(0x96).Int64(4).Op("abcd");
        PickleWriter.ElementType(wrongShape, "u1");
        wrongShape.Op("K\u0002K\u0002\u0086\u008c\u0001CtRK\u0005e](\u0088e\u0086.");
        Assert.That(Refused(wrongShape).Message, Does.Contain("image 0 is neither"));

        Assert.That(Refused(new PickleWriter().Op("](K\u0001K\u0002e](\u0088e\u0086.")).Message, Does.Contain("image 0 is neither"));
        Assert.That(Refused(new PickleWriter().Op("](C\u0001aC\u0001be](K\u0002e\u0086.")).Message, Does.Contain("truth of pair 0"));
    }
}
