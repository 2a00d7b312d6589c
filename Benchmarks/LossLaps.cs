namespace Ablation.Benchmarks;

/// <summary>Milliseconds from the start of a pass until the value, until all gradients, and until the proxies have moved.</summary>
public readonly record struct LossLaps(double Forward, double ForwardBackward, double Step)
{
    public static LossLaps operator +(LossLaps one, LossLaps other) =>
        new(one.Forward + other.Forward, one.ForwardBackward + other.ForwardBackward, one.Step + other.Step);

    public static LossLaps operator /(LossLaps sum, int count) => new(sum.Forward / count, sum.ForwardBackward / count, sum.Step / count);
}
