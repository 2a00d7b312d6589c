using Ablation.Harness.Batches;
using Ablation.Harness.Embedding;
using Ablation.Harness.Faces;
using Ablation.Harness.Foundations;
using Ablation.Harness.Protocols;
using Ablation.Losses;
using static TorchSharp.torch;

namespace Ablation.Harness.Theory;

/// <summary>Measures <see cref="TheoryFigures"/>.</summary>
internal static class TheoryMeasure
{
    private const int MostQueries = 2000;

    /// <summary>Measures a trained network on images of its training set.</summary>
    /// <param name="onBadImage">How the training handles an image that cannot be read.</param>
    /// <param name="report">Called with the reason if there are no figures.</param>
    /// <returns>Null if an image or an embedding is bad, or fewer than two identities have images.</returns>
    public static TheoryFigures? Measure(FaceSource source, ImageEmbedder network, FaceLoss loss, int seed,
        OnBadImage onBadImage, BatchOptions batches, Device device, Action<string> report, CancellationToken cancel)
    {
        try
        {
            var drawn = TheoryImages.Draw(source, seed, onBadImage == OnBadImage.Skip);
            if (drawn.Identities.Count < 2) throw new DataProblem(source.Name, "fewer than two identities have images", "train on more");
            using var faces = new DrawnFaces(source, drawn.Images);
            var unit = Embedder.Embed(network, faces, batches, null, cancel).Sum.Normalised(faces.Locate);
            return Measure(unit, drawn.IdentityOf, Proxies(loss, drawn.Identities, unit, drawn.IdentityOf), seed, device, cancel) with
            {
                IdentitiesInTraining = loss.Shape.Classes,
                Norms = NormQuality.TryMeasure(source, drawn.Images, network, batches, report, cancel),
            };
        }
        catch (Exception e) when (e is DataProblem or InvalidOperationException) // a trial must not fail for it
        {
            report($"the theory is not measured: {e.Message}");
            return null;
        }
    }

    /// <summary>Measures embeddings and proxies.</summary>
    /// <param name="unit">N x D, of length 1.</param>
    /// <param name="identityOf">N, 0 .. I-1; each at least once.</param>
    /// <param name="proxies">I x D, of length 1.</param>
    /// <param name="seed">Of the queries.</param>
    public static TheoryFigures Measure(EmbeddingMatrix unit, int[] identityOf, EmbeddingMatrix proxies, long seed, Device device,
        CancellationToken cancel)
    {
        var identities = Enumerable.Range(0, proxies.Rows).ToArray();
        var means = ClassMeans.Compute(unit, identityOf, proxies.Rows, identity => $"identity {identity}");
        var negatives = NearestOther.Find(unit, identityOf, proxies, identities, device, cancel);
        var own = Enumerable.Range(0, unit.Rows).Select(row => WideSums.Dot(unit[row], proxies[identityOf[row]])).ToArray();
        var distances = PairDistances.Compute(proxies, device, cancel);
        return new TheoryFigures(proxies.Rows, proxies.Rows, unit.Rows, distances, PairDistances.Compute(means.Directions, device, cancel),
            Spread.Summarise([.. identities.Select(identity => WideSums.Dot(proxies[identity], means.Directions[identity]))]),
                Spread.Summarise([.. means.Norms]),
            (double)own.Index().Count(one => one.Item > negatives[one.Index].Cosine) / unit.Rows, Separability(), Mining());

        SeparabilityBound Separability()
        {
            // L = max(0, d(x, w_y) - d(x, w_near) + 1), with d = 2 - 2 cos
            var losses = own.Select((cosine, row) => Math.Max(0, 2 * (negatives[row].Cosine - cosine) + 1)).ToArray();
            var ofIdentity = losses.Zip(identityOf).GroupBy(one => one.Second, one => one.First)
                .ToDictionary(group => group.Key, group => group.Average());
            var apart = NearestOther.Find(proxies, identities, proxies, identities, device, cancel);
            var bounds = identities.Select(identity => (1 - ofIdentity[identity]) / means.Norms[identity]).ToArray();
            var bounded = identities.Where(identity => bounds[identity] > 0).ToList();
            var (loss, gamma) = (losses.Average(), means.Norms.Average());
            var (bound, measured) = ((1 - loss) / gamma, distances.Squared.Min);
            return new SeparabilityBound(loss, gamma, bound, measured, bound <= 0 ? BoundVerdict.Void : measured > bound
                ? BoundVerdict.Holds : BoundVerdict.Broken,
                1 - (double)bounded.Count / bounds.Length,
                bounded.Count > 0
                    ? (double)bounded.Count(identity => 2 - 2 * apart[identity].Cosine > bounds[identity]) / bounded.Count : null);
        }

        MiningAgreement Mining()
        {
            var byMean = NearestOther.Find(unit, identityOf, means.Directions, identities, device, cancel);
            var queries = Enumerable.Range(0, unit.Rows).ToArray();
            new RandomStream(seed, StreamPurpose.TheoryDraw, StreamPart.MiningQueries).Shuffle(queries);
            queries = queries[..Math.Min(MostQueries, queries.Length)];
            var rows = new EmbeddingMatrix([.. queries.SelectMany(query => unit[query].ToArray())], unit.Dimension);
            var bySample = NearestOther.Find(rows, [.. queries.Select(query => identityOf[query])], unit, identityOf, device, cancel);
            return new MiningAgreement((double)byMean.Index().Count(one => one.Item.Identity == negatives[one.Index].Identity) / unit.Rows,
                (double)bySample.Index()
                    .Count(one => one.Item.Identity == negatives[queries[one.Index]].Identity) / queries.Length, queries.Length,
                    1.0 / (proxies.Rows - 1));
        }
    }

    /// <summary>Returns the proxies of some identities, normalised; of several per identity the dominant one.</summary>
    private static EmbeddingMatrix Proxies(FaceLoss loss, IReadOnlyList<int> identities, EmbeddingMatrix unit, int[] identityOf)
    {
        using var scope = NewDisposeScope();
        var rows = Enumerable.Range(0, loss.Centers)
            .SelectMany(k => identities.Select(identity => (long)k * loss.Shape.Classes + identity));
        var chosen = loss.proxies.detach().index_select(0, tensor(rows.ToArray()).to(loss.proxies.device)).to(ScalarType.Float32).cpu();
        var all = new EmbeddingMatrix(chosen.data<float>().ToArray(), (int)chosen.shape[1])
            .Normalised(i => $"the proxy of identity {identities[i % identities.Count]}");
        if (loss.Centers == 1) return all;
        var cosines = DominantProxy.Cosines(unit, identityOf, all, loss.Centers);
        var dominant = new DominantProxy(cosines, identityOf, identities.Count, loss.Centers);
        return new EmbeddingMatrix([.. Enumerable.Range(0, identities.Count).SelectMany(i => all[dominant.RowOf(i)].ToArray())],
            all.Dimension);
    }
}
