using System.Runtime.CompilerServices;
using System.Runtime.InteropServices;
using System.Runtime.Intrinsics;
using Ablation.Losses.Heads;
using static TorchSharp.torch;

namespace Ablation.Losses.Kernels.Fused;

/// <summary>Takes one step of SGD over proxies on the CPU: each value is read once and written once, whatever the rule.</summary>
internal sealed unsafe class SgdPass(Tensor proxies, Tensor? velocity, SgdRule rule, double rate)
{
    private readonly int classes = (int)proxies.shape[0], dimension = (int)proxies.shape[1];
    private readonly nint weights = (nint)ClassWalk.Pointer(proxies);
    private readonly nint momenta = velocity is null ? 0 : (nint)ClassWalk.Pointer(velocity);

    /// <summary>Steps with a dense gradient.</summary>
    /// <param name="gradient">C x D; null for a gradient of 0.</param>
    public void Dense(Tensor? gradient)
    {
        var values = gradient?.contiguous();
        var from = values is null ? null : ClassWalk.Pointer(values);
        Spread((first, end) =>
        {
            for (var index = first; index < end; index++) Move(index, from == null ? null : from + (long)index * dimension);
        });
        KeepAlive(values);
    }

    /// <summary>Steps with a gradient of some rows, which may occur more than once.</summary>
    /// <param name="lazy">Whether the other rows stand still.</param>
    public void Sparse(Tensor touched, Tensor values, bool lazy)
    {
        var (rows, terms) = (touched.contiguous(), values.contiguous());
        var indices = MemoryMarshal.Cast<byte, long>(rows.bytes).ToArray();
        GC.KeepAlive(rows);
        var order = Enumerable.Range(0, indices.Length).ToArray();
        Array.Sort([.. indices.Select((index, at) => (index, at))], order); // by row, and in the order of arrival within one
        var sorted = Array.ConvertAll(order, at => indices[at]);
        var from = ClassWalk.Pointer(terms);
        Spread((first, end) =>
        {
            var sum = new float[dimension];
            fixed (float* total = sum)
            {
                var at = Array.BinarySearch(sorted, first);
                if (at < 0) at = ~at;
                while (at > 0 && sorted[at - 1] == first) at--;
                for (var index = first; index < end; index++)
                {
                    if (at == sorted.Length || sorted[at] != index)
                    {
                        if (!lazy) Move(index, null);
                        else if (at == sorted.Length) break;
                        else index = (int)Math.Min(end, sorted[at]) - 1;
                        continue;
                    }

                    Array.Clear(sum);
                    for (; at < sorted.Length && sorted[at] == index; at++) Add(from + (long)order[at] * dimension, total);
                    Move(index, total);
                }
            }
        });
        KeepAlive(terms);
    }

    /// <summary>Keeps the tensors behind the pointers alive.</summary>
    private void KeepAlive(Tensor? gradient)
    {
        GC.KeepAlive(gradient);
        GC.KeepAlive(proxies);
        GC.KeepAlive(velocity);
    }

    private void Spread(Action<int, int> part)
    {
        var threads = Math.Max(1, Math.Min(get_num_threads(), classes / 256 + 1));
        if (threads == 1) part(0, classes);
        else Parallel.For(0, threads, new ParallelOptions { MaxDegreeOfParallelism = threads },
            i => part((int)((long)classes * i / threads), (int)((long)classes * (i + 1) / threads)));
    }

    [MethodImpl(MethodImplOptions.AggressiveOptimization)]
    private void Add(float* row, float* sum)
    {
        var k = 0;
        for (; k + 16 <= dimension; k += 16) (Vector512.Load(sum + k) + Vector512.Load(row + k)).Store(sum + k);
        for (; k < dimension; k++) sum[k] += row[k];
    }

    [MethodImpl(MethodImplOptions.AggressiveOptimization)]
    private void Move(int index, float* gradient)
    {
        var w = (float*)weights + (long)index * dimension;
        var v = momenta == 0 ? null : (float*)momenta + (long)index * dimension;
        var (momentum, decay, negative) = ((float)rule.Momentum, (float)rule.Decay, -(float)rate);
        var k = 0;
        for (; k + 16 <= dimension; k += 16)
        {
            var weight = Vector512.Load(w + k);
            var move = weight * Vector512.Create(decay);
            if (gradient != null) move += Vector512.Load(gradient + k);
            if (v != null)
            {
                var kept = Vector512.FusedMultiplyAdd(Vector512.Load(v + k), Vector512.Create(momentum), move);
                kept.Store(v + k);
                move = rule.Nesterov ? Vector512.FusedMultiplyAdd(kept, Vector512.Create(momentum), move) : kept;
            }

            Vector512.FusedMultiplyAdd(move, Vector512.Create(negative), weight).Store(w + k);
        }

        for (; k < dimension; k++)
        {
            var move = w[k] * decay + (gradient == null ? 0 : gradient[k]);
            if (v != null)
            {
                v[k] = v[k] * momentum + move;
                move = rule.Nesterov ? move + v[k] * momentum : v[k];
            }

            w[k] += move * negative;
        }
    }
}
