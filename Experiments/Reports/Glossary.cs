using Ablation.Experiments.Reports.Tables;

namespace Ablation.Experiments.Reports;

/// <summary>Explains the figures that occur on a page, one line each.</summary>
internal static class Glossary
{
    private static readonly (string Metric, string Estimator, string Meaning)[] Entries =
    [
        ("accuracy", "fold, grid",
            "thresholds 0, 0.01 .. 3.99 on squared distance, per fold the first threshold that is best on the other folds"),
        ("accuracy", "fold, exact", "the same with every distinct score as a candidate"),
        ("accuracy", "whole-set", "one threshold for all pairs, the best on them; biased upwards"),
        ("accuracy", "argmax-youden", "one threshold, the first with the largest TAR - FAR of the whole ROC"),
        ("accuracy", "mean-centred arccos", "facenet's convention: embeddings less their mean, thresholds on the angle"),
        ("TAR@FAR", "mates against distractors",
            "share of mates above the threshold that lets at most this share of all pairs of a probe and a distractor pass"),
        ("TAR@FAR", "conservative", "the highest TAR whose FAR is not above the target; n/a below one impostor pair in all"),
        ("TAR@FAR", "nearest", "TAR of the corner of the ROC whose FAR is nearest the target"),
        ("TAR@FAR", "interpolated", "TAR at exactly this FAR, on straight lines between the points of the ROC"),
        ("EER", "interpolated", "the error at which accepted impostors and rejected genuine pairs have equal shares; lower is better"),
        ("AUC", "ties by half", "chance that a genuine pair is closer than an impostor pair, a tie counting half"),
        ("rank-", "", "share of probes with a mate among that many nearest entries of the gallery"),
        ("mAP", "", "mean over probes of the average precision with which their mates come first in the ranking"),
        ("TPIR", "", "share of mated probes found at a threshold that falsely answers this share of unmated ones"),
        ("FNIR", "", "share of mated probes not found at a threshold that falsely answers this share of unmated ones; lower is better"),
    ];

    /// <summary>Returns two columns: figure and estimator, and what they mean; n/a for a figure without an explanation.</summary>
    public static TextTable Explain(IEnumerable<ResultColumn> columns) => TextTable.Plain("", ["figure", "what it is"],
        columns.Select(column => (Figure: $"{Family(column.Name)} ({column.Estimator})", Meaning: Meaning(column))).Distinct()
            .Select(line => (IReadOnlyList<string>)[line.Figure, line.Meaning]));

    private static string Meaning(ResultColumn column) => Entries
        .FirstOrDefault(entry => column.Name.StartsWith(entry.Metric, StringComparison.Ordinal)
            && column.Estimator.Contains(entry.Estimator, StringComparison.Ordinal)).Meaning ?? ValueFormat.Missing;

    /// <summary>"TAR@FAR=1e-3" and "TAR@FAR=1e-4" are one figure at two targets.</summary>
    private static string Family(string name) => name.Split('=', ' ')[0];
}
