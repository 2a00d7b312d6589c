using Ablation.Experiments.Store;
using Ablation.Harness.Metrics;
using Ablation.Harness.Protocols;
using CsvHelper;

namespace Ablation.Experiments.Evaluating;

/// <summary>Writes complete curves as CSV: the ROC of a test of pairs, the CMC of an identification.</summary>
public static class CurveFiles
{
    private const int MostRanks = 100;

    /// <summary>
    /// Writes <c>roc-TEST.csv</c> (far, tar: every corner) or <c>cmc-TEST.csv</c> (distractors, rank, share: ranks 1 to 100, one block per
    /// level). Writes nothing if the scores support no curve.
    /// </summary>
    /// <returns>The path; null if nothing was written.</returns>
    /// <exception cref="IOException">The file cannot be written.</exception>
    public static string? Write(string folder, TestScores scores) => scores switch
    {
        PairScores pairs when RocCurve.Build(pairs) is { } roc => Save(folder, "roc", scores.Test, ["far", "tar"],
            roc.Points.Select(point => (IReadOnlyList<string>)[Text(point.Far), Text(point.Tar)])),
        IdentificationScores search when search.CanRank(search.Levels - 1) =>
            Save(folder, "cmc", scores.Test, ["distractors", "rank", "share"], Levels(search)),
        _ => null,
    };

    private static IEnumerable<IReadOnlyList<string>> Levels(IdentificationScores search)
    {
        for (var level = 0; level < search.Levels; level++)
        {
            var distractors = search.Distractors.Length == 0 ? "" : search.Distractors[level].ToString();
            var shares = search.Cmc(level, MostRanks) ?? [];
            for (var rank = 1; rank <= shares.Length; rank++) yield return [distractors, rank.ToString(), Text(shares[rank - 1])];
        }
    }

    private static string Save(string folder, string kind, string test, string[] header, IEnumerable<IReadOnlyList<string>> rows)
    {
        using var text = new StringWriter();
        using (var csv = CsvWriter.Create(text, new CsvWriterOptions { NewLine = "\n" }, leaveOpen: true))
        {
            csv.WriteHeader(header);
            foreach (var row in rows) csv.WriteRecord([.. row]);
        }

        var path = Path.Combine(folder, $"{kind}-{StoredName.FileName(test)}.csv");
        AtomicFile.Write(path, text.ToString());
        return path;
    }

    private static string Text(double value) => value.ToString("R");
}
