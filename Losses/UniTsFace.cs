using System.ComponentModel;
using System.ComponentModel.DataAnnotations;
using Ablation.Losses.Heads;
using TorchSharp.Modules;
using static TorchSharp.torch;

namespace Ablation.Losses;

/// <summary>
/// UniTSFace: CosFace against the proxies, plus UniFace's form against a memory of each identity's last embedding,
/// <c>softplus(b - s (c_y - m')) + sum over j != y of softplus(s c_j - b)</c> with cosines to the memory (Li et al., NeurIPS 2023). The
/// second part begins with the second epoch, when the memory is filled. Identities without an embedding when an epoch begins are left out
/// of it during that epoch, and so are their samples; the published code compares with whatever its memory held at first.
/// </summary>
[Category("pairwise logistic")]
[Description("CosFace, plus logistic decisions against each identity's last embedding, from the second epoch on")]
public sealed record UniTsFaceOptions : LossOptions
{
    [Description("scale s of the cosines")]
    [Range(0.0, 1000.0, MinimumIsExclusive = true)]
    public double Scale { get; init; } = 64;

    [Description("cosine margin m to the proxies")]
    [Range(0.0, 2.0)]
    public double CosineMargin { get; init; } = 0.4;

    [Description("cosine margin m' to the memory")]
    [Range(0.0, 2.0)]
    public double MemoryMargin { get; init; } = 0.1;

    /// <summary>The memory, and its copy in a pass.</summary>
    public override HeadRows RowsPerIdentity() => new(Proxies: 1, Constant: 2);

    protected override FaceLoss Create(LossShape shape) => new UniTsFaceLoss(this, shape);
}

internal sealed class UniTsFaceLoss : FaceLoss
{
    private const int Piece = 4096, MostEntries = 1024; // identities at a time and compared, where b starts
    private readonly UniTsFaceOptions options;
    private readonly Parameter bias;    // -b, 1; 0 until the second part begins
    private readonly Tensor memory;     // C x D, normalised; zeros where there is none
    private readonly Tensor known;      // C, int64: 1 where the memory had an embedding when the epoch began
    private readonly Tensor begun;      // 1, int64: that epoch
    private readonly List<(Tensor Rows, Tensor Labels)> pending = []; // of this step
    private (long Epoch, Tensor Identities, Tensor Places)? current;  // of the epoch that runs: M and C
    private Tensor? rows;               // M x D: the memory as this pass found it

    public UniTsFaceLoss(UniTsFaceOptions options, LossShape shape) : base(options, shape)
    {
        this.options = options;
        bias = new Parameter(zeros(1));
        memory = zeros(shape.Classes, shape.Dimension);
        (known, begun) = (zeros(shape.Classes, ScalarType.Int64), zeros(1, ScalarType.Int64));
        RegisterComponents();
    }

    /// <summary>Nothing in the first epoch, which has no b.</summary>
    public override IReadOnlyDictionary<string, Tensor> Followed =>
        Epoch == 0 ? new Dictionary<string, Tensor>() : new Dictionary<string, Tensor> { ["bias"] = bias };

    protected internal override MemoryForm Form => new()
    {
        Classes = new SoftmaxForm { Scale = options.Scale, Target = cosine => cosine - options.CosineMargin },
        Term = new SumForm
        {
            Term = new SoftplusTerm(options.Scale, 0),
            Own = own => SoftplusTerm.Softplus((own - options.MemoryMargin) * -options.Scale - bias.to(own.dtype)),
            Shift = bias,
        },
        Rows = rows,
        Places = rows is null ? null : current?.Places,
        Watch = Follow,
    };

    protected override void StartPass()
    {
        if (Epoch == 0) return;
        using var scope = NewDisposeScope();
        using var grad = no_grad();
        var held = get_buffer(nameof(memory))!;
        if (current?.Epoch != Epoch) StartEpoch(held);
        rows?.Dispose();
        rows = current!.Value.Identities.shape[0] < 2 ? null : held.index_select(0, current.Value.Identities).DetachFromDisposeScope();
    }

    /// <summary>Finds the identities that have an embedding; a device is waited for, once an epoch.</summary>
    private void StartEpoch(Tensor held)
    {
        var (flags, at) = (get_buffer(nameof(known))!, get_buffer(nameof(begun))!);
        if (at.to(ScalarType.Int64).item<long>() != Epoch) // else a resumed training is inside the epoch
        {
            flags.copy_(held.norm(1, p: 2).gt(0).to(ScalarType.Int64));
            at.fill_(Epoch);
        }

        current?.Identities.Dispose();
        current?.Places.Dispose();
        flags = flags.to(ScalarType.Int64); // a conversion of the whole loss takes the counters along
        var identities = flags.nonzero().squeeze(1);
        var places = full_like(flags, -1).index_copy_(0, identities, arange(identities.shape[0], ScalarType.Int64, flags.device));
        current = (Epoch, identities.DetachFromDisposeScope(), places.DetachFromDisposeScope());
        if (identities.shape[0] > 1 && bias.to(ScalarType.Float32).item<float>() == 0)
            bias.copy_(Threshold(held.index_select(0, identities)).neg());
    }

    protected override Tensor Compute(Tensor embeddings, Tensor labels)
    {
        using var scope = NewDisposeScope();
        var form = Form;
        var column = labels.unsqueeze(1);
        var loss = form.Classes.MeanLoss(form.Classes.Logits(Cosines(embeddings), column, null), column, null);
        form.Watch(embeddings.detach(), labels);
        if (form.Rows is not { } entries) return (loss + bias.to(loss.dtype).sum() * 0).MoveToOuterDisposeScope();
        var (own, counts) = form.Own(labels);
        var cosines = nn.functional.normalize(embeddings, dim: 1).matmul(nn.functional.normalize(entries.to(embeddings.dtype), dim: 1).t());
        var second = form.Term.Loss(cosines.clamp(-1, 1), own.unsqueeze(1), bias.to(embeddings.dtype));
        return (loss + (second * counts.to(second.dtype)).mean()).MoveToOuterDisposeScope();
    }

    protected override void Dispose(bool disposing)
    {
        if (disposing)
        {
            current?.Identities.Dispose();
            current?.Places.Dispose();
            rows?.Dispose();
            Forget();
        }

        base.Dispose(disposing);
    }

    /// <summary>
    /// Keeps the embeddings for the memory. They are written at the end of a step, so that splitting a batch does not change the step; of
    /// several of an identity the last one stays.
    /// </summary>
    private void Follow(Tensor embeddings, Tensor labels)
    {
        if (!training) return;
        using var grad = no_grad();
        using var scope = NewDisposeScope();
        var unit = nn.functional.normalize(embeddings, dim: 1);

        pending.Add((unit.DetachFromDisposeScope(), labels.alias().DetachFromDisposeScope()));
        if (pending.Count < PassesPerStep) return;
        var (written, all) = (cat([.. pending.Select(one => one.Rows)]), cat([.. pending.Select(one => one.Labels)]));
        var last = all.unsqueeze(1).eq(all.unsqueeze(0)).to(ScalarType.Int64).mul(arange(1, all.shape[0] + 1, ScalarType.Int64, all.device))
            .amax([1L]).sub(1); // of the same identity: whichever of equal rows is written, it is the same
        var into = get_buffer(nameof(memory))!;
        into.index_copy_(0, all, written.index_select(0, last).to(into.dtype));
        Forget();
    }

    /// <summary>
    /// Returns where b starts: the mean, over entries of the memory in even steps, of the log of the sum of e^(s c_j) over the others. The
    /// published code takes the first batch for the entries; its pieces would give other starts.
    /// </summary>
    private Tensor Threshold(Tensor entries)
    {
        var count = entries.shape[0];
        var taken = arange(0, count, (count + MostEntries - 1) / MostEntries, ScalarType.Int64, entries.device);
        var samples = entries.index_select(0, taken);
        var sums = full_like(samples.select(1, 0), double.NegativeInfinity);
        for (var first = 0L; first < count; first += Piece)
        {
            var part = entries.narrow(0, first, Math.Min(Piece, count - first));
            var own = taken.unsqueeze(1).eq(arange(first, first + part.shape[0], ScalarType.Int64, taken.device).unsqueeze(0));
            sums = sums.logaddexp(samples.matmul(part.t()).mul_(options.Scale).masked_fill_(own, double.NegativeInfinity).logsumexp(1));
        }

        return sums.mean();
    }

    private void Forget()
    {
        foreach (var (embeddings, labels) in pending)
        {
            embeddings.Dispose();
            labels.Dispose();
        }

        pending.Clear();
    }
}
