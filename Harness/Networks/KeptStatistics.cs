using static TorchSharp.torch;

namespace Ablation.Harness.Networks;

/// <summary>Saves the running statistics of a part of a network, and restores them when disposed.</summary>
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
