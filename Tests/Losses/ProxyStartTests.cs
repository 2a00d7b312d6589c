using Ablation.Harness.Foundations;
using Ablation.Losses;
using Ablation.Losses.Heads;
using Ablation.Losses.Options;
using Ablation.Tests.Suites;
using static TorchSharp.torch;

namespace Ablation.Tests.Losses;

/// <summary>The distributions that proxies start from.</summary>
public sealed class ProxyStartTests
{
    private static readonly LossShape Shape = new(700, 300);

    private static IEnumerable<ProxyStartOptions> Starts() =>
        [.. Catalog.RecordsOf<ProxyStartOptions>().Values.Select(type => (ProxyStartOptions)Activator.CreateInstance(type)!)];

    [TestCase(700, 300)]
    [TestCase(300, 700)]
    [TestCase(10572, 4)]
    public void Xavier_is_uniform_within_the_square_root_of_6_over_C_plus_D(int classes, int dimension)
    {
        var values = Drawn(new XavierOptions(), new LossShape(classes, dimension), seed: 3);
        var bound = Math.Sqrt(6.0 / (classes + dimension));
        Assert.Multiple(() =>
        {
            Assert.That(values.Max(), Is.InRange(0.999 * bound, bound * (1 + 1e-6)));
            Assert.That(values.Min(), Is.InRange(-bound * (1 + 1e-6), -0.999 * bound));
            Assert.That(values.Average(), Is.Zero.Within(5 * bound / Math.Sqrt(3.0 * values.Length)));
            Assert.That(values.Average(value => value * value), Is.EqualTo(bound * bound / 3).Within(0.02 * bound * bound));
            for (var tenth = 0; tenth < 10; tenth++)
            {
                var share = values.Count(value => value >= (tenth / 5.0 - 1) * bound && value < ((tenth + 1) / 5.0 - 1) * bound);
                Assert.That((double)share / values.Length, Is.EqualTo(0.1).Within(0.01), $"tenth {tenth}");
            }
        });
    }

    [TestCase(0.01)]
    [TestCase(0.5)]
    public void Normal_has_its_deviation(double deviation)
    {
        var values = Drawn(new NormalOptions { Deviation = deviation }, Shape, seed: 3);
        Assert.That(values.Average(), Is.Zero.Within(5 * deviation / Math.Sqrt(values.Length)));
        Assert.That(Math.Sqrt(values.Average(value => value * value)), Is.EqualTo(deviation).Within(0.01 * deviation));
        Assert.That((double)values.Count(value => Math.Abs(value) > 2 * deviation) / values.Length, Is.EqualTo(0.0455).Within(0.005));
    }

    [TestCaseSource(nameof(Starts))]
    public void A_start_depends_on_its_generator_alone(ProxyStartOptions start)
    {
        var first = Drawn(start, Shape, seed: 3);
        Assert.That(Drawn(start, Shape, seed: 3), Is.EqualTo(first));
        Assert.That(Drawn(start, Shape, seed: 4), Is.Not.EqualTo(first));
    }

    [TestCaseSource(nameof(Starts))]
    public void The_first_proxies_of_every_loss_are_the_same(ProxyStartOptions start)
    {
        using var several = Built(new SubCenterArcFaceOptions { Centers = 3 }, start);
        using var one = Built(new NptOptions(), start);
        Assert.That(several.FirstProxies.eq(one.proxies).all().item<bool>());
        Assert.That(several.proxies.narrow(0, 700, 700).eq(one.proxies).any().item<bool>(), Is.False, "the others are draws of their own");
    }

    [Test]
    public void Without_a_start_the_draws_are_those_of_every_version()
    {
        using var loss = Built(new NptOptions(), null);
        using var generator = new Generator(5);
        using var expected = randn(700, 300, generator: generator) * 0.01;
        Assert.That(loss.proxies.eq(expected).all().item<bool>());
    }

    [TestCase("\"proxyStart\": { \"type\": \"Normal\", \"deviation\": 0 }", "deviation = 0; must be in (0, 10]")]
    [TestCase("\"proxyStart\": { \"type\": \"Normal\", \"deviation\": 11 }", "deviation = 11; must be in (0, 10]")]
    [TestCase("\"proxyStart\": { \"type\": \"Xavir\" }", "did you mean Xavier?")]
    [TestCase("\"proxyStart\": { \"type\": \"Xavier\", \"deviation\": 1 }", "unknown key \"deviation\"")]
    [TestCase("\"proxyStart\": null", "proxyStart: ")]
    public void A_wrong_start_is_refused_with_its_place(string key, string message) =>
        Assert.That(SuiteText.Refusal("\"batch\": 16", $"\"batch\": 16, {key}"),
            Does.StartWith("own.jsonc(13): $.trainings[0].proxyStart").And.Contains(message));

    [Test]
    public void A_start_reads_back_by_its_type()
    {
        ProxyStartOptions start = new NormalOptions { Deviation = 0.5 };
        Assert.That(SpecJson.Read<ProxyStartOptions>(SpecJson.Write(start)), Is.EqualTo(start));
    }

    private static double[] Drawn(ProxyStartOptions start, LossShape shape, ulong seed)
    {
        using var scope = NewDisposeScope();
        using var generator = new Generator(seed);
        return [.. start.Draw(shape, generator).data<float>().ToArray().Select(value => (double)value)];
    }

    private static FaceLoss Built(LossOptions options, ProxyStartOptions? start)
    {
        var loss = options.Build(Shape);
        using var generator = new Generator(5);
        loss.InitialiseProxies(generator, start);
        return loss;
    }
}
