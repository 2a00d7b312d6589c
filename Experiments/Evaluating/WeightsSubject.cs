using Ablation.Harness.Embedding;
using Ablation.Harness.Foundations;
using Ablation.Harness.Networks;
using Ablation.Harness.Weights;
using TorchSharp;

namespace Ablation.Experiments.Evaluating;

/// <summary>A file of weights of torch.save or safetensors, in a network of ours.</summary>
public sealed class WeightsSubject : ForeignSubject
{
    private readonly Backbone backbone;
    private readonly BackboneOptions options;
    private readonly SubjectRequest request;

    private WeightsSubject(SubjectRequest request, InputSettings settings, Backbone backbone, BackboneOptions options, string key,
        LoadedWeights loaded) : base(request.What, settings, request.Place, request.Cache)
    {
        (this.request, this.backbone, this.options, Key, Size) = (request, backbone, options, key, SizeOf(settings));
        var prefix = loaded.Prefix.Length > 0 ? $" behind \"{loaded.Prefix}\"" : "";
        Remarks = [$"{loaded.Tensors} tensors by the names of {loaded.Names}{prefix}", .. loaded.Notes];
    }

    /// <inheritdoc/>
    public override string Key { get; }

    /// <inheritdoc/>
    public override IReadOnlyList<string> Remarks { get; }

    /// <inheritdoc/>
    protected override int Size { get; }

    /// <inheritdoc/>
    protected override string Network => $", {SpecJson.Write(options).ReplaceLineEndings(" ")}";

    /// <exception cref="DataProblem">The file is damaged or hostile, or does not fit the network.</exception>
    public static WeightsSubject Open(SubjectRequest request)
    {
        using var file = TensorSet.Open(request.What);
        var settings = request.Given.Or(InputSettings.Beside(request.What)).Or(InputSettings.Noted(file.Metadata, request.What));
        var options = NetworkArgument.Read(settings.Network ?? throw new DataProblem(request.What, "which network it is of is not given",
            $"give --network: {NetworkArgument.Known}, or options as JSON"));
        if (!options.Accepts(SizeOf(settings)))
            throw new ArgumentException($"--size {SizeOf(settings)}: not accepted by {settings.Network}");
        torch.set_num_threads(request.Place.Threads);
        var (backbone, loaded) = WeightLoader.Build(options, SizeOf(settings), file);
        backbone.to(request.Place.Device);
        return new WeightsSubject(request, settings, backbone, options, file.Hash(), loaded);
    }

    /// <inheritdoc/>
    public override void Dispose()
    {
        backbone.Dispose();
        base.Dispose();
    }

    /// <inheritdoc/>
    protected override ImageEmbedder Embedder(InputForm form) => new NetworkEmbedder(backbone, Size, request.Place.Device,
        $"{Key} {SpecJson.Write(options)} {request.Place.Device.type}", form);

    private static int SizeOf(InputSettings settings) => settings.Size ?? 112;
}

/// <summary>Files of torch.save and safetensors.</summary>
internal sealed class WeightsKind : SubjectKind
{
    /// <inheritdoc/>
    public override string Description => "a file of weights (.pth, .pt, .ckpt, .safetensors) with --network";

    /// <inheritdoc/>
    public override bool Takes(SubjectRequest request) => request.IsFile(".pth", ".pt", ".ckpt", ".tar", ".safetensors");

    /// <inheritdoc/>
    public override EvaluationSubject Open(SubjectRequest request) => WeightsSubject.Open(request);
}
