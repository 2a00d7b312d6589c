using Ablation.Harness.Faces;
using Ablation.Harness.Protocols;

namespace Ablation.Harness;

/// <summary>What a set of faces or a test noticed of itself: a line of <see cref="FaceSource.Notes"/> or <see
/// cref="FaceTest.Notes"/>.</summary>
/// <param name="Test">Whose it is, as tables call it; null for the training data.</param>
/// <param name="What">The line.</param>
public sealed record DataNote(string? Test, string What)
{
    /// <summary>Of the training data and of all tests, as they have noticed it so far.</summary>
    public static IReadOnlyList<DataNote> Collect(FaceSource source, IEnumerable<FaceTest> tests) =>
        [.. source.Notes.Select(what => new DataNote(null, what)),
            .. tests.SelectMany(test => test.Notes.Select(what => new DataNote(test.Name, what)))];

    /// <summary>For a log and a page: whose it is, and the line.</summary>
    public override string ToString() => $"{Test ?? "training data"}: {What}";
}
