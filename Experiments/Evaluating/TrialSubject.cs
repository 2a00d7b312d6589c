using Ablation.Experiments.Store;
using Ablation.Experiments.Suites;
using Ablation.Harness;
using Ablation.Harness.Batches;
using Ablation.Harness.Embedding;
using Ablation.Harness.Foundations;
using Ablation.Harness.Networks;
using Ablation.Harness.Protocols;
using Ablation.Harness.Provenance;
using Ablation.Harness.Theory;
using Ablation.Losses.Heads;
using TorchSharp;

namespace Ablation.Experiments.Evaluating;

/// <summary>The network of a finished trial.</summary>
public sealed class TrialSubject : EvaluationSubject
{
    private readonly TrialResult result;
    private readonly TrialPlace place;
    private readonly EmbeddingCache? cache;
    private readonly Backbone backbone;
    private readonly NetworkEmbedder embedder;

    /// <param name="folder">Contains result.json and the weights.</param>
    public TrialSubject(string folder, TrialPlace place, EmbeddingCache? cache)
    {
        (Folder, this.place, this.cache) = (folder, place, cache);
        result = ResultStore.ReadResult(Path.Combine(folder, "result.json"));
        torch.set_num_threads(place.Threads);
        backbone = TrialWeights.Load(result, folder, place.Data);
        Key = TrialWeights.Hash(backbone);
        backbone.to(place.Device);
        embedder = new NetworkEmbedder(backbone, result.Spec.Resolution, place.Device, $"{Key} {place.Device.type}");
    }

    /// <inheritdoc/>
    public override string Name =>
        $"{result.Label}, {Labels.Full(result.Spec.Backbone)}, {result.Spec.Resolution} px, seed {result.Spec.Seed} ({result.Id})";

    /// <inheritdoc/>
    public override string Folder { get; }

    /// <inheritdoc/>
    public override string Key { get; }

    /// <inheritdoc/>
    public override IReadOnlyList<ProtocolOptions> OwnTests => result.Spec.Tests;

    /// <inheritdoc/>
    public override TestEmbeddings Embed(FaceTest test, CancellationToken cancel) =>
        Embedder.Embed(embedder, test, new BatchOptions { BatchSize = 128, DropLast = false, Workers = place.Threads }, cache, cancel);

    /// <inheritdoc/>
    public override DataOverlap? Overlap(FaceTest test)
    {
        try
        {
            using var training = result.Spec.Data.Open(place.Data);
            return DataOverlap.Find(training, test);
        }
        catch (DataProblem)
        {
            return null; // the training set may be missing on the machine of an evaluation
        }
    }

    /// <summary>
    /// Searches the training set for labels that the trial's proxies make suspect.
    /// </summary>
    /// <returns>What was found, and a line for each suspect: name TAB class.</returns>
    /// <exception cref="DataProblem">The training set or the proxies are missing.</exception>
    public (LabelSearch Found, IReadOnlyList<string> Lines) FindWrongLabels(double degrees, CancellationToken cancel)
    {
        using var training = result.Spec.Data.Open(place.Data);
        using var loss = TrialWeights.LoadLoss(result, Folder, new LossShape(training.Identities, result.Spec.Backbone.EmbeddingDimension));
        var batches = new BatchOptions { BatchSize = 128, DropLast = false, Workers = place.Threads };
        int[] images = [.. Enumerable.Range(0, training.Count)
            .Where(image => result.Spec.Training.OnBadImage == OnBadImage.Stop || training.IsReadable(image))];
        var found = LabelSearch.Run(training, images, embedder, loss, degrees, batches, cancel);
        return (found, [.. found.Suspects.Select(one => $"{training.ImageName(one.Image)}\t{training.IdentityOf(one.Image)}")]);
    }

    /// <inheritdoc/>
    public override void Dispose()
    {
        embedder.Dispose();
        backbone.Dispose();
        base.Dispose();
    }
}

/// <summary>Finished trials, by id in any suite of the results, or by folder.</summary>
internal sealed class TrialKind : SubjectKind
{
    /// <inheritdoc/>
    public override string Description => "id or folder of a finished trial";

    /// <inheritdoc/>
    public override bool IsLast => true;

    /// <inheritdoc/>
    public override bool Takes(SubjectRequest request) => true;

    /// <inheritdoc/>
    public override EvaluationSubject Open(SubjectRequest request)
    {
        request.RefuseInput("a trial");
        return new TrialSubject(TrialNames.Folder(request.What, request.Results), request.Place, request.Cache);
    }
}
