using System.Security.Cryptography;
using System.Text;
using Ablation.Harness.Foundations;

namespace Ablation.Experiments.Store;

/// <summary>
/// The checksum of a stored JSON object: its last property, <c>sha256</c>, over every byte before it. The bytes after it are fixed, so any
/// change of the file is detected. Files of earlier versions have none.
/// </summary>
internal static class Seal
{
    private const int Digits = 2 * SHA256.HashSizeInBytes;
    private static readonly byte[] Head = ",\n  \"sha256\": \""u8.ToArray();
    private static readonly byte[] Tail = "\"\n}\n"u8.ToArray();
    private static readonly byte[] End = "\n}"u8.ToArray(); // of the object without the checksum

    /// <summary>Returns the text of the file for an object.</summary>
    /// <param name="json">As <see cref="SpecJson.Write{T}"/> writes it: indented, without a line feed at the end.</param>
    public static string Close(string json)
    {
        if (!json.EndsWith("\n}", StringComparison.Ordinal)) throw new ArgumentException("no indented JSON object", nameof(json));
        var content = json[..^2];
        var digits = Convert.ToHexStringLower(SHA256.HashData(Encoding.UTF8.GetBytes(content)));
        return content + Encoding.UTF8.GetString(Head) + digits + Encoding.UTF8.GetString(Tail);
    }

    /// <summary>Returns the JSON of the object without the checksum, and whether there was one.</summary>
    /// <exception cref="InvalidDataException">The checksum does not match, or is not at the end.</exception>
    public static (string Json, bool IsSealed) Open(byte[] file)
    {
        var isSealed = IsSealed(file);
        return (Encoding.UTF8.GetString(Json(file, isSealed)), isSealed);
    }

    /// <summary>Returns the JSON of the object without the checksum.</summary>
    /// <param name="file">Its checksum is overwritten.</param>
    /// <param name="isSealed">From <see cref="IsSealed"/>.</param>
    public static ReadOnlySpan<byte> Json(byte[] file, bool isSealed)
    {
        if (!isSealed) return file;
        var length = file.Length - Head.Length - Digits - Tail.Length;
        End.CopyTo(file, length);
        return file.AsSpan(0, length + End.Length);
    }

    /// <summary>Whether a file has a checksum; throws if it does not match.</summary>
    /// <exception cref="InvalidDataException">As for <see cref="Open"/>.</exception>
    public static bool IsSealed(byte[] file)
    {
        var length = file.Length - Head.Length - Digits - Tail.Length;
        if (length <= 0 || !file.AsSpan(length).StartsWith(Head) || !file.AsSpan().EndsWith(Tail))
            return file.AsSpan().IndexOf(Head.AsSpan(1)) < 0
                ? false : throw new InvalidDataException("its checksum is not where it was written: the file was changed");
        Span<byte> digits = stackalloc byte[Digits];
        Encoding.ASCII.GetBytes(Convert.ToHexStringLower(SHA256.HashData(file.AsSpan(0, length))), digits);
        return digits.SequenceEqual(file.AsSpan(length + Head.Length, Digits))
            ? true : throw new InvalidDataException("its checksum does not match: the file was changed after it was written");
    }

    /// <summary>Returns the SHA-256 of bytes, in hexadecimal digits.</summary>
    public static string Of(byte[] bytes) => Convert.ToHexStringLower(SHA256.HashData(bytes));

    /// <summary>Returns the SHA-256 of a file, in hexadecimal digits.</summary>
    /// <exception cref="IOException">It cannot be read.</exception>
    public static string OfFile(string path)
    {
        using var file = new FileStream(path, FileMode.Open, FileAccess.Read, FileShare.ReadWrite | FileShare.Delete, 1);
        return Convert.ToHexStringLower(SHA256.HashData(file));
    }
}
