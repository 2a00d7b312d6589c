using System.Text.Json.Serialization;

namespace Ablation.Harness.Theory;

/// <summary>Angles between the embeddings of a training step and the proxies.</summary>
/// <param name="Samples">Number of samples of the micro-batch, at most 64.</param>
/// <param name="Own">Angles to the proxies of their own identities.</param>
/// <param name="Nearest">Angles to the nearest proxies of other identities.</param>
/// <param name="NearestIsOwn">Share of samples whose own proxy is nearer than every other, 0 .. 1. By Property 1 of arXiv 2103.03503 these
/// are the samples with an NPT loss below Delta (k = 1).</param>
/// <param name="Gap">Null if the loss has no log-sum-exp.</param>
/// <param name="Hinges">Null if the loss has no hinges.</param>
public sealed record ProxyAngles(int Samples, AngleSpread Own, AngleSpread Nearest, double NearestIsOwn, LogSumExpGap? Gap,
    [property: JsonIgnore(Condition = JsonIgnoreCondition.WhenWritingNull)] HingeActivity? Hinges = null);

/// <summary>A distribution of angles in degrees, 0 .. 180.</summary>
/// <param name="P10">The 10 % quantile, interpolated linearly.</param>
/// <param name="P50">The median.</param>
/// <param name="P90">The 90 % quantile.</param>
public sealed record AngleSpread(double P10, double P50, double P90, double Mean);

/// <summary>
/// The distance of a loss of the softmax family from its NPT limit, which has the largest logit instead of the log-sum-exp: the mean over
/// the samples of (log-sum-exp of the logits minus the largest) / scale. For CosFace this is L/s - max(0, c_near - c_y + m).
/// </summary>
/// <param name="Mean">In cosines if logits are scaled cosines; in logits for plain softmax. From 0 to <paramref name="Bound"/>.</param>
/// <param name="Bound">ln(terms of the sum) / scale, mean over the samples.</param>
public sealed record LogSumExpGap(double Mean, double Bound);
