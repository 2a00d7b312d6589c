using Ablation.Harness.Foundations;

namespace Ablation.Harness.Export;

/// <summary>Writes an exported network completely, checked, or not at all.</summary>
public static class ExportFile
{
    /// <summary>Writes to a temporary file beside <paramref name="path"/>, flushes and checks it, and renames it.</summary>
    /// <param name="replace">Whether an existing file may be replaced.</param>
    /// <returns>What the check compared and found.</returns>
    /// <exception cref="ArgumentException">The network has a layer or a type that the format cannot hold.</exception>
    /// <exception cref="InvalidDataException">The file does not hold the same network; nothing is kept.</exception>
    /// <exception cref="IOException">The file exists, or cannot be written; no part of it remains.</exception>
    public static string Write(ExportedNetwork network, WeightFormat format, FileNames names, string path, bool replace)
    {
        if (!replace && File.Exists(path)) throw Exists(path);
        var temporary = $"{path}.{Environment.ProcessId}.tmp";
        try
        {
            Directory.CreateDirectory(Path.GetDirectoryName(Path.GetFullPath(path))!);
            using (var file = new FileStream(temporary, FileMode.Create, FileAccess.ReadWrite, FileShare.None))
            {
                format.Write(network, names, file);
                file.Flush(flushToDisk: true);
            }

            var found = format.Check(network, names, temporary);
            if (!replace && File.Exists(path)) throw Exists(path);
            PatientFile.Move(temporary, path, overwrite: replace);
            return found;
        }
        catch (InvalidDataException e)
        {
            Discard(temporary);
            throw new InvalidDataException($"{path}: {e.Message}", e);
        }
        catch (Exception e)
        {
            Discard(temporary);
            if (e is ExistingFileException || e is not (IOException or UnauthorizedAccessException)) throw;
            throw new IOException($"{path}: could not be written ({e.Message}); free space, close the program that has it open, or " +
                $"choose another --output", e);
        }
    }

    private static ExistingFileException Exists(string path) =>
        new($"{path}: there is such a file; choose another --output, or replace it with --force");

    private static void Discard(string temporary)
    {
        try { PatientFile.Delete(temporary); }
        catch (Exception e) when (e is IOException or UnauthorizedAccessException) { } // the first error is the one to report
    }

    private sealed class ExistingFileException(string message) : IOException(message);
}
