using Ablation.Experiments.Scheduling.Slurm;

namespace Ablation.Tests.Scheduling.Slurm;

/// <summary>
/// Trials are distributed over arrays: each once, no index above the cluster's limit, and at most the given number at once.
/// </summary>
public sealed class ArrayChunkTests
{
    [TestCase(0, new int[0])]
    [TestCase(1, new[] { 1 })]
    [TestCase(1000, new[] { 1000 })]
    [TestCase(1001, new[] { 1001 }, TestName = "The limit is the number of members from 0")]
    [TestCase(1002, new[] { 501, 501 })]
    [TestCase(2003, new[] { 668, 668, 667 })]
    public void Arrays_are_as_few_as_possible_and_of_equal_length(int trials, int[] lengths) =>
        Assert.That(ArrayChunk.Split(trials, 1001, null),
            Is.EqualTo(lengths.Select((length, i) => new ArrayChunk(lengths.Take(i).Sum(), length, null))));

    [Test]
    public void The_limit_is_divided_and_the_first_arrays_get_the_remainder() =>
        Assert.That(ArrayChunk.Split(7, 3, 8),
            Is.EqualTo(new[] { new ArrayChunk(0, 3, 3), new ArrayChunk(3, 2, 3), new ArrayChunk(5, 2, 2) }));

    [Test]
    public void One_array_keeps_the_whole_limit() => Assert.That(ArrayChunk.Split(5, 5, 2), Is.EqualTo(new[] { new ArrayChunk(0, 5, 2) }));

    [Test]
    public void Arrays_beyond_the_limit_wait_for_each_other() =>
        Assert.That(ArrayChunk.Split(10, 2, 2), Is.EqualTo(new[]
        {
            new ArrayChunk(0, 2, 1), new ArrayChunk(2, 2, 1), new ArrayChunk(4, 2, 1, 0), new ArrayChunk(6, 2, 1, 1),
                new ArrayChunk(8, 2, 1, 2),
        }));

    [Test]
    public void For_any_numbers_each_trial_occurs_once_and_the_limits_hold()
    {
        for (var trials = 1; trials <= 40; trials++)
            for (var longest = 1; longest <= 9; longest++)
                for (var limit = 1; limit <= 12; limit++)
                {
                    var chunks = ArrayChunk.Split(trials, longest, limit);
                    Assert.That(chunks.SelectMany(chunk => Enumerable.Range(chunk.Start, chunk.Count)),
                        Is.EqualTo(Enumerable.Range(0, trials)));
                    Assert.That(chunks.All(chunk => chunk.Count >= 1 && chunk.Count <= longest && chunk.Throttle >= 1));
                    Assert.That(chunks.Where(chunk => chunk.After is null)
                        .Sum(chunk => chunk.Throttle), Is.EqualTo(limit), "arrays that run at once");
                    Assert.That(chunks.Where(chunk => chunk.After is not null)
                        .All(chunk => chunks[chunk.After!.Value].Throttle == chunk.Throttle));
                }
    }

    [Test]
    public void A_cluster_without_arrays_and_a_limit_of_0_are_refused()
    {
        Assert.That(() => ArrayChunk.Split(1, 0, null), Throws.ArgumentException.With.Message.Contains("MaxArraySize"));
        Assert.That(() => ArrayChunk.Split(1, 1, 0), Throws.ArgumentException.With.Message.Contains("--limit 0"));
    }
}
