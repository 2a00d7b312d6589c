using System.Buffers;
using Ablation.Harness.Foundations;

namespace Ablation.Harness.Formats;

/// <summary>Parses one line; <paramref name="index"/> counts from 0.</summary>
internal delegate void LineParser(int index, ref LineFields fields);

/// <summary>
/// Parses the lines of a text file on all cores, a block of bytes at a time, without a string per line; memory is one block per thread. A
/// first pass counts the lines, so that each parser knows its line number. CRLF and a byte order mark are accepted. The last line needs
/// its line end: without it a file that was cut off within a number looks whole.
/// </summary>
internal sealed class TextLines : IDisposable
{
    /// <summary>The longest line, in bytes.</summary>
    public const int MostLineBytes = 4096;
    private const long MostBytes = 8L << 30;
    private const int Block = 1 << 20;
    private static readonly byte[] Mark = [0xEF, 0xBB, 0xBF];
    private readonly Microsoft.Win32.SafeHandles.SafeFileHandle file;
    private readonly long length;
    private readonly int[] firstLine; // lines that begin before each block

    /// <exception cref="DataProblem">The file is missing, empty, does not end with its last line, or is absurdly large.</exception>
    public TextLines(string path, int mostLines)
    {
        Path = path;
        try
        {
            file = File.OpenHandle(path, FileMode.Open, FileAccess.Read, FileShare.Read);
            length = RandomAccess.GetLength(file);
        }
        catch (Exception problem) when (problem is IOException or UnauthorizedAccessException)
        {
            file?.Dispose();
            throw new DataProblem(path, problem is FileNotFoundException or DirectoryNotFoundException
                ? "no such file" : "the file cannot be read", "check the path and the file's permissions", problem);
        }

        try
        {
            if (length > MostBytes)
                throw new DataProblem(path, $"{length} bytes, more than {MostBytes}", "check that it is the right file");
            if (length == 0) throw new DataProblem($"{path}(1)", "the file is empty", "download it again");
            firstLine = Count(mostLines);
        }
        catch
        {
            file.Dispose();
            throw;
        }
    }

    public string Path { get; }

    public int Lines => firstLine[^1];

    /// <summary>Names line <paramref name="index"/> (from 0) in an error.</summary>
    public string Where(int index) => $"{Path}({index + 1})";

    /// <summary>Parses every line once, in no order. Of several bad lines the first is reported.</summary>
    /// <exception cref="DataProblem">By the parser, or the file changed in the meantime.</exception>
    public void Parse(LineParser parser, char separator = ' ')
    {
        ForBlocks(firstLine.Length - 1, (block, buffer) => ParseBlock(block, buffer, parser, separator));
    }

    public void Dispose() => file.Dispose();

    /// <summary>
    /// Runs all blocks on all cores, each with a buffer for the block, the byte before it and the rest of its last line. Throws the first
    /// problem in the file.
    /// </summary>
    private static void ForBlocks(int blocks, Action<int, byte[]> work)
    {
        var problems = new DataProblem?[blocks];
        Parallel.For(0, blocks, (block, loop) =>
        {
            var buffer = ArrayPool<byte>.Shared.Rent(1 + Block + MostLineBytes);
            try
            {
                work(block, buffer);
            }
            catch (DataProblem problem)
            {
                problems[block] = problem;
                loop.Break(); // blocks before this one are still done: theirs would be the first
            }
            finally
            {
                ArrayPool<byte>.Shared.Return(buffer);
            }
        });
        if (problems.FirstOrDefault(problem => problem is not null) is { } first) throw first;
    }

    private int[] Count(int mostLines)
    {
        var blocks = (int)((length + Block - 1) / Block);
        var begins = new int[blocks + 1];
        ForBlocks(blocks, (block, buffer) =>
        {
            // a line begins after each line end but the file's last byte
            var from = Math.Max(0, (long)block * Block - 1);
            var bytes = Read(from, Math.Min((long)(block + 1) * Block, length) - 1 - from, buffer);
            begins[block + 1] = bytes.Count((byte)'\n') + (block == 0 ? 1 : 0);
        });
        long sum = 0;
        for (var block = 1; block <= blocks; block++)
        {
            if ((sum += begins[block]) > mostLines)
                throw new DataProblem(Path, $"more than {mostLines} lines", "check that it is the right file");
            begins[block] = (int)sum;
        }

        Span<byte> last = stackalloc byte[1];
        _ = RandomAccess.Read(file, last, length - 1);
        if (last[0] != '\n')
            throw new DataProblem($"{Path}({sum})", "the last line has no line end, so the file may be cut off",
                "download it again, or add the line end if nothing is missing");
        return begins;
    }

    private void ParseBlock(int block, byte[] buffer, LineParser parser, char separator)
    {
        var start = (long)block * Block;
        var from = Math.Max(0, start - 1);
        ReadOnlySpan<byte> bytes = Read(from, Math.Min(start + Block + MostLineBytes, length) - from, buffer);
        var own = (int)(Math.Min(start + Block, length) - from); // lines that begin before here are this block's
        var position = 0;
        if (block == 0 && bytes.StartsWith(Mark)) position = Mark.Length;
        if (block > 0) position = bytes.IndexOf((byte)'\n') is >= 0 and var end ? end + 1 : bytes.Length;
        var line = firstLine[block];
        for (; position < own; line++)
        {
            var size = bytes[position..Math.Min(bytes.Length, position + MostLineBytes)].IndexOf((byte)'\n');
            if (size < 0)
                throw new DataProblem(Where(line), $"no line end within {MostLineBytes} bytes", "check that it is the right file");
            if (line >= firstLine[block + 1]) throw Changed();
            var text = bytes.Slice(position, size);
            var fields = new LineFields(Path, line, text is [.., (byte)'\r'] ? text[..^1] : text, (byte)separator);
            parser(line, ref fields);
            position += size + 1;
        }

        if (line != firstLine[block + 1]) throw Changed();
    }

    private Span<byte> Read(long from, long size, byte[] buffer)
    {
        var bytes = buffer.AsSpan(0, (int)size);
        for (var done = 0; done < bytes.Length;)
        {
            int read;
            try
            {
                read = RandomAccess.Read(file, bytes[done..], from + done);
            }
            catch (IOException problem)
            {
                throw new DataProblem(Path, "the file cannot be read", "check the disk", problem);
            }

            if (read == 0) throw Changed();
            done += read;
        }

        return bytes;
    }

    private DataProblem Changed() => new(Path, "the file changed while it was read", "run again when nothing writes to it");
}
