using Ablation.Harness.Foundations;
using Ablation.Harness.Networks;
using Ablation.Harness.Weights;
using TorchSharp;
using static TorchSharp.torch;

namespace Ablation.Tests.Weights;

/// <summary>Loading is strict, and says which tensors do not fit.</summary>
public sealed class WeightLoaderTests
{
    private static readonly SmallOptions Small = new() { Width = 4, EmbeddingDimension = 6 };
    private TemporaryFolder folder = null!;
    private DisposeScope scope = null!;

    [SetUp]
    public void Make() => (folder, scope) = (new TemporaryFolder(), NewDisposeScope());

    [TearDown]
    public void Remove()
    {
        scope.Dispose();
        folder.Dispose();
    }

    private static Dictionary<string, Tensor> State()
    {
        using var network = Small.Build(16);
        return network.state_dict().ToDictionary(one => one.Key, one => one.Value.clone());
    }

    private LoadedWeights Load(IEnumerable<KeyValuePair<string, Tensor>> state, BackboneOptions? options = null, Backbone? into = null)
    {
        var path = folder.File("w.pth");
        File.WriteAllBytes(path, TorchWriter.StateDict(state));
        using var file = TensorSet.Open(path);
        using var network = into is null ? (options ?? Small).Build(16) : null;
        return WeightLoader.Load(into ?? network!, options ?? Small, file);
    }

    private string Refused(IEnumerable<KeyValuePair<string, Tensor>> state, BackboneOptions? options = null) =>
        Assert.Throws<DataProblem>(() => Load(state, options))!.Message;

    [Test]
    public void Our_own_names_fill_every_tensor()
    {
        var state = State();
        using var network = Small.Build(16);
        var loaded = Load(state, into: network);
        foreach (var (name, value) in network.state_dict())
        {
            if (!name.EndsWith("num_batches_tracked", StringComparison.Ordinal))
                Assert.That(value.bytes.ToArray(), Is.EqualTo(state[name].bytes.ToArray()), name);
        }

        Assert.That(loaded.Tensors, Is.EqualTo(state.Keys.Count(name => !name.EndsWith("num_batches_tracked", StringComparison.Ordinal))));
        Assert.That(loaded.Notes, Is.Empty);
    }

    [Test]
    public void Counters_of_batches_may_be_absent() =>
        Assert.That(Load(State().Where(one => !one.Key.EndsWith("num_batches_tracked", StringComparison.Ordinal))).Tensors, Is.Positive);

    [Test]
    public void Every_missing_surplus_and_misshapen_tensor_is_named()
    {
        var state = State();
        state.Remove("head.bn.bias");
        state.Remove("body.bn.running_mean");
        state["extra.weight"] = ones(3);
        state["head.features.weight"] = ones(7);
        state["body.bn.weight"] = ones(4, ScalarType.Int64);
        Assert.That(Refused(state), Does.Contain("2 missing: ").And.Contain("head.bn.bias").And.Contain("body.bn.running_mean")
            .And.Contain("1 surplus: extra.weight (3)").And.Contain("2 of another shape: ")
            .And.Contain("head.features.weight (7 in the file, 6 in the network)").And.Contain("body.bn.weight (I64"));
    }

    [Test]
    public void The_first_ten_are_named_and_all_are_counted()
    {
        var state = State();
        for (var i = 0; i < 25; i++) state[$"more{i}"] = ones(1);
        Assert.That(Refused(state), Does.Contain("25 surplus: more0 (1)").And.Contain("more9 (1) and 15 more"));
    }

    [Test]
    public void A_file_without_a_known_name_is_refused() => Assert.That(Refused([KeyValuePair.Create("encoder.weight", ones(2))]),
        Does.Contain("none of its 1 tensors has a known name").And.Contain("encoder.weight"));

    [Test]
    public void Two_networks_in_one_file_are_refused() =>
        Assert.That(Refused(State().SelectMany(one => new[] { one, KeyValuePair.Create($"ema.{one.Key}", one.Value) })),
            Does.Contain("several networks"));

    [Test]
    public void The_names_of_another_family_say_which_networks_they_have()
    {
        using var theirs = ForeignNetwork.Mbf(6, 16);
        Assert.That(Refused(theirs.Weights, new IResNetOptions()), Does.Contain("arcface_torch mbf").And.Contain("choose one of mbf"));
    }

    [TestCase(float.NaN)]
    [TestCase(float.PositiveInfinity)]
    public void A_value_that_is_not_finite_is_refused(float value)
    {
        var state = State();
        state["body.conv.weight"].view(-1)[5] = tensor(value);
        Assert.That(Refused(state), Does.Contain("\"body.conv.weight\"").And.Contain("NaN or infinite"));
    }

    [TestCase(ScalarType.Float16)]
    [TestCase(ScalarType.BFloat16)]
    [TestCase(ScalarType.Float64)]
    public void Conversions_are_exact_and_said(ScalarType type)
    {
        var state = State().ToDictionary(one => one.Key, one => one.Value.dtype == ScalarType.Float32 ? one.Value.to(type) : one.Value);
        using var network = Small.Build(16);
        var loaded = Load(state, into: network);
        Assert.That(loaded.Notes.Single(), Does.Contain("converted from"));
        Assert.That(network.state_dict()["body.conv.weight"].data<float>().ToArray(),
            Is.EqualTo(state["body.conv.weight"].to(ScalarType.Float32).data<float>().ToArray()));
    }

    [Test]
    public void Tensors_beside_the_network_are_said()
    {
        var state = State().Select(one => KeyValuePair.Create($"model.{one.Key}", one.Value)).Append(KeyValuePair.Create("head.kernel",
            ones(6, 9)));
        Assert.That(Load(state).Notes.Single(), Does.Contain("not loaded: head.kernel (6 x 9)"));
    }

    /// <summary>The file is as large as IResNet-100's: what is read goes straight into the network.</summary>
    [Test, Category("Slow")]
    public void Reading_a_file_takes_less_memory_than_twice_its_size()
    {
        var options = new IResNetOptions { Depth = IResNetDepth.R100 };
        var path = folder.File("large.pth");
        using (var one = options.Build(112)) File.WriteAllBytes(path, TorchWriter.StateDict(one.state_dict()));
        GC.Collect(2, GCCollectionMode.Aggressive, blocking: true, compacting: true);
        GC.WaitForPendingFinalizers();
        GC.Collect(2, GCCollectionMode.Aggressive, blocking: true, compacting: true);
        var (before, peak, done) = (Environment.WorkingSet, 0L, false);
        var watch = new Thread(() =>
        {
            while (!Volatile.Read(ref done))
            {
                peak = Math.Max(peak, Environment.WorkingSet);
                Thread.Sleep(2);
            }
        });
        watch.Start();
        using var network = options.Build(112);
        using var file = TensorSet.Open(path);
        WeightLoader.Load(network, options, file);
        Volatile.Write(ref done, true);
        watch.Join();
        var size = new FileInfo(path).Length;
        TestContext.Out.WriteLine($"file {size / 1e6:F0} MB, {(peak - before) / 1e6:F0} MB more while it was read");
        Assert.That(size, Is.GreaterThan(255_000_000));
        Assert.That(peak - before, Is.LessThan(2 * size).And.GreaterThan(0));
    }
}
