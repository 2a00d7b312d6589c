namespace Ablation.Experiments.Scheduling;

/// <summary>Where a suite stands: what <c>run</c>, <c>status</c> and <c>watch</c> show, whatever they know it from.</summary>
/// <param name="Rows">Running trials.</param>
/// <param name="End">When the last trial ends.</param>
public sealed record Standing(string Name, StandingCounts Counts, StandingEnd End, IReadOnlyList<StandingRow> Rows)
{
    /// <summary>Columns that the longest name of a loss takes, so that rows keep still from trial to trial.</summary>
    public int NameWidth { get; init; }

    /// <summary>Whether the suite has several networks; they are a column then.</summary>
    public bool HasNetworks { get; init; }

    /// <summary>Whether the suite has several resolutions; they are a column then.</summary>
    public bool HasPixels { get; init; }
}

/// <summary>Numbers of trials.</summary>
/// <param name="Done">Trained and tested to the end.</param>
/// <param name="Begun">Of the waiting ones: begun and interrupted.</param>
/// <param name="Unusual">The rest, in words: "1 damaged, 1 diverged, 2 skipped".</param>
public sealed record StandingCounts(int Done, int Running, int Waiting, int Failed, int Begun = 0, string Unusual = "");

/// <summary>When the last trial ends, and how that is known.</summary>
/// <param name="At">In the time zone in which it is shown; null until it can be estimated.</param>
/// <param name="Ground">Short: "guess from plan", "by pace" (that of the running trials), "3 of 14"; empty once half of the trials have
/// ended. Without a time what is shown in its place: "nothing runs".</param>
public sealed record StandingEnd(DateTimeOffset? At, string Ground)
{
    public static readonly StandingEnd Unknown = new(null, "");
}

/// <summary>A running trial.</summary>
/// <param name="Loss">Label of its loss.</param>
/// <param name="Phase">What it does, in a word, while it does not train; empty while it trains.</param>
public sealed record StandingRow(string Loss, string Network, int Pixels, int Seed, string Id, string Phase)
{
    public long Step { get; init; }

    public long Steps { get; init; }

    /// <summary>Completed epochs, with a fraction; null before the training.</summary>
    public double? Epoch { get; init; }

    /// <summary>Of the whole training.</summary>
    public int Epochs { get; init; }

    /// <summary>Mean at the last log point; null before the first.</summary>
    public double? TrainLoss { get; init; }

    /// <summary>Between the last two log points; null before the first.</summary>
    public double? ImagesPerSecond { get; init; }

    /// <summary>Null until it can be estimated.</summary>
    public double? SecondsLeft { get; init; }

    /// <summary>Time since its last sign of life, where that is long; null otherwise.</summary>
    public TimeSpan? Silent { get; init; }

    /// <summary>0 to 1.</summary>
    public double Share => Steps > 0 ? (double)Step / Steps : 0;
}
