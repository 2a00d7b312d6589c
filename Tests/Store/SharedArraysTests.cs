using Ablation.Experiments.Store;
using Ablation.Harness.Metrics;
using Ablation.Losses;
using Ablation.Tests.Training;

namespace Ablation.Tests.Store;

/// <summary>What many score files have in common is unpacked once, and a changed file is found all the same.</summary>
[Parallelizable]
public sealed class SharedArraysTests
{
    [Test]
    public void Equal_arrays_are_unpacked_once_and_any_changed_byte_is_found()
    {
        using var folder = new TemporaryFolder();
        var store = new ResultStore(folder.Path);
        var first = ExampleOutput.Of(Tiny.Spec(new NptOptions()), "Npt", 1);
        var second = ExampleOutput.Of(Tiny.Spec(new NptOptions()) with { Seed = 2 }, "Npt", 1);
        store.Save(first);
        store.Save(second);
        var shared = new SharedArrays();
        var one = Read(first.Result.Id);
        var other = Read(second.Result.Id);
        Assert.That((other.Same, other.Fold), Is.EqualTo((one.Same, one.Fold)));
        Assert.That(other.Same, Is.SameAs(one.Same));
        var path = Path.Combine(store.TrialFolder(second.Result.Id), "scores-random.npz");
        var bytes = File.ReadAllBytes(path);
        for (var at = 0; at < bytes.Length; at += 97)
        {
            byte[] changed = [.. bytes];
            changed[at] ^= 1;
            File.WriteAllBytes(path, changed);
            Assert.That(() => Read(second.Result.Id), Throws.TypeOf<InvalidDataException>().With.Message.Contains("checksum"));
        }

        PairScores Read(string id) => (PairScores)store.LoadScores(store.Load(id)!, "random", shared);
    }
}
