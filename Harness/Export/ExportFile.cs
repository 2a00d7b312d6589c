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
        var settings = format.HoldsFacts ? null : SettingsFile.Beside(path);
        Refuse(path, settings, replace);
        var (temporary, temporarySettings) = (Temporary(path), Temporary(SettingsFile.Beside(path)));
        try
        {
            Directory.CreateDirectory(Path.GetDirectoryName(Path.GetFullPath(path))!);
            using (var file = new FileStream(temporary, FileMode.Create, FileAccess.ReadWrite, FileShare.None))
            {
                format.Write(network, names, file);
                file.Flush(flushToDisk: true);
            }

            if (settings is not null) File.WriteAllText(temporarySettings, SettingsFile.Write(network.Facts));
            var found = format.Check(network, names, temporary);
            Refuse(path, settings, replace);
            // the weights last: settings without weights mislead nobody
            if (settings is not null) PatientFile.Move(temporarySettings, settings, overwrite: replace);
            PatientFile.Move(temporary, path, overwrite: replace);
            return found;
        }
        catch (InvalidDataException e)
        {
            Discard(temporary, temporarySettings);
            throw new InvalidDataException($"{path}: {e.Message}", e);
        }
        catch (Exception e)
        {
            Discard(temporary, temporarySettings);
            if (e is ExistingFileException || e is not (IOException or UnauthorizedAccessException)) throw;
            throw new IOException($"{path}: could not be written ({e.Message}); free space, close the program that has it open, or " +
                $"choose another --output", e);
        }
    }

    private static void Refuse(string path, string? settings, bool replace)
    {
        if (!replace && new[] { path, settings }.FirstOrDefault(File.Exists) is { } existing)
            throw new ExistingFileException($"{existing}: there is such a file; choose another --output, or replace it with --force");
    }

    private static string Temporary(string path) => $"{path}.{Environment.ProcessId}.tmp";

    private static void Discard(params ReadOnlySpan<string> temporaries)
    {
        foreach (var temporary in temporaries)
        {
            try { PatientFile.Delete(temporary); }
            catch (Exception e) when (e is IOException or UnauthorizedAccessException) { } // the first error is the one to report
        }
    }

    private sealed class ExistingFileException(string message) : IOException(message);
}
