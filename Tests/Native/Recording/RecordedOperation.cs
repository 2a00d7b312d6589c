using TorchSharp;
using static TorchSharp.torch;

namespace Ablation.Tests.Native.Recording;

/// <summary>A tensor that an operation took or returned.</summary>
/// <param name="Values">How many it has.</param>
/// <param name="IsNumber">Whether it has no dimension: a number of the program's becomes such a tensor on the CPU on its way.</param>
internal readonly record struct RecordedTensor(DeviceType Device, ScalarType Type, long Values, bool IsNumber);

/// <summary>An operation of libtorch that ran.</summary>
/// <param name="Name">As libtorch writes it: aten::mul_.</param>
/// <param name="Inner">The operations that it called.</param>
internal sealed record RecordedOperation(string Name, IReadOnlyList<RecordedTensor> Taken, IReadOnlyList<RecordedTensor> Returned,
    IReadOnlyList<RecordedOperation> Inner)
{
    public IEnumerable<RecordedTensor> Tensors => Taken.Concat(Returned);

    /// <summary>This operation after all that it called.</summary>
    public IEnumerable<RecordedOperation> All => Inner.SelectMany(one => one.All).Append(this);

    public override string ToString() => $"{Name}({string.Join(", ", Taken.Select(Text))}) -> {string.Join(", ", Returned.Select(Text))}";

    private static string Text(RecordedTensor one) => $"{one.Device} {one.Type} [{(one.IsNumber ? "" : one.Values)}]";
}
