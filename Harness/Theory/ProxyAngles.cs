namespace Ablation.Harness.Theory;

/// <summary>Angles of a batch to its proxies, from the embeddings of its training step.</summary>
/// <param name="Samples">Of the micro-batch, at most 64.</param>
/// <param name="Own">Angles to the proxies of their own identities.</param>
/// <param name="Nearest">Angles to the nearest proxies of other identities.</param>
/// <param name="NearestIsOwn">Share of samples whose own proxy is nearer than every other: by Property 1 of arXiv 2103.03503 these are
/// the samples with an NPT loss below Delta (k = 1). 0 .. 1.</param>
/// <param name="Gap">Null where the loss has no log-sum-exp.</param>
public sealed record ProxyAngles(int Samples, AngleSpread Own, AngleSpread Nearest, double NearestIsOwn, LogSumExpGap? Gap);

/// <summary>Degrees, 0 .. 180.</summary>
/// <param name="P10">10 % lie below it; between two samples in proportion.</param>
/// <param name="P50">The median.</param>
/// <param name="P90">90 % lie below it.</param>
public sealed record AngleSpread(double P10, double P50, double P90, double Mean);

/// <summary>
/// How far a loss of the softmax family is from its NPT limit, which has the largest logit in place of the log-sum-exp:
/// mean over the samples of (log-sum-exp of the logits less the largest) / scale. For CosFace this is L/s - max(0, c_near - c_y + m).
/// </summary>
/// <param name="Mean">In cosines where logits are scaled cosines; in logits for plain softmax. From 0 to <paramref name="Bound"/>.</param>
/// <param name="Bound">ln(terms of the sum) / scale, mean over the samples.</param>
public sealed record LogSumExpGap(double Mean, double Bound);
