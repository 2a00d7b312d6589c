using System.Text;

namespace Ablation.Experiments.Scheduling.Pool;

/// <summary>
/// log.txt of a trial: what its process writes to the console, added to what earlier attempts wrote. A log that cannot be written stops
/// nothing.
/// </summary>
public sealed class TrialLog : IDisposable
{
    private readonly Lock gate = new();
    private readonly string path;
    private readonly Action<string> print;
    private StreamWriter? file;

    /// <param name="print">Called once where the file cannot be written.</param>
    public TrialLog(string path, Action<string> print)
    {
        (this.path, this.print) = (path, print);
        Try(() =>
        {
            Directory.CreateDirectory(Path.GetDirectoryName(path)!);
            file = new StreamWriter(new FileStream(path, FileMode.Append, FileAccess.Write, FileShare.ReadWrite | FileShare.Delete),
                new UTF8Encoding(false))
            { AutoFlush = true, NewLine = "\n" };
        });
    }

    /// <summary>The last line that was to be written; null before the first.</summary>
    public string? Last { get; private set; }

    /// <summary>From any thread.</summary>
    /// <param name="line">Null is passed over.</param>
    public void Add(string? line)
    {
        if (line is null) return;
        if (line.Length > 0) Last = line;
        Try(() =>
        {
            if (file is null) return;
            file.BaseStream.Seek(0, SeekOrigin.End); // a copy on a lost node may have written meanwhile
            file.WriteLine(line);
        });
    }

    public void Dispose() => Try(() => file?.Dispose());

    private void Try(Action write)
    {
        lock (gate)
        {
            try
            {
                write();
            }
            catch (Exception e) when (e is IOException or UnauthorizedAccessException or ObjectDisposedException)
            {
                if (e is not ObjectDisposedException) print($"{path}: the log could not be written ({e.Message})");
                file = null;
            }
        }
    }
}
