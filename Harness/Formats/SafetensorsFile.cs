using System.Buffers.Binary;
using System.Text;
using System.Text.Json;
using Ablation.Harness.Foundations;

namespace Ablation.Harness.Formats;

/// <summary>
/// Reads the header of a safetensors file (github.com/huggingface/safetensors): the length of a JSON text, the text, and the values, which
/// it must place without a gap or an overlap.
/// </summary>
public static class SafetensorsFile
{
    private const string Cure = "download or save the file again";
    private const int MostHeaderBytes = 100 << 20, MostTensors = 200_000, MostDimensions = 16;

    /// <exception cref="DataProblem">It is cut off or damaged, or its header contradicts itself or the file.</exception>
    public static StoredTensors Read(FileStream file)
    {
        Span<byte> first = stackalloc byte[8];
        file.Position = 0;
        if (file.ReadAtLeast(first, 8, throwOnEndOfStream: false) < 8) throw Problem(file, 0, "shorter than the length of its header");
        var length = BinaryPrimitives.ReadUInt64LittleEndian(first);
        if (length > (ulong)(file.Length - 8))
            throw Problem(file, 0, $"a header of {length} bytes, but {file.Length - 8} follow: it is cut off, or no safetensors file");
        if (length is > MostHeaderBytes or < 2) throw Problem(file, 0, $"a header of {length} bytes; 2 to {MostHeaderBytes} are possible");
        var header = new byte[(int)length];
        file.ReadExactly(header);
        if (header[0] != '{') throw Problem(file, 8, "the header does not begin with {");
        var metadata = new Dictionary<string, string>(StringComparer.Ordinal);
        var found = new List<(string Name, TensorElement Element, long[] Shape, long From, long To)>();
        var json = new Utf8JsonReader(header, new JsonReaderOptions { MaxDepth = 4 });
        try
        {
            Entries(ref json, file, found, metadata);
        }
        catch (Exception e) when (e is JsonException or InvalidOperationException or DecoderFallbackException)
        {
            throw new DataProblem($"{file.Name}@{8 + json.BytesConsumed}", "the header is damaged", Cure, e);
        }

        var start = 8 + (long)length;
        Check(file, found, start);
        return new StoredTensors("safetensors", metadata, [.. found.Select(one => new StoredTensor(one.Name, one.Element, one.Shape,
            StoredTensor.RowMajor(one.Shape), start + one.From, new FilePiece(start + one.From, one.To - one.From, null)))]);
    }

    private static void Entries(ref Utf8JsonReader json, FileStream file,
        List<(string Name, TensorElement Element, long[] Shape, long From, long To)> found, Dictionary<string, string> metadata)
    {
        json.Read(); // the opening brace
        var names = new HashSet<string>(StringComparer.Ordinal);
        while (json.Read() && json.TokenType == JsonTokenType.PropertyName)
        {
            var name = json.GetString()!;
            var at = 8 + json.TokenStartIndex;
            if (!names.Add(name)) throw Problem(file, at, $"\"{name}\" is there twice");
            if (names.Count > MostTensors) throw Problem(file, at, $"more than {MostTensors} tensors");
            json.Read();
            if (name == "__metadata__") Notes(ref json, metadata);
            else found.Add(Entry(ref json, file, name, at));
        }

        while (json.Read())
        {
            // nothing may follow the closing brace; the reader throws if something does
        }
    }

    private static void Notes(ref Utf8JsonReader json, Dictionary<string, string> metadata)
    {
        if (json.TokenType != JsonTokenType.StartObject) throw new JsonException();
        while (json.Read() && json.TokenType == JsonTokenType.PropertyName)
        {
            var key = json.GetString()!;
            json.Read();
            metadata[key] = json.TokenType == JsonTokenType.String ? json.GetString()! : throw new JsonException();
        }
    }

    private static (string Name, TensorElement Element, long[] Shape, long From, long To) Entry(ref Utf8JsonReader json, FileStream file,
        string name, long at)
    {
        if (json.TokenType != JsonTokenType.StartObject) throw new JsonException();
        string? type = null;
        long[]? shape = null, span = null;
        while (json.Read() && json.TokenType == JsonTokenType.PropertyName)
        {
            var key = json.GetString();
            json.Read();
            if (key == "dtype" && type is null) type = json.GetString();
            else if (key == "shape" && shape is null) shape = Numbers(ref json);
            else if (key == "data_offsets" && span is null) span = Numbers(ref json);
            else throw Problem(file, at, $"\"{name}\": \"{key}\" is unknown or given twice");
        }

        if (type is null || shape is null || span is not { Length: 2 })
            throw Problem(file, at, $"\"{name}\": dtype, shape and two data_offsets are needed");
        if (!Enum.TryParse<TensorElement>(type is "BOOL" ? "Bool" : type, out var element) || !char.IsAsciiLetter(type[0]))
            throw Problem(file, at,
                $"\"{name}\": element type {type} is not read; known: {string.Join(", ", Enum.GetNames<TensorElement>())}",
                "save it as F32");
        if (StoredTensor.CountOf(shape) is not { } count || span[0] < 0 || span[1] - span[0] != count * element.Width())
            throw Problem(file, at,
                $"\"{name}\": {StoredTensor.SizeOf(shape)} of {element} do not fill bytes {span[0]} to {span[1]}");
        return (name, element, shape, span[0], span[1]);
    }

    private static long[] Numbers(ref Utf8JsonReader json)
    {
        if (json.TokenType != JsonTokenType.StartArray) throw new JsonException();
        var numbers = new List<long>();
        while (json.Read() && json.TokenType == JsonTokenType.Number)
        {
            if (numbers.Count == MostDimensions || !json.TryGetInt64(out var number)) throw new JsonException();
            numbers.Add(number);
        }

        return json.TokenType == JsonTokenType.EndArray ? [.. numbers] : throw new JsonException();
    }

    /// <summary>The tensors must fill the rest of the file, each byte once.</summary>
    private static void Check(FileStream file, List<(string Name, TensorElement Element, long[] Shape, long From, long To)> found,
        long start)
    {
        var end = 0L;
        foreach (var one in found.OrderBy(one => one.From).ThenBy(one => one.To))
        {
            if (one.From != end)
                throw Problem(file, start + Math.Min(end, one.From),
                    one.From < end ? $"\"{one.Name}\" overlaps the tensor before it" : $"bytes that no tensor uses, before \"{one.Name}\"");
            end = one.To;
        }

        if (start + end != file.Length)
            throw Problem(file, file.Length, start + end > file.Length ? $"cut off: the header needs {start + end} bytes"
                : $"{file.Length - start - end} bytes follow the last tensor");
    }

    private static DataProblem Problem(FileStream file, long at, string what, string cure = Cure) => new($"{file.Name}@{at}", what, cure);
}
