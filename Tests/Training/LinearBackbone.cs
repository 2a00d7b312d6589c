using Ablation.Harness.Networks;
using TorchSharp.Modules;
using static TorchSharp.torch;

namespace Ablation.Tests.Training;

/// <summary>A network without batch statistics, so that a step can be computed by hand.</summary>
public sealed class LinearBackbone : Backbone
{
    private readonly Linear fc;

    public LinearBackbone(int resolution, int dimension) : base(nameof(LinearBackbone))
    {
        fc = nn.Linear(3 * resolution * resolution, dimension);
        RegisterComponents();
    }

    public override IEnumerable<Parameter> EmbeddingLayer() => fc.parameters();

    public override Tensor forward(Tensor images) => fc.forward(images.contiguous().flatten(1));
}
