using System.Text;
using Ablation.Harness.Foundations;

namespace Ablation.Experiments.Store;

/// <summary>Writes files completely or not at all.</summary>
public static class AtomicFile
{
    /// <summary>Writes to a temporary file beside <paramref name="path"/>, flushes it to the disk and renames it.</summary>
    /// <exception cref="IOException">The disk is full or the folder cannot be written; nothing is left behind.</exception>
    /// <param name="isLasting">False for files that are rewritten every few seconds, which need no flush.</param>
    public static void Write(string path, string text, bool isLasting = true) => Write(path, Encoding.UTF8.GetBytes(text), isLasting);

    /// <inheritdoc cref="Write(string, string, bool)"/>
    public static void Write(string path, ReadOnlySpan<byte> content, bool isLasting = true)
    {
        var bytes = content.ToArray();
        Write(path, file => file.Write(bytes), isLasting);
    }

    /// <summary>The same with the output of <paramref name="write"/>, whose other exceptions also leave nothing behind.</summary>
    /// <inheritdoc cref="Write(string, string, bool)"/>
    public static void Write(string path, Action<Stream> write, bool isLasting = true)
    {
        var temporary = $"{path}.{Environment.ProcessId}.tmp";
        try
        {
            Directory.CreateDirectory(Path.GetDirectoryName(Path.GetFullPath(path))!);
            using (var file = new FileStream(temporary, FileMode.Create, FileAccess.Write, FileShare.None))
            {
                write(file);
                file.Flush(flushToDisk: isLasting);
            }

            PatientFile.Move(temporary, path, overwrite: true);
        }
        catch (Exception e)
        {
            try { PatientFile.Delete(temporary); }
            catch (Exception inner) when (inner is IOException or UnauthorizedAccessException) { } // the first error is the one to report
            if (e is not (IOException or UnauthorizedAccessException)) throw; // of what makes the content
            throw new IOException(
                $"{path}: could not be written ({e.Message}); free space, close the program that has it open, or choose another " +
                $"--results folder", e);
        }
    }
}
