using System.ComponentModel;
using System.ComponentModel.DataAnnotations;
using System.Text.Json.Serialization;
using Ablation.Losses.Options;
using static TorchSharp.torch;

namespace Ablation.Harness.Networks;

/// <summary>A network from images to embeddings, built for one input resolution.</summary>
/// <remarks>Input: N x 3 x p x p float, RGB, (value - 127.5) / <see cref="InputDivisor"/>. Output: N x D, not normalised.</remarks>
public abstract class Backbone(string name) : nn.Module<Tensor, Tensor>(name)
{
    /// <summary>The divisor of pictures in a batch, and of networks that name no other.</summary>
    public const double UsualDivisor = 127.5;

    /// <summary>What a value of 0 to 255 less 127.5 is divided by: see <see cref="BackboneOptions.InputDivisor"/>.</summary>
    public double InputDivisor { get; internal set; } = UsualDivisor;

    /// <summary>Parameters of the embedding layer after the last convolution (group "fc"); all others are group "backbone".</summary>
    public abstract IEnumerable<TorchSharp.Modules.Parameter> EmbeddingLayer();

    private readonly List<nn.Module> frozen = [];

    /// <summary>
    /// Excludes from training every part whose name begins with one of <paramref name="prefixes"/>: its parameters have no gradient, its
    /// norms use and keep their running statistics, and its dropout does nothing.
    /// </summary>
    /// <exception cref="ArgumentException">A prefix names nothing, or nothing is left to train.</exception>
    public void Freeze(IReadOnlyList<string> prefixes)
    {
        var parameters = named_parameters().ToList();
        foreach (var prefix in prefixes)
        {
            var chosen = parameters.Where(one => one.name.StartsWith(prefix, StringComparison.Ordinal)).ToList();
            if (prefix.Length == 0 || chosen.Count == 0)
                throw new ArgumentException($"frozen: no part's name begins with \"{prefix}\"; names are " + string.Join(", ",
                    parameters.Select(one => string.Join('.', one.name.Split('.').Take(2))).Distinct().Take(20)));
            foreach (var (_, parameter) in chosen) parameter.requires_grad = false;
            frozen.AddRange(named_modules().Where(one => one.name.StartsWith(prefix, StringComparison.Ordinal)).Select(one => one.module));
        }

        if (parameters.TrueForAll(one => !one.parameter.requires_grad))
            throw new ArgumentException($"frozen: {string.Join(", ", prefixes)} leave nothing of the network to train");
    }

    /// <inheritdoc/>
    public override void train(bool on = true)
    {
        base.train(on);
        foreach (var part in frozen) part.eval();
    }
}

/// <summary>How a suite names a backbone: one file per family, found by reflection.</summary>
[ChosenByType(Place = 2)]
public abstract record BackboneOptions
{
    /// <summary>Dimension of the embedding, D.</summary>
    public abstract int EmbeddingDimension { get; init; }

    [Description("divides values of 0 to 255 less 127.5: 127.5, or 128")]
    [Range(1.0, 255.0)]
    [OmittedAtDefault]
    public double InputDivisor { get; init; } = Backbone.UsualDivisor;

    [Description("starts from these weights instead of drawn ones (fine-tuning)")]
    [JsonIgnore(Condition = JsonIgnoreCondition.WhenWritingNull)]
    public InitOptions? Init { get; init; }

    [Description("parts that are not trained, by how their names begin: [\"body.conv\", \"body.unit1\"]")]
    [JsonIgnore(Condition = JsonIgnoreCondition.WhenWritingNull)]
    public IReadOnlyList<string>? Frozen { get; init; }

    /// <summary>Returns the options without paths: what the id of a trial depends on.</summary>
    public BackboneOptions ByContent() => Init is null ? this : this with { Init = Init with { From = "" } };

    /// <summary>Builds the network for <paramref name="resolution"/> x <paramref name="resolution"/> pixels, on the CPU in
    /// float32, drawing its initial weights from torch's own generator (seed it first).</summary>
    public Backbone Build(int resolution)
    {
        var network = Create(resolution);
        network.InputDivisor = InputDivisor;
        return network;
    }

    /// <summary>Makes the network of <see cref="Build"/>.</summary>
    protected abstract Backbone Create(int resolution);

    /// <summary>Whether the family's strides allow a resolution.</summary>
    public abstract bool Accepts(int resolution);
}
