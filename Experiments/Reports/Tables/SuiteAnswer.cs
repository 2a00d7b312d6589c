namespace Ablation.Experiments.Reports.Tables;

/// <summary>The word that an answer starts with.</summary>
public enum AnswerWord
{
    /// <summary>No word: the suite makes no claim, is not finished, or has nothing to compare.</summary>
    None,

    Yes,

    No,

    NotSettled,

    ItDepends,
}

/// <summary>The answer to a suite's question, for every format.</summary>
/// <param name="Sentences">The finding first, then how sure it is, then what is open; plain text with numbers.</param>
public sealed record SuiteAnswer(AnswerWord Word, IReadOnlyList<string> Sentences)
{
    /// <summary>What stands before the answer: failures and collapsed seeds.</summary>
    public IReadOnlyList<string> Warnings { get; init; } = [];

    /// <summary>"So far, 12 of 24 trials"; null if all trials have ended.</summary>
    public string? Unfinished { get; init; }

    /// <summary>The word as it is printed; empty for none.</summary>
    public string WordText => Word switch
    {
        AnswerWord.Yes => "Yes",
        AnswerWord.No => "No",
        AnswerWord.NotSettled => "Not settled",
        AnswerWord.ItDepends => "It depends",
        _ => "",
    };

    /// <summary>Everything in one line.</summary>
    public string Text => string.Join(" ", Warnings.Concat(Unfinished is { } open ? [$"{open}:"] : (string[])[])
        .Concat(WordText.Length > 0 ? [$"{WordText}."] : (string[])[]).Concat(Sentences));
}
