using Ablation.Harness.Foundations;

namespace Ablation.Harness.Formats;

/// <summary>Reads the index of a RecordIO pack: one <c>key TAB byte offset</c> per line, in any order.</summary>
/// <remarks>Read by hand, a byte at a time: splitting 5.8 million lines into strings takes ten times as long.</remarks>
internal sealed class RecordIoIndex
{
    private const string Cure = "each line is: key TAB byte offset; rebuild the index from the pack";
    private readonly string path;
    private readonly List<int> keys = [];
    private readonly List<long> offsets = [];

    private readonly long most;

    private RecordIoIndex(string path, long most) => (this.path, this.most) = (path, most);

    /// <summary>Returns the keys in ascending order, all different, and the offset of each record.</summary>
    /// <param name="most">Records that the pack can hold.</param>
    /// <exception cref="DataProblem">The file is missing, empty, or a line is not in the format (named).</exception>
    public static (int[] Keys, long[] Offsets) Read(string path, long most)
    {
        if (!File.Exists(path)) throw new DataProblem(path, "no such file", "put the pack's index beside it, or rebuild it from the pack");
        var index = new RecordIoIndex(path, most);
        index.Parse();
        int[] keys = [.. index.keys];
        long[] offsets = [.. index.offsets];
        if (keys.Length == 0) throw new DataProblem(path, "the index is empty", Cure);
        if (!Ascends(keys)) Array.Sort(keys, offsets);
        for (var i = 1; i < keys.Length; i++)
        {
            if (keys[i] == keys[i - 1]) throw index.Duplicate(keys[i]);
        }

        return (keys, offsets);
    }

    private void Parse()
    {
        using var file = new FileStream(path, FileMode.Open, FileAccess.Read, FileShare.Read, bufferSize: 0);
        var buffer = new byte[1 << 18];
        var (key, value, digits, isBlank) = (-1L, 0L, 0, false);
        for (int got; (got = file.Read(buffer)) > 0;)
        {
            foreach (var b in buffer.AsSpan(0, got))
            {
                if (isBlank && b is not ((byte)'\n' or (byte)'\r')) throw Problem("a blank line before it");
                if (b is >= (byte)'0' and <= (byte)'9' && ++digits <= 18) value = value * 10 + b - '0';
                else if (b == '\t' && key < 0 && digits > 0) (key, value, digits) = (value, 0, 0);
                else if (b == '\n' && key >= 0 && digits > 0)
                {
                    Add(key, value);
                    (key, value, digits) = (-1, 0, 0);
                }
                else if (b == '\n' && key < 0 && digits == 0) isBlank = true; // the last lines may be
                else if (b != '\r') throw Problem("not a key and an offset");
            }
        }

        if (key >= 0 && digits > 0) Add(key, value); // the last line may lack its end
        else if (key >= 0 || digits > 0) throw Problem("the line is cut off");
    }

    private void Add(long key, long offset)
    {
        if (key > int.MaxValue - 1) throw Problem($"key {key} is too large");
        if (keys.Count >= most)
            throw new DataProblem(path, $"more than {most} keys, and the pack has no room for so many records",
                "the index is of another pack, or the pack is cut off: download both again");
        keys.Add((int)key);
        offsets.Add(offset);
    }

    private static bool Ascends(int[] keys)
    {
        for (var i = 1; i < keys.Length; i++)
        {
            if (keys[i] <= keys[i - 1]) return false;
        }

        return true;
    }

    private DataProblem Problem(string what) => new($"{path}({keys.Count + 1})", what, Cure);

    private DataProblem Duplicate(int key)
    {
        var first = keys.IndexOf(key);
        var again = keys.IndexOf(key, first + 1);
        return new DataProblem($"{path}({again + 1})", $"key {key} stands on line {first + 1} already", Cure);
    }
}
