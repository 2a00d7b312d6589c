using System.Text;

namespace Ablation.Tests.Formats;

/// <summary>Writes verification files opcode by opcode, as the versions of Python and NumPy in use do.</summary>
internal sealed class PickleWriter
{
    private readonly MemoryStream bytes = new();

    public long Position => bytes.Position;

    public byte[] Bytes => bytes.ToArray();

    public PickleWriter Op(params byte[] bytes)
    {
        this.bytes.Write(bytes);
        return this;
    }

    public PickleWriter Op(string latin1)
    {
        bytes.Write(Encoding.Latin1.GetBytes(latin1));
        return this;
    }

    public PickleWriter Int32(int value) => Op(BitConverter.GetBytes(value));

    public PickleWriter Int64(long value) => Op(BitConverter.GetBytes(value));

    /// <summary>Returns a complete file: two lists in a tuple; <paramref name="image"/> writes each image.</summary>
    public static byte[] File(int protocol, IReadOnlyList<byte[]> images, IReadOnlyList<bool> same, Action<PickleWriter, byte[]> image)
    {
        var pickle = new PickleWriter();
        if (protocol >= 2) pickle.Op(0x80, (byte)protocol);
        pickle.Op(protocol == 0 ? "((lp0\n" : "(](");
        foreach (var bytes in images)
        {
            image(pickle, bytes);
            if (protocol == 0) pickle.Op("a");
        }

        pickle.Op(protocol == 0 ? "(lp1\n" : "e](");
        foreach (var truth in same)
        {
            if (protocol >= 2) pickle.Op(truth ? "\u0088" : "\u0089");
            else pickle.Op((truth ? "I01\n" : "I00\n") + (protocol == 0 ? "a" : ""));
        }

        return pickle.Op(protocol == 0 ? "t." : "et.").Bytes;
    }

    public static void Python2String(PickleWriter pickle, byte[] bytes) => Sized(pickle, bytes, 'U', 'T');

    public static void Python3Bytes(PickleWriter pickle, byte[] bytes) => Sized(pickle, bytes, 'C', 'B');

    public static void Bytes8(PickleWriter pickle, byte[] bytes) => pickle.Op(0x8e).Int64(bytes.Length).Op(bytes);

    /// <summary>Python 2's protocol 0: the literal that repr() gives.</summary>
    public static void Quoted(PickleWriter pickle, byte[] bytes)
    {
        var text = new StringBuilder("S'");
        foreach (var b in bytes)
        {
            text.Append(b switch
            {
                (byte)'\\' => @"\\",
                (byte)'\'' => @"\'",
                (byte)'\n' => @"\n",
                (byte)'\r' => @"\r",
                (byte)'\t' => @"\t",
                < 32 or > 126 => $@"\x{b:x2}",
                _ => ((char)b).ToString(),
            });
        }

        pickle.Op(text.Append("'\n").ToString());
    }

    /// <summary>Python 3's protocol 2: the bytes as UTF-8 text that a call turns back.</summary>
    public static void EncodedText(PickleWriter pickle, byte[] bytes)
    {
        var text = Encoding.UTF8.GetBytes(Encoding.Latin1.GetString(bytes));
        pickle.Op("c_codecs\nencode\nX").Int32(text.Length).Op(text).Op("X\u0006\0\0\0latin1\u0086R");
    }

    /// <summary>Python 3's protocol 0: the same with escaped text.</summary>
    public static void EncodedEscapedText(PickleWriter pickle, byte[] bytes)
    {
        pickle.Op("c_codecs\nencode\n(V");
        foreach (var b in bytes) pickle.Op(b is 0 or 10 or 13 or 26 or (byte)'\\' ? $@"\u{b:x4}" : ((char)b).ToString());
        pickle.Op("\nVlatin1\ntR");
    }

    /// <summary>numpy below 2, protocol 3: an array of shape (N,1).</summary>
    public static void NumpyColumn(PickleWriter pickle, byte[] bytes)
    {
        pickle.Op("cnumpy.core.multiarray\n_reconstruct\ncnumpy\nndarray\nK\0\u0085C\u0001b\u0087R(K\u0001J");
        pickle.Int32(bytes.Length).Op("K\u0001\u0086");
        ElementType(pickle, "u1");
        pickle.Op("\u0089B").Int32(bytes.Length).Op(bytes).Op("tb");
    }

    /// <summary>numpy 2, protocol 4: an array of shape (N,), its globals from the stack.</summary>
    public static void NumpyRow(PickleWriter pickle, byte[] bytes)
    {
        Word(pickle, "numpy._core.multiarray");
        Word(pickle, "_reconstruct");
        pickle.Op(0x93);
        Word(pickle, "numpy");
        Word(pickle, "ndarray");
        pickle.Op(0x93).Op("K\0\u0085C\u0001b\u0087R(K\u0001J").Int32(bytes.Length).Op(0x85);
        ElementType(pickle, "u1");
        pickle.Op("\u0089B").Int32(bytes.Length).Op(bytes).Op("tb");
    }

    /// <summary>numpy under protocol 5: the array from a buffer.</summary>
    public static void NumpyBuffer(PickleWriter pickle, byte[] bytes)
    {
        pickle.Op("cnumpy._core.numeric\n_frombuffer\n(").Op(0x96).Int64(bytes.Length).Op(bytes);
        ElementType(pickle, "u1");
        pickle.Op("J").Int32(bytes.Length).Op(0x85);
        Word(pickle, "C");
        pickle.Op("tR");
    }

    public static void ElementType(PickleWriter pickle, string code)
    {
        pickle.Op("cnumpy\ndtype\n");
        Word(pickle, code);
        pickle.Op("\u0089\u0088\u0087R(K\u0003");
        Word(pickle, "|");
        pickle.Op("NNNJ").Int32(-1).Op("J").Int32(-1).Op("K\0tb");
    }

    public static void Word(PickleWriter pickle, string text) => pickle.Op(0x8c, (byte)text.Length).Op(text);

    private static void Sized(PickleWriter pickle, byte[] bytes, char small, char large)
    {
        if (bytes.Length < 256) pickle.Op((byte)small, (byte)bytes.Length).Op(bytes);
        else pickle.Op((byte)large).Int32(bytes.Length).Op(bytes);
    }
}
