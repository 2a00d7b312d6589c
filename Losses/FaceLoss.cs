using Ablation.Losses.Heads;
using Ablation.Losses.Kernels;
using Ablation.Losses.Options;
using Ablation.Losses.Passes;
using TorchSharp.Modules;
using static TorchSharp.torch;

namespace Ablation.Losses;

/// <summary>
/// A loss head: one proxy (class weight) per identity, and the mean loss of a batch. It knows embeddings and labels, not the loop
/// around it.
/// </summary>
public abstract class FaceLoss : nn.Module<Tensor, Tensor, Tensor>
{
    /// <summary>Class weights, C x D; K C x D for a loss with K proxies per identity, the first of every identity first.</summary>
    public readonly Parameter proxies;
    private readonly Workspace space = new();
    private Workspace? memorySpace;
    private HeadPass? open;
    private PartialSample? sample;

    protected FaceLoss(LossOptions options, LossShape shape, int centers = 1) : base(Catalog.NameOf(options))
    {
        (Shape, Centers) = (shape, centers);
        proxies = new Parameter(zeros((long)centers * shape.Classes, shape.Dimension));
        Gradient = new ProxyGradient(() => proxies);
    }

    public LossShape Shape { get; }

    /// <summary>Proxies per identity.</summary>
    public int Centers { get; }

    /// <summary>The first proxy of each identity, C x D, a view; paired trials start with the same ones.</summary>
    public Tensor FirstProxies => proxies.narrow(0, 0, Shape.Classes);

    /// <summary>The epoch that runs, from 0; the training loop sets it.</summary>
    public long Epoch { get; set; }

    /// <summary>How a pass is computed.</summary>
    public HeadOptions Head { get; private set; } = new();

    /// <summary>The gradient of the proxies, accumulated since it was last cleared.</summary>
    public ProxyGradient Gradient { get; }

    /// <summary>Seed of the loss's own draws.</summary>
    protected long Seed { get; private set; }

    /// <summary>Bytes of the buffers that the kernels reuse from pass to pass.</summary>
    public long WorkspaceBytes => space.Bytes + (memorySpace?.Bytes ?? 0);

    /// <summary>Whether anything but the straight formulation can compute this loss.</summary>
    public bool HasKernel => Form is not null;

    /// <summary>
    /// Matrix products of B x D x C that forward and backward cannot avoid: 1 for NPT, whose gradient touches few proxies, otherwise 3.
    /// </summary>
    public int Products => Form is HingeForm hinge && !hinge.Negatives.IsAll(Shape.Classes) ? 1 : 3;

    /// <summary>Whether the loss is a mean over the samples, so that micro-batches of a step add up to the batch.</summary>
    public virtual bool AveragesSamples => true;

    /// <summary>How a kernel can compute this loss; null where only the straight formulation can.</summary>
    protected internal virtual HeadForm? Form => null;

    /// <summary>
    /// Returns the logits of all identities, margin included, for measurements; whatever <see cref="Head"/> says. Counts no step and
    /// changes nothing. Null where the loss is not a log-sum-exp (hinges).
    /// </summary>
    /// <param name="embeddings">B x D, float32 or float64.</param>
    /// <param name="cosines">B x C, between embeddings and proxies, in the same precision.</param>
    /// <param name="labels">B, int64.</param>
    public virtual HeadLogits? Logits(Tensor embeddings, Tensor cosines, Tensor labels) => null;

    /// <summary>
    /// Single numbers that the loss trains or follows (a bias, a running mean, a scale) by name, each a tensor of one value; the training
    /// log records them.
    /// </summary>
    public virtual IReadOnlyDictionary<string, Tensor> Followed => new Dictionary<string, Tensor>();

    /// <summary>Forward passes per step of the optimiser, for a loss that counts steps.</summary>
    public int PassesPerStep { get; set; } = 1;

    /// <summary>Draws every proxy with the given generator, on the CPU; call before moving to a device.</summary>
    /// <param name="start">Null for the default, which is the same for every loss: paired seeds start from the same proxies.</param>
    public void InitialiseProxies(Generator generator, ProxyStartOptions? start = null)
    {
        start ??= new NormalOptions();
        using var grad = no_grad();
        for (var center = 0; center < Centers; center++) // the first of each identity is that of every other loss
        {
            using var scope = NewDisposeScope();
            proxies.narrow(0, (long)center * Shape.Classes, Shape.Classes).copy_(start.Draw(Shape, generator));
        }
    }

    /// <summary>Chooses how passes are computed; call once the loss is on its device.</summary>
    /// <param name="seed">Seed of the draws of Partial FC, and of a loss that draws.</param>
    /// <exception cref="ArgumentException">The loss has no kernel, and the options ask for one.</exception>
    public void Configure(HeadOptions head, long seed = 0)
    {
        if ((head.Problem() ?? head.Problem(GetName(), HasKernel)) is { } problem) throw new ArgumentException(problem);
        (Head, Seed) = (head, seed);
        sample = head.PartialRate < 1 ? new PartialSample(Shape.Classes, Form, head.PartialRate, seed) : null;
        if (sample is not null && get_buffer(PartialSample.Counter) is null)
            register_buffer(PartialSample.Counter, zeros(1, ScalarType.Int64, proxies.device));
    }

    /// <summary>
    /// Computes the mean loss of a batch; call Backward on it for the gradient. The training loop uses this. One pass at a time: dispose of
    /// it before the next. The gradient of the proxies goes to <see cref="Gradient"/>, those of other parameters to their <c>grad</c>.
    /// </summary>
    /// <inheritdoc cref="forward" path="/param"/>
    /// <inheritdoc cref="forward" path="/exception"/>
    public HeadPass Begin(Tensor embeddings, Tensor labels)
    {
        if (open is { IsOpen: true })
            throw new InvalidOperationException($"{GetName()}: the previous pass is not disposed of; its buffers are in use");
        Check(embeddings, labels);
        StartPass();
        return open = Pass(embeddings, labels);
    }

    /// <summary>Computes the mean loss of a batch, a scalar, by the straight formulation under autograd.</summary>
    /// <param name="embeddings">B x D, not normalised, float32 or float64; half precisions are computed in float32.</param>
    /// <param name="labels">B identities, int64, 0 .. C-1.</param>
    /// <returns>A scalar in the precision of the computation.</returns>
    /// <exception cref="ArgumentException">The batch is empty, or a shape or a label does not fit, or an embedding is not finite. Labels
    /// and values are checked on the CPU only, since a check would stall another device; there NaN reaches the loss.</exception>
    public sealed override Tensor forward(Tensor embeddings, Tensor labels)
    {
        Check(embeddings, labels);
        StartPass();
        return Straight(embeddings, labels);
    }

    /// <summary>Computes the straight formulation of a checked batch.</summary>
    internal Tensor Straight(Tensor embeddings, Tensor labels) => Compute(Precise(embeddings), labels);

    /// <summary>
    /// Called before each pass: a loss that counts passes or changes over the training does so here, and nowhere else.
    /// </summary>
    protected virtual void StartPass()
    {
    }

    /// <summary>Computes the mean loss of a checked batch from differentiable operations.</summary>
    protected abstract Tensor Compute(Tensor embeddings, Tensor labels);

    /// <summary>Computes the cosines between embeddings and identities, B x C, in [-1, 1]; scaling either side changes nothing.</summary>
    protected Tensor Cosines(Tensor embeddings)
    {
        using var scope = NewDisposeScope();
        var samples = nn.functional.normalize(embeddings, dim: 1);              // B x D
        var weights = nn.functional.normalize(proxies.to(embeddings.dtype), dim: 1); // K C x D
        return OfIdentities(samples.matmul(weights.t()).clamp(-1, 1)).MoveToOuterDisposeScope();
    }

    /// <summary>Of the cosines with every proxy, B x K C, the largest of each identity, B x C.</summary>
    public Tensor OfIdentities(Tensor cosines) =>
        Centers == 1 ? cosines.alias() : cosines.view(cosines.shape[0], Centers, Shape.Classes).max(1).values;

    protected override void Dispose(bool disposing)
    {
        if (disposing)
        {
            Gradient.Dispose();
            space.Dispose();
            memorySpace?.Dispose();
        }

        base.Dispose(disposing);
    }

    private HeadPass Pass(Tensor embeddings, Tensor labels)
    {
        using var scope = NewDisposeScope();
        if (Head.Implementation == HeadImplementation.Straight || Form is not { } form)
            return new StraightPass(Straight(embeddings, labels), Gradient, Shape.Classes);
        var precise = Precise(embeddings);
        if (form is MemoryForm { Watch: var watch }) watch(precise.detach(), labels);
        var weights = proxies.detach().to(precise.dtype).contiguous();
        var view = sample is { } drawn
            ? drawn.Draw(weights.view(Centers, Shape.Classes, Shape.Dimension), labels, get_buffer(PartialSample.Counter)!, training)
            : ProxyView.Owning(weights, labels, null);
        var kernels = new KernelFactory(Head, form, precise, (int)view.Weights.shape[0] / Centers, space);
        return form switch
        {
            SoftmaxForm softmax => new SoftmaxPass(Gradient, softmax, precise, view, kernels),
            SumForm sum => new SumPass(Gradient, sum, precise, view, kernels),
            MemoryForm both => new MemoryPass(precise, rows => new SoftmaxPass(Gradient, both.Classes, rows, view, kernels),
                both.Rows is null ? null : rows => PassOverMemory(both, rows, labels), both.Term.Shift),
            AnchorForm anchors => new AnchorPass(Gradient, anchors, precise, view, kernels),
            HingeForm hinge when hinge.Negatives.IsAll(view.Weights.shape[0]) => new HingePass(Gradient, hinge, precise, view, kernels),
            HingeForm hinge =>
                new NearestPass(Gradient, hinge, precise, view, kernels, lazy: Head.SparseUpdate == SparseUpdate.Lazy),
            _ => throw new NotSupportedException($"no kernel for {form.GetType().Name}"),
        };
    }

    private SumPass PassOverMemory(MemoryForm form, Tensor embeddings, Tensor labels)
    {
        using var scope = NewDisposeScope();
        var (own, counts) = form.Own(labels);
        var rows = form.Rows!.to(embeddings.dtype).contiguous();
        memorySpace ??= new Workspace(); // both passes are open at once
        var kernels = new KernelFactory(Head, form.Term, embeddings, (int)rows.shape[0], memorySpace);
        return new SumPass(null, form.Term, embeddings, ProxyView.Owning(rows, own, null), kernels, counts);
    }

    private static Tensor Precise(Tensor embeddings) =>
        embeddings.dtype is ScalarType.Float64 ? embeddings : embeddings.to(ScalarType.Float32);

    private void Check(Tensor embeddings, Tensor labels)
    {
        if (embeddings.dim() != 2 || embeddings.shape[1] != Shape.Dimension)
            throw new ArgumentException(
                $"{GetName()}: embeddings of shape [{string.Join(", ", embeddings.shape)}]; expected B x {Shape.Dimension}");
        if (embeddings.shape[0] == 0) throw new ArgumentException($"{GetName()}: an empty batch has no mean loss");
        if (labels.dim() != 1 || labels.shape[0] != embeddings.shape[0])
            throw new ArgumentException(
                $"{GetName()}: labels of shape [{string.Join(", ", labels.shape)}] for {embeddings.shape[0]} embeddings");
        if (!CpuPath.IsTaken(labels)) return;

        using var scope = NewDisposeScope();
        var values = labels.to(ScalarType.Int64).contiguous().data<long>();
        for (long i = 0; i < values.Count; i++)
        {
            if (values[i] < 0 || values[i] >= Shape.Classes)
                throw new ArgumentException(
                    $"{GetName()}: label {values[i]} at position {i} of the batch; must be in [0, {Shape.Classes})");
        }

        if (CpuPath.IsTaken(embeddings) && !embeddings.isfinite().all().item<bool>())
            throw new ArgumentException($"{GetName()}: the embeddings hold NaN or infinity; lower the learning rate, or clip gradients");
    }
}
