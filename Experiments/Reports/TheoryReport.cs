using Ablation.Experiments.Reports.Figures;
using Ablation.Experiments.Reports.Panels;
using Ablation.Experiments.Reports.Plots;
using Ablation.Experiments.Reports.Tables;
using Ablation.Experiments.Suites;
using Ablation.Harness.Protocols;
using Ablation.Harness.Theory;

namespace Ablation.Experiments.Reports;

/// <summary>Writes the part of a condition's report that compares NPT's theory with its trained networks; see docs/theory.md.</summary>
internal static class TheoryReport
{
    /// <summary>Builds text, table and figures; nothing if no trial measured the theory.</summary>
    public static IEnumerable<Block> Build(Summary summary, Condition condition, string folder)
    {
        var rows = summary.Rows.Where(row => row != Labels.Untrained)
            .Select(row => new TheoryRow(row, [.. summary.TrialsOf(condition, row)])).Where(row => row.Trials.Count > 0).ToList();
        var figures = rows.SelectMany(row => row.Figures).ToList();
        if (figures.Count == 0) yield break;
        var (label, slug) = (summary.ConditionLabels[condition], StoredName.FileName(summary.ConditionLabels[condition]));
        yield return new Heading(3, "Theory, measured");
        yield return new Paragraph(What(figures[0]));
        yield return new Paragraph(HowToRead(figures[0]));
        yield return new TableBlock(TheoryTable.Build($"Theory, measured: {label}.", rows))
        { OnPage = TheoryTable.Build($"{label}: mean over seeds; report.md has deviations and counts.", rows, isCompact: true) };
        var place = summary.ConditionLabels.Count > 1 ? $"{label}: " : "";
        yield return Save(TheoryPlots.Distances(label, rows, summary.Rows), $"theory-distances-{slug}",
            $"{place}squared distances between the proxies of different identities",
            "Squared distances between the proxies of different identities on the unit sphere: share of all pairs in bins of 0.1, mean " +
            "over seeds; bands reach from the lowest to the highest seed.");
        var trained = rows.Where(row => row.LogPoints.Any()).ToList();
        if (trained.Count == 0) yield break;
        yield return Save(TheoryPlots.Angles(trained, summary.Rows), $"theory-angles-{slug}",
            $"{place}angle to the own proxy while training, and to the nearest other (dashed)",
            "Medians over a batch of the angles to the own proxy (the loss's colour) and to the nearest other proxy (grey), as trained " +
            "on. Mean over seeds; bands reach from the lowest to the highest seed.") with
        {
            Panel = SmallPanels.Pairs("angle to the own proxy over the epochs",
                [.. trained.Select(row => (TheoryPlots.OwnMedian(row), TheoryPlots.NearestMedian(row)))], "°",
                "Medians over a batch, as trained on; mean over seeds, with the band from the lowest to the highest. Dashed: the angle " +
                "to " +
                "the nearest other proxy."),
        };
        if (trained.Where(MotionTable.IsMeasured).ToList() is { Count: > 0 } moved)
        {
            yield return new TableBlock(MotionTable.Build($"How the proxies move, measured: {label}.", moved))
            { OnPage = MotionTable.Build($"{label}: how the proxies move; mean over log points and seeds.", moved, isCompact: true) };
            yield return Save(TheoryPlots.Motion(moved, summary.Rows), $"theory-motion-{slug}", $"{place}how the proxies move", Moving) with
            {
                Panel = Turns(moved, summary.Suite.BaselineLabel()),
            };
        }

        if (TheoryPlots.Followed(trained, summary.Rows) is { } followed)
            yield return Save(followed, $"theory-followed-{slug}", $"{place}what each loss trains or follows besides its proxies",
                "What each loss trains or follows besides its proxies: a bias, a running mean, a scale. Mean over seeds; bands reach " +
                "from the lowest to the highest seed.");
        if (trained.Where(row => row.LogPoints.Any(point => point.Gap is not null)).ToList() is not { Count: > 0 } softmax) yield break;
        yield return Save(TheoryPlots.Gaps(label, softmax, summary.Rows), $"theory-gap-{slug}",
            $"{place}distance of each loss of the softmax family from its NPT limit",
            "How far each loss of the softmax family is from its NPT limit: the log-sum-exp of a sample's logits less the largest, as a " +
            "share of what it can be at most. Mean over seeds; bands reach from the lowest to the highest seed.");

        Figure Save(Drawing drawing, string name, string title, string caption)
        {
            using (drawing)
                return DrawnFigure.Save(summary, drawing, folder, name, title, caption) with { Kind = FigureKind.Theory };
        }
    }

    /// <summary>Returns the turn of every loss beside that of the baseline; null if the baseline has none.</summary>
    private static SmallPanels? Turns(IReadOnlyList<TheoryRow> rows, string baseline)
    {
        var turns = rows.Select(TheoryPlots.Turn).Where(line => line.Y.Any(double.IsFinite)).ToList();
        return turns.Find(line => line.Name == baseline) is not { } other ? null : SmallPanels.Pairs("turn of a proxy over the epochs",
            [.. turns.Select(own => (own, other))], "°", "Degrees an epoch by which a training step turns a proxy; mean over seeds, " +
            $"with the band from the lowest to the highest. Dashed: {baseline}.");
    }

    private const string Moving =
        "What one step does to the proxies, at the measured log points. Turn: the angle that it turns a proxy by, mean over the proxies, " +
        "times the steps of an epoch. Shared: how many proxies have a like part of the gradient, (sum of norms)^2 / (C sum of squares). " +
        "Hinges: samples whose own proxy is not nearer by the margin than the nearest other one. Bias: the part of an embedding that " +
        "the last batch normalisation adds to every image alike. Mean over seeds; bands reach from the lowest to the highest seed.";

    private static string What(TheoryFigures first) =>
        $"What NPT's paper (arXiv 2103.03503) proves under assumptions, held against the trained networks: {first.Images} training " +
        $"images of {first.Identities} identities " +
        $"(of {first.IdentitiesInTraining}), embedded as a test's images are, on the unit sphere, where squared distances d reach from " +
        $"0 to 4. " +
        "The networks were trained on these images: nothing here shows how well they do on people whom they have not seen.";

    private static string HowToRead(TheoryFigures first) =>
        "A1 says that a proxy is the mean of its identity's embeddings: the cosine of the two would be 1. A2 says that these means have " +
        "equal norms: their variation would be 0 %. " +
        "Property 1: images nearer to their own proxy than to every other. Property 2: under A1 and A2, with mean NPT loss eps (Delta = " +
        "1, k = 1) and mean norm gamma, all proxies are farther apart than (1 - eps) / gamma. " +
        "A bound that is not above 0 is void. One that the smallest distance is not above is broken: an assumption is not met, or an " +
        "identity's loss is above the mean. Own bounds take each identity's mean loss and norm instead, and its proxy's distance to the " +
        "nearest other: they follow from A1 alone. " +
        "Proposition 1: images whose nearest negative proxy is of the same identity as the nearest class mean, and as the nearest " +
        "image, of other identities; " +
        $"by chance {ValueFormat.Percent.Text(first.Mining.Chance)} %. Norm: Spearman's correlation of the embedding's norm with the " +
        "resolution of the same images, whole, at half and at a quarter; 0 says that the norm is no measure of quality. " +
        $"Gap: log-sum-exp of the logits less the largest, over the scale, " +
        $"at the last log point; at most ln C / s (plain softmax: in logits, s = 1; SphereFace: s is each sample's norm). n/a for hinges, "
        +
        $"which are their own limit.";
}
