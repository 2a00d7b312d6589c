using System.Text;

namespace Ablation.Harness.Formats;

/// <summary>The callables of a state dict that are understood.</summary>
internal enum TorchGlobal
{
    OrderedMap,
    Tensor,
    TensorOfType,
    Parameter,
    Subclass,
    Size,
}

/// <summary>The element type of a storage or a tensor; null for raw bytes.</summary>
internal sealed record TorchElement(TensorElement? Element);

/// <summary>A storage: an entry of the archive.</summary>
internal sealed record TorchStorage(string Entry, TensorElement? Element, long Count);

/// <summary>A tensor over a storage, not yet checked against the archive.</summary>
internal sealed record TorchTensor(TorchStorage Storage, TensorElement Element, long Offset, long[] Shape, long[] Strides);

/// <summary>
/// Knows the globals of torch.save. Other classes, such as the options that Lightning stores, become opaque values; what runs
/// commands or code is refused, since no file of weights names it.
/// </summary>
internal sealed class TorchGlobals(byte[] file, string path) : PickleObjects(path)
{
    private const string Untrusted = "do not trust this file, and do not load it in Python either; get the weights from their authors";

    private const int MostDimensions = 16, MostCopied = 1_000_000;

    private static readonly HashSet<string> Dangerous = new(StringComparer.Ordinal)
    {
        "os", "posix", "nt", "subprocess", "sys", "shutil", "socket", "runpy", "importlib", "ctypes", "pty", "codeop", "pickle",
        "_pickle", "webbrowser", "urllib", "requests", "httplib", "timeit", "pdb", "bdb", "marshal", "asyncio", "multiprocessing", "pip",
        "cffi", "popen2", "cProfile", "pydoc", "commands.getoutput", "code.interact", "code.InteractiveInterpreter", "builtins.eval",
        "builtins.exec", "builtins.compile", "builtins.open", "builtins.__import__", "builtins.breakpoint", "builtins.input", "io.open",
        "torch.hub", "torch.load", "torch.jit", "numpy.testing", "numpy.load",
    };

    private static readonly Dictionary<string, TensorElement?> Elements = new(StringComparer.Ordinal)
    {
        ["DoubleStorage"] = TensorElement.F64,
        ["FloatStorage"] = TensorElement.F32,
        ["HalfStorage"] = TensorElement.F16,
        ["BFloat16Storage"] = TensorElement.BF16,
        ["LongStorage"] = TensorElement.I64,
        ["IntStorage"] = TensorElement.I32,
        ["ShortStorage"] = TensorElement.I16,
        ["CharStorage"] = TensorElement.I8,
        ["ByteStorage"] = TensorElement.U8,
        ["BoolStorage"] = TensorElement.Bool,
        ["UntypedStorage"] = null,
        ["float64"] = TensorElement.F64,
        ["float32"] = TensorElement.F32,
        ["float16"] = TensorElement.F16,
        ["bfloat16"] = TensorElement.BF16,
        ["int64"] = TensorElement.I64,
        ["int32"] = TensorElement.I32,
        ["int16"] = TensorElement.I16,
        ["int8"] = TensorElement.I8,
        ["uint8"] = TensorElement.U8,
        ["bool"] = TensorElement.Bool,
    };

    public override string Needs => "no file of weights needs";

    public override string Cure => "download the file again, or save the weights again with torch.save(model.state_dict(), ...)";

    public override bool HasMaps => true;

    public override int MostValues => 1 << 20;

    /// <inheritdoc/>
    public override object Find(string module, string name, int at)
    {
        var full = $"{(module == "__builtin__" ? "builtins" : module)}.{name}";
        for (var end = full.Length; end > 0; end = full.LastIndexOf('.', end - 1))
        {
            if (Dangerous.Contains(full[..end]))
                throw Problem(at, $"the pickle asks for \"{Clean(full)}\", which runs commands or code; it was not run", Untrusted);
        }

        if (module is "torch" or "torch.storage" or "torch.cuda" && Elements.TryGetValue(name, out var element))
            return new TorchElement(element);
        return full switch
        {
            "collections.OrderedDict" or "collections.defaultdict" or "builtins.dict" => TorchGlobal.OrderedMap,
            "torch._utils._rebuild_tensor_v2" => TorchGlobal.Tensor,
            "torch._utils._rebuild_tensor_v3" => TorchGlobal.TensorOfType,
            "torch._utils._rebuild_parameter" or "torch._utils._rebuild_parameter_with_state" => TorchGlobal.Parameter,
            "torch._tensor._rebuild_from_type_v2" => TorchGlobal.Subclass,
            "torch.Size" => TorchGlobal.Size,
            _ => new PickleOpaque(Clean(full)),
        };
    }

    private int copied; // entries of lists that became entries of dictionaries, as often as one does

    /// <inheritdoc/>
    public override object Call(object? callable, object? arguments, int at) => (callable, arguments) switch
    {
        (TorchGlobal.OrderedMap, object?[] given) => Map(given, at),
        (TorchGlobal.Tensor, object?[] and [TorchStorage { Element: { } element } storage, long offset, object?[] shape, object?[] strides,
            ..]) => new TorchTensor(storage, element, offset, Numbers(shape, at), Numbers(strides, at)),
        (TorchGlobal.TensorOfType, object?[] and [TorchStorage storage, long offset, object?[] shape, object?[] strides, _, _,
            TorchElement { Element: { } element }, ..]) =>
            new TorchTensor(storage, element, offset, Numbers(shape, at), Numbers(strides, at)),
        (TorchGlobal.TensorOfType or TorchGlobal.Tensor, object?[] and [PickleOpaque storage, ..]) => storage,
        (TorchGlobal.TensorOfType, object?[] and [TorchStorage, long, object?[], object?[], _, _, PickleOpaque type, ..]) => type,
        (TorchGlobal.Parameter, object?[] and [TorchTensor or PickleOpaque, ..] given) => given[0]!,
        (TorchGlobal.Subclass, object?[] and [TorchGlobal inner, _, object?[] given, ..]) => Call(inner, given, at),
        (TorchGlobal.Subclass, object?[] and [PickleOpaque inner, ..]) => inner,
        (TorchGlobal.Size, object?[] and [object?[] size]) => size,
        (PickleOpaque unknown, _) => unknown,
        (TorchElement, _) => new PickleOpaque("torch storage"),
        (TorchGlobal, _) => throw Problem(at, $"{callable} is called with other arguments than torch.save writes", Cure),
        _ => throw Problem(at, "a call of something that is not a function", Cure),
    };

    /// <summary>Ignores the states of dictionaries (their _metadata) and of opaque values.</summary>
    public override void Build(object? target, object? state, int at)
    {
        if (target is not (PickleMap or PickleOpaque or TorchTensor)) throw Problem(at, "a state of something that has none", Cure);
    }

    /// <inheritdoc/>
    public override object Stored(object? id, int at) => id switch
    {
        object?[] and [PickleBytes kind, TorchElement type, PickleBytes key, _, long count] when Text(kind) == "storage" && count >= 0 =>
            new TorchStorage(Text(key), type.Element, count),
        object?[] and [PickleBytes kind, PickleOpaque type, ..] when Text(kind) == "storage" => type,
        object?[] and [PickleBytes kind, ..] when Text(kind) == "module" =>
            throw Problem(at, "a whole pickled module", "save it again with torch.save(model.state_dict(), ...)"),
        _ => throw Problem(at, "a persistent id that is not ('storage', type, key, place, elements)", Cure),
    };

    /// <summary>Returns a string of the pickle; "?" if it is too long for a name.</summary>
    public string Text(PickleBytes text) => text.Length > 1000 ? "?" : Encoding.UTF8.GetString(file, text.Offset, text.Length);

    /// <summary>A dictionary, perhaps from pairs; a defaultdict's first argument makes its missing values.</summary>
    private PickleMap Map(object?[] given, int at)
    {
        var map = new PickleMap();
        foreach (var pair in given.OfType<List<object?>>().SelectMany(list => list))
        {
            if (++copied > MostCopied) throw Problem(at, $"more than {MostCopied} entries of dictionaries that are made of lists", Cure);
            if (pair is List<object?> and [var first, var second]) map.Items.Add((first, second));
            else if (pair is object?[] and [var key, var value]) map.Items.Add((key, value));
        }

        return map;
    }

    private long[] Numbers(object?[] values, int at) => values.Length > MostDimensions
        ? throw Problem(at, $"a tensor of {values.Length} dimensions, more than {MostDimensions}", Cure)
        : [.. values.Select(value => value as long? ?? throw Problem(at, "a shape or stride is not a whole number", Cure))];
}
