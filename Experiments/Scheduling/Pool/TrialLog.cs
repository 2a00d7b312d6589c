using System.Text;

namespace Ablation.Experiments.Scheduling.Pool;

/// <summary>Appends the console output of a trial's process to its log.txt. A write error does not stop the trial.</summary>
public sealed class TrialLog : IDisposable
{
    private readonly Lock gate = new();
    private readonly string path;
    private readonly Action<string> print;
    private StreamWriter? file;

    /// <param name="print">Called once if the file cannot be written.</param>
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

    /// <summary>The last line added, even if it could not be written; null before the first.</summary>
    public string? Last { get; private set; }

    /// <summary>Adds a line; can be called from any thread.</summary>
    /// <param name="line">Null is ignored.</param>
    public void Add(string? line)
    {
        if (line is null) return;
        if (line.Length > 0) Last = line;
        Try(() =>
        {
            if (file is null) return;
            file.BaseStream.Seek(0, SeekOrigin.End); // another copy of the trial on a lost node may have written to it
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
