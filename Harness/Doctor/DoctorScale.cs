using Ablation.Harness.Networks;

namespace Ablation.Harness.Doctor;

/// <summary>How much <c>ablation doctor</c> computes.</summary>
/// <param name="LossBatch">B, of the comparison with float64.</param>
/// <param name="LossClasses">C, likewise.</param>
/// <param name="LossDimension">D, likewise.</param>
/// <param name="StepPixels">Side of the images of a step of each network.</param>
/// <param name="StepBatch">Images of such a step.</param>
/// <param name="SpeedPixels">Side of the images when speed and memory are measured.</param>
/// <param name="SpeedBatch">Images of a step then.</param>
/// <param name="SpeedSeconds">Shortest measurement; 0 measures one step after the first.</param>
/// <param name="KernelBatch">B, where kernels are timed beside their products.</param>
/// <param name="KernelClasses">C, likewise.</param>
/// <param name="KernelDimension">D, likewise.</param>
/// <param name="KernelRounds">Measurements of each kernel, of which the median counts.</param>
/// <param name="RepeatedNetworks">Networks that are trained twice.</param>
public sealed record DoctorScale(int LossBatch, int LossClasses, int LossDimension, int StepPixels, int StepBatch, int SpeedPixels,
    int SpeedBatch, double SpeedSeconds, int KernelBatch, IReadOnlyList<int> KernelClasses, int KernelDimension, int KernelRounds,
    IReadOnlyList<BackboneOptions> RepeatedNetworks)
{
    /// <summary>Classes of the smaller and the larger training set of the field: CASIA-WebFace and MS1MV2.</summary>
    private static readonly int[] SetsOfTheField = [10572, 85742];

    /// <summary>At most ten minutes on one GPU.</summary>
    public static readonly DoctorScale Graphics = new(128, 10572, 512, 112, 32, 112, 128, 3, 128, SetsOfTheField, 512, 7,
        [Tiny, new MobileFaceNetOptions { EmbeddingDimension = 32 },
            new IResNetOptions { Depth = IResNetDepth.R18, EmbeddingDimension = 32 }]);

    /// <summary>Less than a minute on two cores.</summary>
    public static readonly DoctorScale Processor = new(16, 300, 64, 32, 4, 32, 8, 0, 32, [1000, 4000], 128, 3, [Tiny]);

    private static BackboneOptions Tiny => new SmallOptions { Width = 8, EmbeddingDimension = 32 };
}
