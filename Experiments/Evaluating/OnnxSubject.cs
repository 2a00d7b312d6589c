using Ablation.Harness.Embedding;
using Ablation.Harness.Foundations;

namespace Ablation.Experiments.Evaluating;

/// <summary>A network in an ONNX file, run by ONNX Runtime.</summary>
public sealed class OnnxSubject : ForeignSubject
{
    private readonly OnnxNetwork network;

    private OnnxSubject(SubjectRequest request, InputSettings settings, OnnxNetwork network, int size)
        : base(request.What, settings, request.Place, request.Cache)
    {
        (this.network, Size) = (network, size);
        Remarks = network.Head.NormalisesItself && settings is { Mean: 0, Scale: 1 }
            ? ["the graph normalises its input itself (insightface's rule: Sub and Mul among its first eight nodes): mean 0, scale 1"] : [];
    }

    /// <inheritdoc/>
    public override string Key => network.Hash;

    /// <inheritdoc/>
    public override IReadOnlyList<string> Remarks { get; }

    /// <inheritdoc/>
    protected override int Size { get; }

    /// <inheritdoc/>
    protected override string Network => ", ONNX";

    /// <exception cref="DataProblem">The file is damaged, or no face network.</exception>
    /// <exception cref="ArgumentException">The options do not fit the graph.</exception>
    public static OnnxSubject Open(SubjectRequest request)
    {
        if (request.Given.Network is not null)
            throw new ArgumentException($"--network {request.Given.Network}: an ONNX file holds its network; leave the option out");
        var network = new OnnxNetwork(request.What, request.Place.Threads);
        try
        {
            var settings = request.Given.Or(InputSettings.Beside(request.What)).Or(InputSettings.Noted(network.Head.Notes, request.What));
            if (network.Head.NormalisesItself) settings = settings.Or(new InputSettings { Mean = 0, Scale = 1 });
            if (network.Size is { } size && settings.Size is { } given && size != given)
                throw new ArgumentException($"--size {given}: the graph takes {size} x {size} pixels");
            return new OnnxSubject(request, settings, network, network.Size ?? settings.Size
                ?? throw new DataProblem(request.What, "the graph leaves the size of its input open", "give --size; 112 is usual"));
        }
        catch
        {
            network.Dispose();
            throw;
        }
    }

    /// <inheritdoc/>
    public override void Dispose()
    {
        network.Dispose();
        base.Dispose();
    }

    /// <inheritdoc/>
    protected override ImageEmbedder Embedder(InputForm form) => new OnnxEmbedder(network, Size, form);
}

/// <summary>ONNX files.</summary>
internal sealed class OnnxKind : SubjectKind
{
    /// <inheritdoc/>
    public override string Description => "a network as ONNX (.onnx)";

    /// <inheritdoc/>
    public override bool Takes(SubjectRequest request) => request.IsFile(".onnx");

    /// <inheritdoc/>
    public override EvaluationSubject Open(SubjectRequest request) => OnnxSubject.Open(request);
}
