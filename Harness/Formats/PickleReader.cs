using System.Buffers.Binary;
using System.Buffers.Text;
using System.Text;
using Ablation.Harness.Foundations;

namespace Ablation.Harness.Formats;

/// <summary>Reads pickles, protocols 0 to 5, without being able to run anything.</summary>
/// <remarks>
/// Values: null, bool, long, double, <see cref="PickleBytes"/>, List&lt;object?&gt; for a list, object?[] for a tuple,
/// <see cref="PickleMap"/>, and what <see cref="PickleObjects"/> makes of globals. Opcodes that files of the kind do not use (for images:
/// dictionaries, sets, instances, persistent ids) are refused with their byte offset. No recursion: depth costs no stack.
/// </remarks>
internal sealed class PickleReader
{
    private const int MostStepsPerValue = 3;
    private const int LongestLine = 1 << 8;
    private const int DeepestMark = 1000;
    private static readonly object True = true;
    private static readonly object False = false;

    private readonly byte[] file;
    private readonly string path;
    private readonly PickleObjects globals;
    private readonly List<object?> stack = [];
    private readonly Stack<int> marks = new();
    private readonly Dictionary<long, object?> memo = [];
    private int at;
    private int opcode; // position of the current opcode
    private int values;

    private PickleReader(byte[] file, string path, PickleObjects globals) => (this.file, this.path, this.globals) = (file, path, globals);

    /// <summary>Returns the value that the pickle holds.</summary>
    /// <exception cref="DataProblem">Damaged, or not of this kind; with the byte offset.</exception>
    public static object? Read(byte[] file, string path, PickleObjects globals)
    {
        var reader = new PickleReader(file, path, globals);
        for (var steps = 0; reader.Step(); steps++)
            if (steps == MostStepsPerValue * globals.MostValues) throw reader.Problem($"more than {steps} steps");
        return reader.stack.Count == 1 && reader.marks.Count == 0
            ? reader.stack[0]
            : throw reader.Problem("the pickle ends with other than one value");
    }

    /// <summary>Runs one opcode; false after STOP.</summary>
    private bool Step()
    {
        opcode = at;
        var code = Take(1)[0];
        switch (code)
        {
            case (byte)'.': return false;
            case 0x80: if (Take(1)[0] > 5) throw Problem("a pickle protocol later than 5"); break;
            case 0x95: Take(8); break; // FRAME: only a hint for reading ahead
            case (byte)'(': Mark(); break;
            case (byte)'0': Pop(); break;
            case (byte)'1': PopToMark(); break;
            case (byte)'N': Push(null); break;
            case 0x88: Push(True); break;
            case 0x89: Push(False); break;
            case (byte)'I' or (byte)'L': Push(Number(Line(LongestLine))); break;
            case (byte)'J': Push((long)BinaryPrimitives.ReadInt32LittleEndian(Take(4))); break;
            case (byte)'K': Push((long)Take(1)[0]); break;
            case (byte)'M': Push((long)BinaryPrimitives.ReadUInt16LittleEndian(Take(2))); break;
            case 0x8a: { var size = Take(1)[0]; Push(globals.HasMaps ? WideNumber(size) : LongNumber(size)); break; }
            case (byte)'G': Push(BinaryPrimitives.ReadDoubleBigEndian(Take(8))); break;
            case (byte)'S': PushLine(PickleForm.Quoted); break;
            case (byte)'V': PushLine(PickleForm.EscapedText); break;
            case (byte)'U' or (byte)'C': PushBytes(1, PickleForm.Raw); break;
            case (byte)'T' or (byte)'B': PushBytes(4, PickleForm.Raw); break;
            case 0x8e or 0x96: PushBytes(8, PickleForm.Raw); break;
            case 0x8c: PushBytes(1, PickleForm.Text); break;
            case (byte)'X': PushBytes(4, PickleForm.Text); break;
            case 0x8d: PushBytes(8, PickleForm.Text); break;
            case (byte)']': Push(new List<object?>()); break;
            case (byte)'l': Push(PopToMark().ToList()); break;
            case (byte)'a': Append(PopMany(1)); break;
            case (byte)'e': Append(PopToMark()); break;
            case (byte)')': Push(Array.Empty<object?>()); break;
            case (byte)'t': Push(PopToMark()); break;
            case 0x85 or 0x86 or 0x87: Push(PopMany(code - 0x84)); break;
            case (byte)'q': memo[Take(1)[0]] = Peek(); break;
            case (byte)'r': memo[BinaryPrimitives.ReadUInt32LittleEndian(Take(4))] = Peek(); break;
            case (byte)'p': memo[Index()] = Peek(); break;
            case 0x94: memo[memo.Count] = Peek(); break;
            case (byte)'h': Recall(Take(1)[0]); break;
            case (byte)'j': Recall(BinaryPrimitives.ReadUInt32LittleEndian(Take(4))); break;
            case (byte)'g': Recall(Index()); break;
            case (byte)'c': Push(globals.Find(Text(Line(LongestLine)), Text(Line(LongestLine)), opcode)); break;
            case 0x93: { var (name, module) = (Word(), Word()); Push(globals.Find(module, name, opcode)); break; }
            case (byte)'R': { var arguments = Pop(); Push(globals.Call(Pop(), arguments, opcode)); break; }
            case (byte)'b': { var state = Pop(); globals.Build(Peek(), state, opcode); break; }
            default:
                if (globals.HasMaps && StepOfMaps(code)) break;
                throw Problem($"opcode 0x{code:x2}, which {globals.Needs}");
        }

        return true;
    }

    /// <summary>Opcodes of files with dictionaries, objects and persistent ids.</summary>
    private bool StepOfMaps(byte code)
    {
        switch (code)
        {
            case (byte)'}': Push(new PickleMap()); return true;
            case (byte)'d': { var pairs = PopToMark(); Push(new PickleMap()); Set(pairs); return true; }
            case (byte)'s': Set(PopMany(2)); return true;
            case (byte)'u': Set(PopToMark()); return true;
            case (byte)'Q': Push(globals.Stored(Pop(), opcode)); return true;
            case 0x81: { var arguments = Pop(); Push(globals.Call(Pop(), arguments, opcode)); return true; }
            case 0x92: { Pop(); var arguments = Pop(); Push(globals.Call(Pop(), arguments, opcode)); return true; }
            case 0x8b: Push(WideNumber(BinaryPrimitives.ReadInt32LittleEndian(Take(4)))); return true;
            case 0x8f: Push(PickleOpaque.Set); return true;
            case 0x90: PopToMark(); Peek(); return true;
            case 0x91: PopToMark(); Push(PickleOpaque.Set); return true;
            default: return false;
        }
    }

    private void Mark()
    {
        if (marks.Count >= DeepestMark) throw Problem("the pickle is nested too deeply");
        marks.Push(stack.Count);
    }

    private void Push(object? value)
    {
        if (++values > globals.MostValues) throw Problem($"more than {globals.MostValues} values");
        stack.Add(value);
    }

    private object? Pop()
    {
        var value = Peek();
        stack.RemoveAt(stack.Count - 1);
        return value;
    }

    private object?[] PopMany(int count)
    {
        var floor = marks.TryPeek(out var mark) ? mark : 0;
        if (stack.Count - count < floor) throw Problem("a value is used that is not there");
        var values = stack.GetRange(stack.Count - count, count).ToArray();
        stack.RemoveRange(stack.Count - count, count);
        return values;
    }

    private object?[] PopToMark()
    {
        if (marks.Count == 0) throw Problem("a list or tuple ends that never started");
        var values = PopMany(stack.Count - marks.Peek());
        marks.Pop();
        return values;
    }

    private object? Peek() =>
        stack.Count > (marks.TryPeek(out var mark) ? mark : 0) ? stack[^1] : throw Problem("a value is used that is not there");

    private void Append(object?[] items)
    {
        if (Peek() is List<object?> list) list.AddRange(items);
        else if (Peek() is not PickleOpaque) throw Problem("something is appended to what is not a list");
    }

    private void Set(object?[] pairs)
    {
        if (pairs.Length % 2 != 0) throw Problem("a key without a value");
        if (Peek() is PickleMap map)
            for (var i = 0; i < pairs.Length; i += 2) map.Items.Add((pairs[i], pairs[i + 1]));
        else if (Peek() is not PickleOpaque) throw Problem("a key is set in what is not a dictionary");
    }

    private string Word() =>
        Pop() is PickleBytes { IsText: true } text ? text.Word(file) : throw Problem("a global's name is not text");

    private void Recall(long index) =>
        Push(memo.TryGetValue(index, out var value) ? value : throw Problem($"value {index} was never stored"));

    private long Index() => Number(Line(LongestLine)) as long? ?? throw Problem("the index of a stored value is not a number");

    private ReadOnlySpan<byte> Take(int count)
    {
        if (count > file.Length - at)
            throw new DataProblem($"{path}@{file.Length}", "the pickle is cut off", "download the file again");
        at += count;
        return file.AsSpan(at - count, count);
    }

    /// <summary>Pushes a string; its length, in <paramref name="size"/> bytes, is believed only where so much is left.</summary>
    private void PushBytes(int size, PickleForm form)
    {
        Span<byte> wide = stackalloc byte[8];
        wide.Clear();
        Take(size).CopyTo(wide);
        var length = BinaryPrimitives.ReadUInt64LittleEndian(wide);
        if (length > (ulong)(file.Length - at)) throw Problem($"a string of {length} bytes, but {file.Length - at} are left");
        Take((int)length);
        Push(new PickleBytes(at - (int)length, (int)length, form));
    }

    private void PushLine(PickleForm form)
    {
        var length = Line(int.MaxValue).Length;
        Push(new PickleBytes(at - 1 - length, length, form));
    }

    /// <summary>The rest of the line, without its end.</summary>
    private ReadOnlySpan<byte> Line(int longest)
    {
        var rest = file.AsSpan(at, Math.Min(longest, file.Length - at));
        var end = rest.IndexOf((byte)'\n');
        if (end < 0) throw Problem("a line does not end");
        return Take(end + 1)[..end];
    }

    private static string Text(ReadOnlySpan<byte> line) => Encoding.Latin1.GetString(line);

    /// <summary>Decimal digits, with the L of a Python 2 long; protocol 0 writes the booleans as 01 and 00.</summary>
    private object Number(ReadOnlySpan<byte> digits)
    {
        if (digits.SequenceEqual("01"u8)) return True;
        if (digits.SequenceEqual("00"u8)) return False;
        if (digits.EndsWith("L"u8)) digits = digits[..^1];
        var isNumber = Utf8Parser.TryParse(digits, out long value, out var used) && used == digits.Length;
        return isNumber ? value : throw Problem("a number is damaged");
    }

    /// <summary>The states of generators have numbers of 16 bytes and more, which nothing here uses.</summary>
    private object WideNumber(int size)
    {
        if (size is >= 0 and <= 8) return LongNumber(size);
        Take(size < 0 ? throw Problem("a whole number of negative length") : size);
        return PickleOpaque.Number;
    }

    private long LongNumber(int size)
    {
        if (size > 8) throw Problem($"a whole number of {size} bytes");
        Span<byte> wide = stackalloc byte[8];
        var digits = Take(size);
        wide.Fill(size > 0 && digits[^1] >= 0x80 ? (byte)0xff : (byte)0); // two's complement: carry the sign on
        digits.CopyTo(wide);
        return BinaryPrimitives.ReadInt64LittleEndian(wide);
    }

    private DataProblem Problem(string what) =>
        new($"{path}@{opcode}", what, globals.Cure);
}
