using System.IO.Hashing;
using Ablation.Harness.Foundations;

namespace Ablation.Harness.Formats;

/// <summary>
/// Reads the index of a file of torch.save since PyTorch 1.6: a ZIP with a pickle of the state dict and one entry per storage. Nothing of
/// the pickle is run.
/// </summary>
public static class TorchFile
{
    private const string SaveAgain = "save it again with torch.save(model.state_dict(), ...)";
    private const int MostPickleBytes = 64 << 20, MostTensors = 200_000, MostDimensions = 16;

    /// <summary>Where programs keep the network's state dict in a checkpoint, the first that is there counts.</summary>
    private static readonly string[] Places =
        ["state_dict", "state_dict_backbone", "backbone", "backbone_state_dict", "model_state_dict", "model", "net", "network"];

    /// <exception cref="DataProblem">It is cut off, damaged or hostile, or holds no state dict.</exception>
    public static StoredTensors Read(FileStream file)
    {
        var entries = StoredZip.Read(file);
        var pickles = entries.Keys.Where(name => name == "data.pkl" || name.EndsWith("/data.pkl", StringComparison.Ordinal)).ToList();
        if (pickles.Count != 1)
            throw new DataProblem(file.Name, $"{pickles.Count} entries called data.pkl: torch.save did not write it", SaveAgain);
        var prefix = pickles[0][..^"data.pkl".Length];
        if (entries.ContainsKey(prefix + "constants.pkl"))
            throw new DataProblem(file.Name, "a TorchScript program, not weights", "load it with torch.jit.load and " + SaveAgain);
        var pickle = entries[pickles[0]];
        if (pickle.IsPacked) throw Packed(file.Name, pickles[0]);
        if (pickle.Length > MostPickleBytes)
            throw new DataProblem(file.Name, $"{pickles[0]} has {pickle.Length} bytes, more than {MostPickleBytes}", SaveAgain);
        if (entries.TryGetValue(prefix + "byteorder", out var order) && !order.IsPacked && order.Length <= 16
            && Bytes(file, order, prefix + "byteorder").AsSpan().SequenceEqual("big"u8))
            throw new DataProblem(file.Name, "its numbers are big-endian", SaveAgain + " on a little-endian machine");

        var bytes = Bytes(file, pickle, pickles[0]);
        var where = $"{file.Name}:{pickles[0]}";
        var globals = new TorchGlobals(bytes, where);
        var root = PickleReader.Read(bytes, where, globals);
        if (root is PickleOpaque module)
            throw new DataProblem(where, $"a whole pickled object of the class {module.Name}, which only its Python code can read",
                SaveAgain);
        if (root is not PickleMap map)
            throw new DataProblem(where, "neither a state dict nor a checkpoint with one", SaveAgain);
        var metadata = new Dictionary<string, string>(StringComparer.Ordinal);
        var state = StateDict(map, globals, where, metadata);
        var tensors = Tensors(state, globals, where)
            .Select(one => Place(one.Name, one.Tensor, entries, prefix, where)).ToList();
        return new StoredTensors("pth", metadata, tensors);
    }

    /// <summary>Returns the dictionary that holds tensors: the outermost, or one of <see cref="Places"/> in it.</summary>
    private static PickleMap StateDict(PickleMap map, TorchGlobals globals, string where, Dictionary<string, string> metadata)
    {
        if (map.Items.Exists(item => IsTensor(item.Value))) return map;
        var named = map.Items.Where(item => item.Key is PickleBytes)
            .Select(item => (Name: globals.Text((PickleBytes)item.Key!), item.Value)).ToList();
        foreach (var place in Places)
        {
            var value = named.LastOrDefault(item => item.Name == place).Value;
            if (value is PickleOpaque module)
                throw new DataProblem(where, $"\"{place}\" is a whole pickled object of the class {module.Name}", SaveAgain);
            if (value is not PickleMap inner || !inner.Items.Exists(item => IsTensor(item.Value))) continue;
            metadata["entry"] = place;
            foreach (var (name, other) in named)
            {
                // by this prefix none is taken for a setting of the input, whatever its name
                if (name.Length <= 80 && other is long or double or bool) metadata.TryAdd($"checkpoint {name}", $"{other}");
            }

            return inner;
        }

        var names = named.Count == 0 ? "no names" : string.Join(", ", named.Take(10).Select(item => $"\"{item.Name}\""));
        throw new DataProblem(where, $"no tensors; it has {names}, and a state dict is looked for in {string.Join(", ", Places)}",
            SaveAgain);
    }

    /// <summary>Whether it is a tensor, or one of a kind that is refused later.</summary>
    private static bool IsTensor(object? value) =>
        value is TorchTensor || (value is PickleOpaque { Name: var name } && name.StartsWith("torch._utils.", StringComparison.Ordinal));

    private static IEnumerable<(string Name, TorchTensor Tensor)> Tensors(PickleMap state, TorchGlobals globals, string where)
    {
        if (state.Items.Count > MostTensors) throw new DataProblem(where, $"more than {MostTensors} tensors", SaveAgain);
        var names = new HashSet<string>(StringComparer.Ordinal);
        foreach (var (key, value) in state.Items)
        {
            var name = key is PickleBytes { Length: <= 1000 } text ? globals.Text(text)
                : throw new DataProblem(where, "a tensor's name is not text, or longer than 1000 bytes", SaveAgain);
            if (!names.Add(name)) throw new DataProblem(where, $"\"{name}\" is there twice", SaveAgain);
            if (value is PickleOpaque other)
                throw new DataProblem(where, $"\"{name}\" is a {other.Name}; only dense tensors of usual types are read", SaveAgain);
            // numbers and flags beside the tensors say nothing about the weights
            if (value is TorchTensor tensor) yield return (name, tensor);
        }
    }

    private static StoredTensor Place(string name, TorchTensor tensor, IReadOnlyDictionary<string, FilePiece> entries, string prefix,
        string where)
    {
        var storage = tensor.Storage;
        if (!entries.TryGetValue($"{prefix}data/{storage.Entry}", out var piece))
            throw new DataProblem(where, $"\"{name}\": its storage {prefix}data/{storage.Entry} is not in the file", SaveAgain);
        if (piece.IsPacked) throw Packed(where, $"{prefix}data/{storage.Entry}");
        var width = tensor.Element.Width();
        var bytes = (UInt128)(ulong)storage.Count * (ulong)(storage.Element is { } stored ? stored.Width() : 1);
        if (bytes != (ulong)piece.Length)
            throw new DataProblem(where, $"\"{name}\": its storage should have {bytes} bytes, but has {piece.Length}", SaveAgain);
        var (shape, strides) = (tensor.Shape, tensor.Strides);
        if (shape.Length != strides.Length || shape.Length > MostDimensions || StoredTensor.CountOf(shape) is not { } count)
            throw new DataProblem(where, $"\"{name}\": its shape is impossible", SaveAgain);
        var held = piece.Length / width;
        UInt128 end = 0;
        for (var i = 0; i < shape.Length && count > 0; i++)
        {
            if (strides[i] < 0) throw new DataProblem(where, $"\"{name}\": a negative stride", SaveAgain);
            end += (UInt128)(ulong)(shape[i] - 1) * (ulong)strides[i];
        }

        if (tensor.Offset < 0 || count > held || (ulong)tensor.Offset + end + (count > 0 ? 1u : 0u) > (ulong)held)
            throw new DataProblem(where,
                $"\"{name}\": {StoredTensor.SizeOf(shape)} from element {tensor.Offset} reach beyond its storage of {held}", SaveAgain);
        return new StoredTensor(name, tensor.Element, shape, strides, piece.At + tensor.Offset * width, piece);
    }

    private static DataProblem Packed(string where, string entry) =>
        new(where, $"entry \"{entry}\" is compressed, which torch.save never does", "unpack the file and " + SaveAgain);

    private static byte[] Bytes(FileStream file, FilePiece piece, string name)
    {
        var bytes = new byte[(int)piece.Length];
        file.Position = piece.At;
        file.ReadExactly(bytes);
        if (Crc32.HashToUInt32(bytes) != piece.Crc)
            throw new DataProblem($"{file.Name}:{name}", "its checksum (CRC-32) does not fit: it is damaged", "download the file again");
        return bytes;
    }
}
