using Ablation.Harness.Batches;
using Ablation.Harness.Embedding;
using Ablation.Harness.Foundations;
using Ablation.Harness.Protocols;
using Ablation.Harness.Provenance;

namespace Ablation.Experiments.Evaluating;

/// <summary>
/// A network that another program trained. What it expects of a picture must be given; where it is not, a probe compares the usual forms,
/// and nothing is evaluated.
/// </summary>
public abstract class ForeignSubject(string path, InputSettings settings, TrialPlace place, EmbeddingCache? cache) : EvaluationSubject
{
    /// <inheritdoc/>
    public override string Name => $"{System.IO.Path.GetFileName(path)}{Network}{(Input is null ? "" : $", {Input}")}";

    /// <summary>A folder of this file and this form of its input, beside X.pth: X.pth.evaluations/FORM.</summary>
    public override string Folder =>
        System.IO.Path.Combine($"{System.IO.Path.GetFullPath(path)}.evaluations", StoredName.FileName(Input ?? "not given"));

    /// <inheritdoc/>
    public override string? Input => settings.Form is { } form ? $"{form}, {Size} px" : null;

    /// <summary>Side of its input pictures.</summary>
    protected abstract int Size { get; }

    /// <summary>The network in words, with a comma before it.</summary>
    protected abstract string Network { get; }

    private BatchOptions Batches => new() { BatchSize = 64, DropLast = false, Workers = place.Threads };

    /// <summary>Makes an embedder for a form, which the caller disposes of.</summary>
    protected abstract ImageEmbedder Embedder(InputForm form);

    /// <inheritdoc/>
    public override TestEmbeddings Embed(FaceTest test, CancellationToken cancel)
    {
        var form = settings.Form ?? throw new DataProblem(path, $"what it expects of a picture is not given: {NotGiven()}",
            "ablation evaluate says which form separates people best; give --colour, --mean and --scale, or write them to " +
            $"{System.IO.Path.GetFileName(path)}.json beside it");
        using var embedder = Embedder(form);
        return Harness.Protocols.Embedder.Embed(embedder, test, Batches, cache, cancel);
    }

    /// <inheritdoc/>
    public override IReadOnlyList<string> Ask(FaceTest test, CancellationToken cancel)
    {
        if (settings.Form is not null) return [];
        var probed = InputProbe.Run(test, settings.Candidates(), Embedder, Batches, cancel);
        var best = probed[0];
        return
        [
            $"{path}: what it expects of a picture is not given ({NotGiven()}); nothing was evaluated.",
            $"Pictures of {test.Name}, {best.Pairs.Genuine} genuine and {best.Pairs.Impostor} impostor pairs, the best form first:",
            "",
            "  colour  mean   scale     d'     AUC",
            .. probed.Select(one => $"  {one.Form.Colour.ToString().ToUpperInvariant(),-6}  {one.Form.Mean,-5}  {one.Form.Scale,-5}  " +
                $"{one.Separation,6:F3}  {one.Area:F4}"),
            "",
            probed.Count > 1 && best.Separation < 1.05 * probed[1].Separation
                ? "The first two are close: read what its authors say before you choose."
                : "The first separates people best. Compare it with what its authors say.",
            $"To evaluate it so: --colour {best.Form.Colour.ToString().ToLowerInvariant()} --mean {best.Form.Mean} " +
            $"--scale {best.Form.Scale}",
        ];
    }

    private string NotGiven() => string.Join(", ", new[]
    {
        settings.Colour is null ? "colour" : null, settings.Mean is null ? "mean" : null, settings.Scale is null ? "scale" : null,
    }.OfType<string>());
}
