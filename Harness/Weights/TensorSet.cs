using System.IO.Hashing;
using System.Security.Cryptography;
using Ablation.Harness.Formats;
using Ablation.Harness.Foundations;
using static TorchSharp.torch;

namespace Ablation.Harness.Weights;

/// <summary>
/// The named tensors of a file of weights. Opening reads and checks the index alone; each tensor is read when it is asked for, straight
/// into its place, so that a file never lies in memory beside its tensors.
/// </summary>
public sealed class TensorSet : IDisposable
{
    private const int Chunk = 1 << 22;
    private readonly FileStream file;
    private readonly StoredTensors index;
    private readonly Dictionary<string, StoredTensor> byName;
    private readonly HashSet<long> sound = []; // pieces whose checksum fits

    private TensorSet(FileStream file, StoredTensors index)
    {
        (this.file, this.index) = (file, index);
        byName = index.Tensors.ToDictionary(tensor => tensor.Name, StringComparer.Ordinal);
    }

    /// <summary>Full path of the file.</summary>
    public string Path => file.Name;

    /// <summary>"pth" or "safetensors".</summary>
    public string Format => index.Format;

    /// <summary>What the file says besides its tensors.</summary>
    public IReadOnlyDictionary<string, string> Metadata => index.Metadata;

    /// <summary>In the order of the file.</summary>
    public IReadOnlyList<StoredTensor> Tensors => index.Tensors;

    /// <summary>Opens a .pth, .pt, .ckpt or .safetensors file; what it is, its first bytes show.</summary>
    /// <exception cref="DataProblem">It is missing, cut off, damaged, hostile, or of another kind.</exception>
    public static TensorSet Open(string path)
    {
        FileStream file;
        try
        {
            file = new FileStream(System.IO.Path.GetFullPath(path), FileMode.Open, FileAccess.Read,
                FileShare.ReadWrite | FileShare.Delete, 1);
        }
        catch (Exception e) when (e is IOException or UnauthorizedAccessException)
        {
            throw new DataProblem(path, $"the weights cannot be opened ({e.Message})", "check the path", e);
        }

        try
        {
            return new TensorSet(file, Index(file));
        }
        catch (Exception e)
        {
            file.Dispose();
            if (e is not EndOfStreamException) throw;
            throw new DataProblem(path, "the file ended while it was read", "download it again", e);
        }
    }

    /// <summary>Returns where a tensor lies; null if the file has none of this name.</summary>
    public StoredTensor? Find(string name) => byName.GetValueOrDefault(name);

    /// <summary>Returns a tensor on the CPU in the file's own element type.</summary>
    /// <exception cref="DataProblem">It is damaged.</exception>
    public Tensor Read(string name)
    {
        var stored = byName[name];
        if (stored.IsRowMajor)
        {
            var whole = empty([.. stored.Shape], TypeOf(stored.Element), CPU);
            Fill(whole, stored, stored.Count);
            return whole;
        }

        using var reach = empty([stored.Reach], TypeOf(stored.Element), CPU);
        Fill(reach, stored, stored.Reach);
        using var view = reach.as_strided([.. stored.Shape], [.. stored.Strides]);
        return view.contiguous();
    }

    /// <summary>Reads a tensor into one of the same shape on the CPU, converting its elements where the types differ.</summary>
    /// <inheritdoc cref="Read(string)" path="/exception"/>
    public void ReadInto(string name, Tensor target)
    {
        var stored = byName[name];
        using var grad = no_grad();
        if (stored.IsRowMajor && target.dtype == TypeOf(stored.Element) && target.is_contiguous())
        {
            Fill(target, stored, stored.Count);
            return;
        }

        using var read = Read(name);
        target.copy_(read);
    }

    /// <summary>Computes the SHA-256 of the whole file.</summary>
    public string Hash()
    {
        file.Position = 0;
        return Convert.ToHexStringLower(SHA256.HashData(file));
    }

    /// <summary>The element type in TorchSharp.</summary>
    public static ScalarType TypeOf(TensorElement element) => element switch
    {
        TensorElement.F64 => ScalarType.Float64,
        TensorElement.F32 => ScalarType.Float32,
        TensorElement.F16 => ScalarType.Float16,
        TensorElement.BF16 => ScalarType.BFloat16,
        TensorElement.I64 => ScalarType.Int64,
        TensorElement.I32 => ScalarType.Int32,
        TensorElement.I16 => ScalarType.Int16,
        TensorElement.I8 => ScalarType.Int8,
        TensorElement.U8 => ScalarType.Byte,
        _ => ScalarType.Bool,
    };

    public void Dispose() => file.Dispose();

    private static StoredTensors Index(FileStream file)
    {
        var first = new byte[9];
        var got = file.ReadAtLeast(first, first.Length, throwOnEndOfStream: false);
        if (got == first.Length && first.AsSpan().StartsWith("PK\x03\x04"u8)) return TorchFile.Read(file);
        if (got == first.Length && first[8] == '{') return SafetensorsFile.Read(file);
        const string Cure = "give a file of torch.save or a .safetensors file";
        if (got > 0 && first[0] == 0x80)
            throw new DataProblem(file.Name,
                "a pickle without a ZIP around it: torch.save before PyTorch 1.6, or another program, wrote it",
                "load it in Python and save it again with torch.save(model.state_dict(), ...) of PyTorch 1.6 or later");
        if (first.AsSpan().StartsWith("version h"u8))
            throw new DataProblem(file.Name, "a pointer of Git LFS, not the file itself", "fetch it with git lfs pull");
        throw new DataProblem(file.Name, got < first.Length ? "too short to hold weights" : "neither a ZIP nor a safetensors file", Cure);
    }

    private void Fill(Tensor target, StoredTensor stored, long count)
    {
        var length = count * stored.Element.Width();
        if (length > Array.MaxLength)
            throw new DataProblem(Path, $"\"{stored.Name}\" has {length} bytes; a tensor of at most {Array.MaxLength} is read",
                "split it, or leave it out of the file");
        var whole = stored.At == stored.Piece.At && length == stored.Piece.Length;
        if (!whole) Check(stored);
        if (length == 0) return;
        try
        {
            var bytes = target.bytes;
            file.Position = stored.At;
            var crc = new Crc32();
            for (var at = 0; at < bytes.Length; at += Chunk)
            {
                var part = bytes.Slice(at, Math.Min(Chunk, bytes.Length - at));
                file.ReadExactly(part);
                if (whole && stored.Piece.Crc is not null) crc.Append(part);
            }

            if (whole && stored.Piece.Crc is { } stated && stated != crc.GetCurrentHashAsUInt32()) throw Damaged(stored);
        }
        catch (EndOfStreamException e)
        {
            throw new DataProblem(Path, "the file ended while it was read", "download it again", e);
        }
    }

    /// <summary>Checks a piece that several tensors share, once.</summary>
    private void Check(StoredTensor stored)
    {
        if (stored.Piece.Crc is not { } stated || !sound.Add(stored.Piece.At)) return;
        var buffer = new byte[Chunk];
        var crc = new Crc32();
        file.Position = stored.Piece.At;
        for (var left = stored.Piece.Length; left > 0;)
        {
            var part = buffer.AsSpan(0, (int)Math.Min(left, buffer.Length));
            file.ReadExactly(part);
            crc.Append(part);
            left -= part.Length;
        }

        if (crc.GetCurrentHashAsUInt32() != stated) throw Damaged(stored);
    }

    private DataProblem Damaged(StoredTensor stored) =>
        new($"{Path}@{stored.Piece.At}", $"the checksum (CRC-32) of \"{stored.Name}\" does not fit: the file is damaged",
            "download it again");
}
