using Ablation.Harness.Foundations;

namespace Ablation.Harness.Formats;

/// <summary>The callables that image files need, and no others.</summary>
internal enum PickleGlobal
{
    ReconstructArray,
    ArrayType,
    ElementType,
    Scalar,
    ArrayFromBuffer,
    Encode,
    ByteArray,
}

/// <summary>A numpy element type by its code: "u1" for bytes.</summary>
internal sealed record PickleElementType(string Code)
{
    /// <summary>Of more than one byte: the highest first.</summary>
    public bool IsBigEndian { get; set; } = Code.StartsWith('>');
}

/// <summary>A single value of numpy: numpy.bool_(True).</summary>
internal sealed record PickleScalar(PickleElementType Type, PickleBytes Data);

/// <summary>A numpy array while its pickle is read; <see cref="Data"/> is null until its state has been set.</summary>
internal sealed class PickleArray
{
    public object?[] Shape { get; set; } = [];

    public string Code => Type?.Code ?? "";

    public PickleElementType? Type { get; set; }

    public PickleBytes? Data { get; set; }
}

/// <summary>Knows what the callables of image files return.</summary>
internal sealed class PickleGlobals(byte[] file, string path) : PickleObjects(path)
{
    private const string Remedy = "write the file again as (list of encoded images, list of booleans)";

    public override string Needs => "no image file needs";

    public override string Cure => "download the file again, or write it as (list of images, list of booleans)";

    /// <exception cref="DataProblem">Any global outside the list: a pickle can name code to run.</exception>
    public override object Find(string module, string name, int at) => (module, name) switch
    {
        ("numpy.core.multiarray" or "numpy._core.multiarray", "_reconstruct") => PickleGlobal.ReconstructArray,
        ("numpy.core.multiarray" or "numpy._core.multiarray", "scalar") => PickleGlobal.Scalar,
        ("numpy.core.numeric" or "numpy._core.numeric", "_frombuffer") => PickleGlobal.ArrayFromBuffer,
        ("numpy", "ndarray") => PickleGlobal.ArrayType,
        ("numpy", "dtype") => PickleGlobal.ElementType,
        ("_codecs", "encode") => PickleGlobal.Encode,
        ("builtins" or "__builtin__", "bytearray") => PickleGlobal.ByteArray,
        _ => throw Problem(at, $"the pickle asks for \"{Clean(module)}.{Clean(name)}\", which no image file needs (a pickle can run code)",
            "do not trust this file; " + Remedy),
    };

    /// <summary>Returns the value of global(arguments).</summary>
    public override object Call(object? callable, object? arguments, int at) => (callable, arguments) switch
    {
        (PickleGlobal.ByteArray, object?[] and [PickleBytes { IsText: false } data]) => data,
        (PickleGlobal.Encode or PickleGlobal.ByteArray, object?[] and [PickleBytes { IsText: true } text, PickleBytes encoding])
            when encoding.Word(file) is "latin1" or "latin-1" =>
            text with { Form = text.Form == PickleForm.Text ? PickleForm.BytesInText : PickleForm.BytesInEscapedText },
        (PickleGlobal.ElementType, object?[] and [PickleBytes code, ..]) => new PickleElementType(code.Word(file)),
        (PickleGlobal.Scalar, object?[] and [PickleElementType type, PickleBytes data]) => new PickleScalar(type, data),
        (PickleGlobal.ReconstructArray, object?[] and [PickleGlobal.ArrayType, object?[], PickleBytes]) => new PickleArray(),
        (PickleGlobal.ArrayFromBuffer, object?[] and [PickleBytes data, PickleElementType type, object?[] shape, _]) =>
            new PickleArray { Shape = shape, Type = type, Data = data },
        (PickleGlobal, _) => throw Problem(at, "a call with other arguments than image files have", Remedy),
        _ => throw Problem(at, "a call of something that is not a function", Remedy),
    };

    /// <summary>Sets the state of an object that <see cref="Call"/> made.</summary>
    public override void Build(object? target, object? state, int at)
    {
        switch (target, state)
        {
            case (PickleArray { Data: null } array, object?[] and [long, object?[] shape, PickleElementType type, bool, PickleBytes data]):
                (array.Shape, array.Type, array.Data) = (shape, type, data);
                return;
            case (PickleElementType type, object?[] parts): // version, byte order, and what plain numbers do not have
                if (parts.Length > 1 && parts[1] is PickleBytes order) type.IsBigEndian = order.Word(file) == ">";
                return;
            default:
                throw Problem(at, "an object's state is not that of an array of bytes", Remedy);
        }
    }
}
