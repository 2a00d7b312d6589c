using Ablation.Harness.Formats;

namespace Ablation.Tests.Formats;

/// <summary>The wire format of Protocol Buffers, by the examples of its description.</summary>
public sealed class ProtobufMessageTests
{
    [Test]
    public void The_examples_of_the_description_are_written_so()
    {
        Assert.That(Hex(new ProtobufMessage().Add(1, 150)), Is.EqualTo("089601"));
        Assert.That(Hex(new ProtobufMessage().Add(2, "testing")), Is.EqualTo("120774657374696E67"));
        Assert.That(Hex(new ProtobufMessage().Add(3, new ProtobufMessage().Add(1, 150))), Is.EqualTo("1A03089601"));
        Assert.That(Hex(new ProtobufMessage().Add(1, -2)), Is.EqualTo("08FEFFFFFFFFFFFFFFFF01"), "ten bytes");
        Assert.That(Hex(new ProtobufMessage().Add(2, 1f)), Is.EqualTo("150000803F"));
        Assert.That(Hex(new ProtobufMessage().Add(20, 1)), Is.EqualTo("A00101"), "a key of two bytes");
        Assert.That(Hex(new ProtobufMessage().Add(1, "")), Is.EqualTo("0A00"));
        Assert.That(() => new ProtobufMessage().Add(16, 1f), Throws.InstanceOf<ArgumentOutOfRangeException>());
    }

    [Test]
    public void The_size_is_known_before_anything_is_written()
    {
        var inner = new ProtobufMessage().Add(1, 300).Add(9, 1000, put => put(new byte[1000]));
        var message = new ProtobufMessage().Add(7, inner).Add(2, "ö");
        Assert.That((message.Size, Hex(message).Length), Is.EqualTo((1013L, 2 * 1013)));
    }

    [Test]
    public void A_tensor_with_too_few_bytes_is_an_error() =>
        Assert.That(() => new WrittenTensor("w", WrittenKind.Float32, [2, 3], put => put(new byte[20])).WriteTo(_ => { }),
            Throws.InvalidOperationException.With.Message.Contains("w [2, 3]: 20 bytes"));

    private static string Hex(ProtobufMessage message)
    {
        using var bytes = new MemoryStream();
        message.WriteTo(bytes.Write);
        return Convert.ToHexString(bytes.ToArray());
    }
}
