namespace Ablation.Experiments.Evaluating;

/// <summary>Opens the subject of an evaluation that the command line names.</summary>
public static class SubjectArgument
{
    /// <summary>Describes what may be named, for help texts.</summary>
    public static string Description => string.Join(", ", SubjectKind.All.Select(kind => kind.Description));

    /// <inheritdoc cref="SubjectKind.Open"/>
    public static EvaluationSubject Open(SubjectRequest request) => SubjectKind.All.First(kind => kind.Takes(request)).Open(request);
}
