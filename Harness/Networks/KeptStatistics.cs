using static TorchSharp.torch;

namespace Ablation.Harness.Networks;

/// <summary>The running statistics of a part of a network; put back when disposed, as if nothing had run in between.</summary>
internal sealed class KeptStatistics : IDisposable
{
    private readonly List<(Tensor Buffer, Tensor Kept)> buffers = [];

    public KeptStatistics(nn.Module part)
    {
        foreach (var (_, buffer) in part.named_buffers()) buffers.Add((buffer, buffer.clone().DetachFromDisposeScope()));
    }

    public void Dispose()
    {
        using var grad = no_grad();
        foreach (var (buffer, kept) in buffers)
        {
            buffer.copy_(kept);
            kept.Dispose();
        }
    }
}
