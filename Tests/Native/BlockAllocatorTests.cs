using Ablation.Harness.Native;
using static TorchSharp.torch;

namespace Ablation.Tests.Native;

/// <summary>libtorch's large tensors come from the pool, and everything that can go wrong on the way does not.</summary>
[NonParallelizable]
public sealed class BlockAllocatorTests
{
    [SetUp]
    public void NeedsLinux()
    {
        if (!OperatingSystem.IsLinux()) Assert.Ignore("the pool is for Linux");
    }

    [Test]
    public void Libtorch_takes_large_tensors_from_the_pool_and_small_ones_not()
    {
        if (System.Runtime.InteropServices.RuntimeInformation.ProcessArchitecture != System.Runtime.InteropServices.Architecture.X64) Assert.Ignore("x64 only");
        Assert.That(BlockAllocator.Absent, Is.Null);
        var before = BlockAllocator.Used;
        using (var small = zeros(1000))
        using (var large = zeros(1 << 20))
        {
            Assert.That(BlockAllocator.Used - before, Is.InRange(4L << 20, (4L << 20) * 9 / 8), "its size, or that of a block little larger");
            Assert.That(large.sum().item<float>() + small.sum().item<float>(), Is.Zero);
        }

        Assert.That(BlockAllocator.Used, Is.EqualTo(before));
    }

    [Test]
    public void A_tensor_of_the_same_size_takes_the_block_of_the_last_one()
    {
        if (BlockAllocator.Absent is { } why) Assert.Ignore(why);
        using (empty(3 << 20)) { }
        var held = BlockAllocator.Held;
        for (var i = 0; i < 50; i++)
        {
            using var scope = NewDisposeScope();
            var again = ones(3 << 20);
            Assert.That(again[(3 << 20) - 1].item<float>(), Is.EqualTo(1));
        }

        Assert.That(BlockAllocator.Held, Is.EqualTo(held));
    }

    [Test]
    public void An_absurd_size_is_an_exception_and_not_the_end_of_the_process() =>
        Assert.That(() => empty(1L << 50), Throws.InstanceOf<System.Runtime.InteropServices.ExternalException>().With.Message.Contains("memory"));

    [Test]
    public void A_tensor_can_be_freed_on_another_thread()
    {
        if (BlockAllocator.Absent is { } why) Assert.Ignore(why);
        var before = BlockAllocator.Used;
        var tensor = empty(1 << 20);
        var thread = new Thread(tensor.Dispose);
        thread.Start();
        thread.Join();
        Assert.That(BlockAllocator.Used, Is.EqualTo(before));
    }

    [Test]
    public void Many_threads_never_share_a_block()
    {
        var pool = new BlockPool();
        Parallel.For(0, 8, thread =>
        {
            var random = new Random(thread);
            for (var i = 0; i < 300; i++)
            {
                var bytes = random.Next(1, 40) * 100_000;
                var block = pool.Take(bytes);
                unsafe
                {
                    int* first = (int*)block, last = (int*)(block + bytes - 4);
                    (*first, *last) = (thread, thread);
                    Thread.Yield();
                    Assert.That((*first, *last), Is.EqualTo((thread, thread)));
                }

                Assert.That(pool.Return(block), Is.True);
            }
        });
        Assert.That(pool.Used, Is.Zero);
        Assert.That(pool.Return(12345), Is.False, "not one of its blocks");
        pool.Trim();
        Assert.That(pool.Held, Is.Zero);
    }

    [Test]
    public void A_block_serves_a_little_less_than_its_size_but_not_half_of_it()
    {
        var pool = new BlockPool();
        var block = pool.Take(64 << 20);
        pool.Return(block);
        Assert.That(pool.Take(60 << 20), Is.EqualTo(block));
        pool.Return(block);
        var half = pool.Take(32 << 20);
        Assert.That(half, Is.Not.EqualTo(block));
        pool.Return(half);
        pool.Trim();
    }

    [Test]
    public void What_the_system_does_not_have_is_no_block() => Assert.That(new BlockPool().Take(1L << 60), Is.EqualTo((nint)0));
}
