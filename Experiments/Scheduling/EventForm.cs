namespace Ablation.Experiments.Scheduling;

/// <summary>How events of a run are written to a file or a pipe.</summary>
public enum EventForm
{
    /// <summary>Events as a time and key=value, and whatever else is said as it is.</summary>
    Mixed,

    /// <summary>Events alone: what else is said is one too.</summary>
    Events,

    /// <summary>The same, one JSON object per line.</summary>
    Json,
}
