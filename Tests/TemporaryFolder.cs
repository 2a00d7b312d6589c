using Ablation.Harness.Foundations;

namespace Ablation.Tests;

/// <summary>A new folder for one test, deleted with its content.</summary>
public sealed class TemporaryFolder : IDisposable
{
    public string Path { get; } = Directory.CreateTempSubdirectory("ablation-").FullName;

    /// <param name="name">With "/" between its parts.</param>
    public string File(string name) => System.IO.Path.GetFullPath(System.IO.Path.Combine(Path, name));

    public void Dispose() => PatientFile.DeleteFolder(Path, recursive: true);
}
