using Ablation.Harness.Batches;
using Ablation.Harness.Foundations;

namespace Ablation.Tests.Foundations;

/// <summary>The counter-based random numbers, the portable functions and the order of an epoch.</summary>
public sealed class RandomStreamTests
{
    [Test]
    public void The_generator_is_SplitMix64()
    {
        // the published sequence of the reference implementation for the state 1234567, started past the mixing of the address
        ulong[] published = [6457827717110365317, 3203168211198807973, 9817491932198370423, 4593380528125082431, 16408922859458223821];
        var stream = new RandomStream(0, StreamPurpose.Augment);
        typeof(RandomStream)
            .GetField("state", System.Reflection.BindingFlags.NonPublic | System.Reflection.BindingFlags.Instance)!.SetValue(stream,
                1234567UL);
        Assert.That(Enumerable.Range(0, 5).Select(_ => stream.NextBits()), Is.EqualTo(published));
    }

    [Test]
    public void Every_part_of_the_address_counts()
    {
        (long, StreamPurpose, long, long)[] addresses =
            [(1, StreamPurpose.Augment, 0, 0), (2, StreamPurpose.Augment, 0, 0), (1, StreamPurpose.EpochOrder, 0, 0),
                (1, StreamPurpose.Augment, 1, 0), (1, StreamPurpose.Augment, 0, 1), (-1, StreamPurpose.Augment, 0, 0)];
        var first = addresses.Select(a => new RandomStream(a.Item1, a.Item2, a.Item3, a.Item4).NextBits()).ToArray();
        Assert.That(first, Is.Unique);
        Assert.That(new RandomStream(1, StreamPurpose.Augment).NextBits(), Is.EqualTo(first[0]));
    }

    [Test]
    public void Draws_have_the_moments_of_their_distribution()
    {
        var stream = new RandomStream(3, StreamPurpose.Augment);
        var bell = Enumerable.Range(0, 40_000).Select(_ => stream.NextBell()).ToArray();
        Assert.That(bell.Average(), Is.Zero.Within(0.02));
        Assert.That(bell.Average(b => b * b), Is.EqualTo(1).Within(0.03));
        var unit = Enumerable.Range(0, 40_000).Select(_ => stream.NextUnit()).ToArray();
        Assert.That(unit, Is.All.InRange(0.0, 1 - 1e-16));
        Assert.That(unit.Average(), Is.EqualTo(0.5).Within(0.01));
        var signed = Enumerable.Range(0, 40_000).Select(_ => stream.NextSigned()).ToArray();
        Assert.That((signed.Min(), signed.Max()), Is.EqualTo((-1.0, 1.0)).Within(1e-3));
        Assert.That(signed.Average(), Is.Zero.Within(0.02));
        var faces = Enumerable.Range(0, 60_000).GroupBy(_ => stream.NextBelow(6)).ToDictionary(g => g.Key, g => g.Count());
        Assert.That(faces.Keys, Is.EquivalentTo(Enumerable.Range(0, 6)));
        Assert.That(faces.Values, Is.All.EqualTo(10_000).Within(400));
    }

    [Test]
    public void A_shuffle_gives_every_order_equally_often()
    {
        var stream = new RandomStream(4, StreamPurpose.EpochOrder);
        var orders = Enumerable.Range(0, 12_000).Select(_ =>
        {
            int[] items = [0, 1, 2];
            stream.Shuffle(items);
            return string.Concat(items);
        }).GroupBy(order => order).ToDictionary(group => group.Key, group => group.Count());
        Assert.That(orders, Has.Count.EqualTo(6), "including orders that leave an item in its place");
        Assert.That(orders.Values, Is.All.EqualTo(2000).Within(180));
    }

    [Test]
    public void Portable_functions_agree_with_the_library()
    {
        for (var x = -30.0; x < 30; x += 0.37)
        {
            Assert.That(PortableMath.Sin(x), Is.EqualTo(Math.Sin(x)).Within(1e-12));
            Assert.That(PortableMath.Cos(x), Is.EqualTo(Math.Cos(x)).Within(1e-12));
            Assert.That(PortableMath.Exp(x) / Math.Exp(x), Is.EqualTo(1).Within(1e-13));
            Assert.That(PortableMath.Log(Math.Exp(x)), Is.EqualTo(x).Within(1e-12));
            Assert.That(PortableMath.Pow(Math.Abs(x), -1.3) / Math.Pow(Math.Abs(x), -1.3), Is.EqualTo(1).Within(1e-12));
        }

        Assert.That(PortableMath.Exp(0), Is.EqualTo(1.0));
        Assert.That(() => PortableMath.Log(0), Throws.TypeOf<ArgumentOutOfRangeException>());
        Assert.That(() => PortableMath.Exp(double.NaN), Throws.TypeOf<ArgumentOutOfRangeException>());
    }

    [Test]
    public void An_order_is_a_permutation_that_depends_on_seed_and_epoch()
    {
        var order = new EpochOrder(101, 10, true, 5);
        Assert.That(order.Permutation(0), Is.EquivalentTo(Enumerable.Range(0, 101)));
        Assert.That(new EpochOrder(101, 10, true, 5).Permutation(0), Is.EqualTo(order.Permutation(0)));
        Assert.That(order.Permutation(1), Is.Not.EqualTo(order.Permutation(0)));
        Assert.That((order with { Seed = 6 }).Permutation(0), Is.Not.EqualTo(order.Permutation(0)));
        Assert.That((order.StepsPerEpoch, (order with { DropLast = false }).StepsPerEpoch, order.SizeOf(10)), Is.EqualTo((10, 11, 1)));
        // every place is equally likely: over many epochs the mean place of image 0 is the middle
        Assert.That(Enumerable.Range(0, 2000).Average(epoch => Array.IndexOf(order.Permutation(epoch), 0)), Is.EqualTo(50).Within(2.6));
    }
}
