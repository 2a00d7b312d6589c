using System.IO.Compression;
using System.Security.Cryptography;
using System.Text.Json;
using Ablation.Harness.Formats;
using Ablation.Harness.Foundations;
using Ablation.Harness.Metrics;
using Ablation.Losses.Options;

namespace Ablation.Experiments.Store;

/// <summary>
/// Raw scores as a <c>.npz</c> of NumPy: a ZIP archive with one <c>.npy</c> per array and <c>about.json</c>, which has the kind, the test,
/// its words, and the SHA-256 of each array's file. Equal scores give equal bytes.
/// </summary>
public static class ScoresFile
{
    private const string About = "about.json";
    private const int MostAboutBytes = 1 << 20;
    private const int MostEntries = 100;
    private const long SmallArchive = 64L << 20, MostShrink = 64;
    private static readonly DateTimeOffset Epoch = new(1980, 1, 1, 0, 0, 0, TimeSpan.Zero); // the first day of ZIP's calendar
    private static readonly Lazy<IReadOnlyDictionary<string, Type>> Kinds = new(() => Catalog.RecordsOf<TestScores>());

    /// <summary>The content of about.json.</summary>
    private sealed record Content(string Kind, string Test, IReadOnlyDictionary<string, string> Words,
        IReadOnlyDictionary<string, string> Sha256);

    /// <exception cref="IOException">The file cannot be written; no part of it is left.</exception>
    public static void Write(string path, TestScores scores) => AtomicFile.Write(path, stream =>
    {
        var stored = scores.Store();
        var hashes = new SortedDictionary<string, string>(StringComparer.Ordinal);
        using var archive = new ZipArchive(stream, ZipArchiveMode.Create, leaveOpen: true);
        foreach (var (name, array) in stored.Arrays.OrderBy(one => one.Key, StringComparer.Ordinal))
        {
            // float scores hardly compress, the rest compresses well
            var isFloat = array.Values is float[];
            var level = isFloat ? CompressionLevel.NoCompression : CompressionLevel.Fastest;
            using var entry = Entry(archive, $"{name}.npy", level);
            using var hash = SHA256.Create();
            using (var hashed = new CryptoStream(entry, hash, CryptoStreamMode.Write)) Put(hashed, array);
            hashes.Add(name, Convert.ToHexStringLower(hash.Hash!));
        }

        using var about = Entry(archive, About, CompressionLevel.NoCompression);
        about.Write(JsonSerializer.SerializeToUtf8Bytes(new Content(stored.Kind, stored.Test, stored.Words, hashes), SpecJson.Options));
    });

    /// <exception cref="InvalidDataException">The file is missing, damaged, or of another version; gives a remedy.</exception>
    public static TestScores Read(string path, string test) => ReadChecked(path, () => Of(test, Open(path)));

    /// <summary>The same from the bytes of the file.</summary>
    /// <inheritdoc cref="Read(string, string)"/>
    /// <param name="bytes">Their checksum must have been compared.</param>
    /// <param name="shared">Takes and gives arrays; null to read all of them.</param>
    internal static TestScores Read(string path, string test, byte[] bytes, SharedArrays? shared) =>
        ReadChecked(path, () => Of(test, Open(new MemoryStream(bytes), shared)));

    /// <summary>The same for any test.</summary>
    /// <inheritdoc cref="Read(string, string)"/>
    public static TestScores Read(string path) => IsArchive(path) ? ReadChecked(path, () => Open(path))
        : throw new InvalidDataException($"{path}: not a file of scores, which is a .npz; embeddings go to ablation evaluate");

    /// <summary>Whether a file begins as a ZIP archive does, or cannot be read.</summary>
    private static bool IsArchive(string path)
    {
        try
        {
            using var file = new FileStream(path, FileMode.Open, FileAccess.Read, FileShare.ReadWrite | FileShare.Delete);
            return file.ReadByte() == 'P' && file.ReadByte() == 'K';
        }
        catch (Exception e) when (e is IOException or UnauthorizedAccessException)
        {
            return true; // reading says why
        }
    }

    private static TestScores Of(string test, TestScores scores) => scores.Test == test ? scores
        : throw new InvalidDataException($"scores of \"{scores.Test}\", not of \"{test}\"");

    private static TestScores ReadChecked(string path, Func<TestScores> read)
    {
        try
        {
            return read();
        }
        catch (Exception e) when (e is InvalidDataException or DataProblem or IOException or JsonException or NotSupportedException
            or UnauthorizedAccessException)
        {
            var cure = Path.GetFileName(path).StartsWith("scores-", StringComparison.Ordinal)
                ? $"delete {Path.GetDirectoryName(path)} to run the trial again" : "delete it and evaluate again";
            throw new InvalidDataException(
                $"{path}: {(e is DataProblem problem ? $"{problem.Where}: {problem.What}" : e.Message)}; {cure}", e);
        }
    }

    private static TestScores Open(string path)
    {
        using var file = new FileStream(path, FileMode.Open, FileAccess.Read, FileShare.ReadWrite | FileShare.Delete);
        return Open(file, null);
    }

    private static TestScores Open(Stream file, SharedArrays? shared)
    {
        using var archive = new ZipArchive(file, ZipArchiveMode.Read);
        CheckSizes(archive, file.Length);
        var about = archive.GetEntry(About) ?? throw new InvalidDataException($"{About} is missing");
        if (about.Length > MostAboutBytes) throw new InvalidDataException($"{About} is too long");
        Content content;
        using (var text = about.Open())
        {
            var bytes = new byte[about.Length];
            text.ReadExactly(bytes); // at most the length in the archive's directory
            content = SpecJson.Read<Content>(System.Text.Encoding.UTF8.GetString(bytes));
        }

        if (archive.Entries.FirstOrDefault(entry => entry.FullName != About
            && !(entry.FullName.EndsWith(".npy", StringComparison.Ordinal)
                && content.Sha256.ContainsKey(entry.FullName[..^4]))) is { } foreign)
            throw new InvalidDataException($"it contains \"{foreign.FullName}\", which {About} does not list");
        if (!Kinds.Value.TryGetValue($"{content.Kind}Scores", out var type))
            throw new InvalidDataException($"scores of kind \"{content.Kind}\", which this program does not know");
        var arrays = content.Sha256.ToDictionary(one => one.Key, one => shared is null ? Get(archive, one.Key, one.Value)
            : shared.Get(content.Test, one.Key, one.Value, () => Get(archive, one.Key, one.Value)));
        var stored = new StoredScores(content.Kind, content.Test, content.Words, arrays);
        var constructor = type.GetConstructor([typeof(StoredScores)])
            ?? throw new MissingMethodException(type.Name, "constructor of stored scores");
        try
        {
            return (TestScores)constructor.Invoke([stored]);
        }
        catch (System.Reflection.TargetInvocationException e) when (e.InnerException is InvalidDataException inner)
        {
            throw inner;
        }
    }

    /// <summary>Checks the sizes before unpacking: scores are stored uncompressed and the rest shrinks by less than this, so this program
    /// did not write an archive that claims more.</summary>
    private static void CheckSizes(ZipArchive archive, long stored)
    {
        if (archive.Entries.Count > MostEntries)
            throw new InvalidDataException($"{archive.Entries.Count} entries, more than the {MostEntries} that scores can have");
        var (promised, most) = (archive.Entries.Sum(entry => (double)entry.Length), Math.Max(SmallArchive, MostShrink * stored));
        if (promised > most)
            throw new InvalidDataException(
                $"it unpacks to {promised} bytes, more than the {most} that scores of {stored} stored bytes can have");
    }

    private static Stream Entry(ZipArchive archive, string name, CompressionLevel level)
    {
        var entry = archive.CreateEntry(name, level);
        entry.LastWriteTime = Epoch;
        return entry.Open();
    }

    private static StoredArray Get(ZipArchive archive, string name, string sha256)
    {
        var entry = archive.GetEntry($"{name}.npy") ?? throw new InvalidDataException($"{name}.npy is missing");
        using var hash = SHA256.Create();
        using var stream = entry.Open();
        using var hashed = new CryptoStream(stream, hash, CryptoStreamMode.Read);
        var array = NpyArray.Read(hashed, $"{name}.npy", entry.Length);
        if (hashed.ReadByte() >= 0) throw new InvalidDataException($"{name}.npy is longer than its header says");
        return Convert.ToHexStringLower(hash.Hash!) == sha256
            ? array : throw new InvalidDataException($"{name}.npy does not have the checksum that {About} lists");
    }

    private static void Put(Stream stream, StoredArray array)
    {
        NpyArray.WriteHeader(stream, array.Values.GetType().GetElementType()!, array.Shape);
        switch (array.Values)
        {
            case float[] values: NpyArray.WriteValues<float>(stream, values); break;
            case double[] values: NpyArray.WriteValues<double>(stream, values); break;
            case int[] values: NpyArray.WriteValues<int>(stream, values); break;
            case long[] values: NpyArray.WriteValues<long>(stream, values); break;
            case short[] values: NpyArray.WriteValues<short>(stream, values); break;
            case byte[] values: NpyArray.WriteValues<byte>(stream, values); break;
            case bool[] values: NpyArray.WriteValues<bool>(stream, values); break;
            default: throw new ArgumentException($"arrays of {array.Values.GetType().Name} are not stored");
        }
    }
}
