using System.Text;
using Ablation.Harness.Foundations;

namespace Ablation.Harness.Formats;

/// <summary>
/// Reads what an ONNX file says about itself, without its tensors: the first nodes of the graph and the notes (onnx.proto3:
/// ModelProto.graph is field 7, its nodes field 1 with name 3; ModelProto.metadata_props is field 14 with key 1 and value 2).
/// </summary>
/// <param name="FirstNodes">Names of the first eight nodes.</param>
/// <param name="Notes">Key and value of metadata_props.</param>
public sealed record OnnxHead(IReadOnlyList<string> FirstNodes, IReadOnlyDictionary<string, string> Notes)
{
    private const int MostNodes = 8, MostText = 1 << 16, MostFields = 5_000_000;

    /// <summary>
    /// Whether the graph normalises its input itself, by the rule of insightface's own loader (python-package,
    /// model_zoo/arcface_onnx.py): among its first eight nodes is one called Sub or _minus, and one called Mul or _mul.
    /// </summary>
    public bool NormalisesItself => Begins("Sub", "_minus") && Begins("Mul", "_mul");

    /// <exception cref="DataProblem">The file is no ONNX file, cut off or damaged.</exception>
    public static OnnxHead Read(FileStream file)
    {
        var (nodes, notes, fields) = (new List<string>(), new Dictionary<string, string>(StringComparer.Ordinal), 0);
        file.Position = 0;
        var hasGraph = false;
        foreach (var (field, from, to) in Parts(file, 0, file.Length))
        {
            if (field == 14)
            {
                var (key, value) = ("", "");
                foreach (var (inner, start, end) in Parts(file, from, to))
                {
                    if (inner == 1) key = Text(file, start, end);
                    else if (inner == 2) value = Text(file, start, end);
                }

                notes[key] = value;
            }
            else if (field == 7)
            {
                hasGraph = true;
                foreach (var (inner, start, end) in Parts(file, from, to))
                {
                    if (inner == 5) RefuseOtherFiles(start, end);
                    if (inner != 1 || nodes.Count == MostNodes) continue;
                    nodes.Add("");
                    foreach (var (part, at, until) in Parts(file, start, end))
                        if (part == 3) nodes[^1] = Text(file, at, until);
                }
            }
        }

        return hasGraph ? new OnnxHead(nodes, notes)
            : throw new DataProblem(file.Name, "it has no graph: it is no ONNX file", "give a file that torch.onnx.export wrote");

        // weights in a second file (TensorProto.external_data is field 13) would be no part of the hash by which embeddings are kept
        void RefuseOtherFiles(long from, long to)
        {
            foreach (var (part, at, _) in Parts(file, from, to))
                if (part == 13)
                    throw new DataProblem($"{file.Name}@{at}", "its weights are in a second file",
                        "save it as one file: onnx.save(onnx.load(path), path) without save_as_external_data");
        }

        IEnumerable<(int Field, long From, long To)> Parts(FileStream file, long from, long to)
        {
            for (var at = from; at < to;)
            {
                if (++fields > MostFields) throw Damaged(file, at);
                file.Position = at;
                var tag = Varint(file);
                var length = (tag & 7) switch
                {
                    0 => 0UL,
                    1 => 8UL,
                    2 => Varint(file),
                    5 => 4UL,
                    _ => throw Damaged(file, at),
                };
                if ((tag & 7) == 0) Varint(file);
                var start = file.Position;
                if (tag >> 3 is 0 or > 1 << 29 || length > (ulong)(to - start)) throw Damaged(file, at);
                at = start + (long)length;
                if ((tag & 7) == 2) yield return ((int)(tag >> 3), start, at);
            }
        }
    }

    private bool Begins(params ReadOnlySpan<string> words)
    {
        foreach (var word in words)
            if (FirstNodes.Any(name => name.StartsWith(word, StringComparison.Ordinal))) return true;
        return false;
    }

    private static ulong Varint(FileStream file)
    {
        var value = 0UL;
        for (var shift = 0; shift < 64; shift += 7)
        {
            var next = file.ReadByte();
            if (next < 0) break;
            value |= (ulong)(next & 0x7f) << shift;
            if (next < 0x80) return value;
        }

        throw Damaged(file, file.Position);
    }

    private static string Text(FileStream file, long from, long to)
    {
        var bytes = new byte[(int)Math.Min(to - from, MostText)];
        file.Position = from;
        file.ReadExactly(bytes);
        return Encoding.UTF8.GetString(bytes);
    }

    private static DataProblem Damaged(FileStream file, long at) =>
        new($"{file.Name}@{at}", "cut off or damaged, or no ONNX file", "download it or export it again");
}
