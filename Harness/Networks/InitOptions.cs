using System.ComponentModel;
using System.ComponentModel.DataAnnotations;
using System.Text.Json.Serialization;
using Ablation.Harness.Foundations;

namespace Ablation.Harness.Networks;

/// <summary>
/// Weights that a training starts from. The id of a trial depends on their content, by <see cref="Sha256"/>, and not on their path.
/// </summary>
public sealed record InitOptions
{
    [Description("file of weights (.pth, .pt, .ckpt, .safetensors, weights.bin of a trial), or folder of a finished trial")]
    [OnDisk]
    public required string From { get; init; }

    [Description("SHA-256 of the file in lower case; of weights.bin for a trial's folder. plan reports it where it differs")]
    [RegularExpression("[0-9a-f]{64}", ErrorMessage = "{0}: must be 64 digits 0-9a-f")]
    public required string Sha256 { get; init; }

    [Description("colours that the weights were trained with: bgr exchanges the channels of the first convolution, since pictures are RGB")]
    [JsonIgnore(Condition = JsonIgnoreCondition.WhenWritingDefault)]
    public ColourOrder Colour { get; init; }
}
