namespace Ablation.Experiments.Reports.Tables;

/// <summary>A word of the field with its meaning: shown on hover and focus where it occurs, and in the glossary.</summary>
/// <param name="Id">Of the link: "tar".</param>
/// <param name="Meaning">In a sentence or two, without another term that needs one.</param>
public sealed record Term(string Id, string Name, string Meaning)
{
    private static readonly Term[] Known =
    [
        new("accuracy", "accuracy",
            "Share of pairs judged rightly, by a threshold chosen on the other folds. Chance is 50 %. Grid: thresholds " +
            "0, 0.01 .. 3.99 on squared distance; exact: every distinct score."),
        new("tar", "TAR at a FAR", "True accept rate: share of genuine pairs above the threshold at which at most this share of impostor " +
            "pairs passes (FAR, false accept rate). Conservative: never above the target; n/a below one impostor pair in all."),
        new("eer", "EER", "Equal error rate: where accepted impostors and rejected genuine pairs have equal shares. Lower is better."),
        new("auc", "AUC", "Chance that a genuine pair is closer than an impostor pair; a tie counts half."),
        new("rank", "rank-k", "Share of probes with a mate among the k nearest entries of the gallery."),
        new("map", "mAP", "Mean over probes of the average precision with which their mates come first in the ranking."),
        new("tpir", "TPIR", "Share of mated probes found, at a threshold that falsely answers a given share of unmated ones."),
        new("fnir", "FNIR", "Share of mated probes not found, at a threshold that falsely answers a given share of unmated ones. Lower " +
            "is " +
            "better."),
        new("alone", "95 % interval", "Of this one difference, by a t distribution over the common seeds. It speaks of new seeds, not of " +
            "other people or pictures."),
        new("together", "interval of all comparisons",
            "So wide that all differences of the column lie within theirs, together, in 95 % of " +
            "experiments. Where it leaves 0 out, the loss is better or worse than the baseline; otherwise the question is open, which " +
            "does " +
            "not mean equal."),
        new("paired", "paired seeds", "Trials of one seed start from the same weights and proxies and see the same batches, so that " +
            "differences are taken seed by seed."),
        new("borrowed", "borrowed scatter", "A few seeds measure scatter badly: that of the other losses of the column counts too."),
        new("proxy", "proxy", "The vector that stands for one identity in a loss; the class centre."),
        new("a1", "A1", "Assumption that a proxy is the mean of its identity's embeddings: the cosine of the two would be 1."),
        new("a2", "A2", "Assumption that the means of all identities have equal norms: their variation would be 0 %."),
        new("property1", "Property 1", "Share of images nearer to their own proxy than to every other."),
        new("property2", "Property 2", "Under A1 and A2, with mean NPT loss eps and mean norm gamma, all proxies are farther apart than " +
            "(1 - eps) / gamma. A bound not above 0 is void; one that the smallest distance is not above is broken."),
        new("proposition1", "Proposition 1",
            "Share of images whose nearest negative proxy is of the same identity as the nearest class mean, " +
            "and as the nearest image, of other identities."),
        new("ownbounds", "own bounds",
            "Share of identities farther from the nearest other proxy than a bound from their own loss and norm, " +
            "which follows from A1 alone."),
        new("distance", "d(w_i, w_j)", "Squared distance of two proxies on the unit sphere, 0 to 4."),
        new("meandistance", "d of class means", "Squared distance of the mean embeddings of two identities on the unit sphere, 0 to 4."),
        new("norm", "norm", "Rank correlation of an embedding's norm with the resolution of the same image; 0 says that the norm is no " +
            "measure " +
            "of quality."),
        new("turn", "turn of a proxy", "The angle by which a training step turns a proxy, mean over the proxies, times the steps of an " +
            "epoch: a speed, in degrees an epoch. Rate, decay and momentum set it, hardly the loss."),
        new("touched", "proxies in a step", "With a gradient: share of all proxies that have one in a step. That share it: how many have " +
            "a like part of it, (sum of norms)^2 / (C x sum of squared norms)."),
        new("hinges", "active hinges", "Samples whose own proxy is not nearer by the margin than a negative one: share of the samples, " +
            "and how many of a sample."),
        new("bn", "last BN", "Share of an embedding's energy that the bias of the last batch normalisation adds to every image alike."),
        new("gap", "gap", "Log-sum-exp of the logits less the largest, over the scale: how far a softmax loss is from its NPT limit. At " +
            "most " +
            "ln C / s; n/a for hinges, which are their own limit."),
    ];

    /// <summary>Every term, in the order of the alphabet.</summary>
    public static IReadOnlyList<Term> All { get; } = [.. Known.OrderBy(term => term.Name, StringComparer.OrdinalIgnoreCase)];

    /// <exception cref="InvalidOperationException">There is no such term.</exception>
    public static Term Of(string id) => Known.Single(term => term.Id == id);

    /// <summary>Returns the term that a heading of a table names: "TAR@FAR=1e-3 (%)" is TAR at a FAR; null for none.</summary>
    public static Term? OfHeading(string heading) => Known.FirstOrDefault(term =>
        heading.StartsWith(term.Name, StringComparison.OrdinalIgnoreCase)
        || (term.Id == "tar" && heading.StartsWith("TAR@", StringComparison.Ordinal))
        || (term.Id == "rank" && heading.StartsWith("rank-", StringComparison.Ordinal)));
}
