using Ablation.Harness.Faces;
using Ablation.Harness.Protocols;

namespace Ablation.Harness;

/// <summary>A remark on a set of faces or a test: a line of <see cref="FaceSource.Notes"/> or <see cref="FaceTest.Notes"/>.</summary>
/// <param name="Test">The test's name in tables; null for the training data.</param>
/// <param name="What">The line.</param>
public sealed record DataNote(string? Test, string What)
{
    /// <summary>Collects the remarks of the training data and all tests up to now.</summary>
    public static IReadOnlyList<DataNote> Collect(FaceSource source, IEnumerable<FaceTest> tests) =>
        [.. source.Notes.Select(what => new DataNote(null, what)),
            .. tests.SelectMany(test => test.Notes.Select(what => new DataNote(test.Name, what)))];

    /// <summary>Returns the test's name and the line, for logs and pages.</summary>
    public override string ToString() => $"{Test ?? "training data"}: {What}";
}
