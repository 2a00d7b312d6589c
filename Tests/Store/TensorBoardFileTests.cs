using System.Text;
using Ablation.Experiments.Store;
using Ablation.Harness.Metrics;
using Ablation.Harness.Training.Checkpoints;

namespace Ablation.Tests.Store;

/// <summary>Event files, read by a reader written from the format's description.</summary>
public sealed class TensorBoardFileTests
{
    private static readonly DateTimeOffset Time = DateTimeOffset.UnixEpoch.AddSeconds(1767222245.5);
    private TemporaryFolder folder = null!;

    [SetUp]
    public void Make() => folder = new TemporaryFolder();

    [TearDown]
    public void Remove() => folder.Dispose();

    [Test]
    public void The_masked_checksum_follows_the_format()
    {
        // 0xE3069283 is the check value of CRC-32C; the mask is worked out by its definition
        Assert.That(TensorBoardFile.MaskedCrc("123456789"u8), Is.EqualTo(Masked(0xE3069283)));
        Assert.That(Crc("123456789"u8.ToArray()), Is.EqualTo(0xE3069283), "the reader's own");
        Assert.That(TensorBoardFile.MaskedCrc(new byte[32]), Is.EqualTo(Masked(0x8A9136AA)), "RFC 3720, B.4: 32 bytes of zeros");
    }

    [Test]
    public void A_file_reads_back_by_the_formats_description()
    {
        using (var board = TensorBoardFile.Begin(folder.Path, 0, Time))
        {
            board.AddPoint(new HistoryPoint(20, 0.5, 0.1, 12.25, 310), Time.AddSeconds(1));
            board.AddPoint(new HistoryPoint(300, 7.5, 0.01, double.NaN, 311), Time.AddSeconds(2));
            board.AddMetrics([new Metric("LFW", "accuracy", "10-fold, grid", 0.75, 0.01, 6000),
                new Metric("LFW", "TAR@FAR=1e-4", "conservative", null, null, 6000)], 500, Time.AddSeconds(3));
        }

        var file = Directory.GetFiles(folder.Path).Single();
        Assert.That(Path.GetFileName(file), Does.StartWith("events.out.tfevents.1767222245."), "the prefix that TensorBoard searches for");
        var events = Read(file);
        Assert.That(events[0], Is.EqualTo(new Event(1767222245.5, 0, "brain.Event:2", null, "")));
        Assert.That(events[1], Is.EqualTo(new Event(1767222245.5, 1, null, 1, "")));
        Assert.That(events[2],
            Is.EqualTo(new Event(1767222246.5, 20, null, null,
                "train/loss=12.25 train/learning_rate=0.1 train/images_per_second=310 train/epoch=0.5")));
        Assert.That(events[3],
            Is.EqualTo(new Event(1767222247.5, 300, null, null,
                "train/loss=NaN train/learning_rate=0.01 train/images_per_second=311 train/epoch=7.5")));
        Assert.That(events[4], Is.EqualTo(new Event(1767222248.5, 500, null, null, "LFW/accuracy (10-fold, grid)=0.75")),
            "n/a is not written");
        Assert.That(events, Has.Count.EqualTo(5));
    }

    [Test]
    public void A_resumed_attempt_writes_a_new_file_that_is_read_after_the_first()
    {
        for (var attempt = 0; attempt < 12; attempt++)
        {
            using var board = TensorBoardFile.Begin(folder.Path, 100 * attempt, Time); // within one second
            board.AddPoint(new HistoryPoint(100 * attempt + 20, 1, 1, 1, 1), Time);
        }

        var files = Directory.GetFiles(folder.Path).Order(StringComparer.Ordinal).ToList();
        Assert.That(files.Select(file => Read(file)[2].Step), Is.EqualTo(Enumerable.Range(0, 12).Select(attempt => 100L * attempt + 20)));
        Assert.That(files.Select(file => Read(file)[1]),
            Is.EqualTo(Enumerable.Range(0, 12).Select(attempt => new Event(1767222245.5, 100 * attempt + 1, null, 1, ""))),
            "TensorBoard drops later steps of earlier files");
    }

    [Test]
    public void The_file_can_be_read_while_it_is_open()
    {
        using var board = TensorBoardFile.Begin(folder.Path, 0, Time);
        board.AddPoint(new HistoryPoint(20, 0.5, 0.1, 1, 1), Time);
        Assert.That(Read(Directory.GetFiles(folder.Path).Single()), Has.Count.EqualTo(3));
    }

    private sealed record Event(double WallTime, long Step, string? Version, ulong? Session, string Scalars);

    private static List<Event> Read(string path)
    {
        using var stream = new FileStream(path, FileMode.Open, FileAccess.Read, FileShare.ReadWrite);
        using var reader = new BinaryReader(stream);
        var events = new List<Event>();
        while (stream.Position < stream.Length)
        {
            var head = reader.ReadBytes(8);
            Assert.That(reader.ReadUInt32(), Is.EqualTo(Masked(Crc(head))), "checksum of the length");
            var message = reader.ReadBytes((int)BitConverter.ToUInt64(head));
            Assert.That(reader.ReadUInt32(), Is.EqualTo(Masked(Crc(message))), "checksum of the message");
            events.Add(Parse(message));
        }

        return events;
    }

    private static Event Parse(byte[] message)
    {
        var fields = Fields(message);
        var scalars = fields.Where(field => field.Number == 5).SelectMany(summary => Fields(summary.Bytes))
            .Select(value => Fields(value.Bytes))
            .Select(value =>
            {
                var (tag, number) = (value.Single(field => field.Number == 1).Bytes, value.Single(field => field.Number == 2).Bytes);
                return $"{Encoding.UTF8.GetString(tag)}={BitConverter.ToSingle(number)}";
            });
        return new Event(BitConverter.ToDouble(fields.Single(field => field.Number == 1).Bytes),
            (long)fields.SingleOrDefault(field => field.Number == 2).Value,
            fields.Where(field => field.Number == 3).Select(field => Encoding.UTF8.GetString(field.Bytes)).SingleOrDefault(),
            fields.Where(field => field.Number == 7).Select(field => (ulong?)Fields(field.Bytes).Single().Value)
                .SingleOrDefault(), string.Join(' ', scalars));
    }

    private static List<(int Number, ulong Value, byte[] Bytes)> Fields(byte[] message)
    {
        var (fields, at) = (new List<(int, ulong, byte[])>(), 0);
        while (at < message.Length)
        {
            var key = Varint();
            var (value, length) = (key & 7) switch
            {
                0 =>
                (Varint(), 0),
                1 =>
                (0UL, 8),
                2 => (0UL, (int)Varint()),
                5 => (0UL, 4),
                var other => throw new InvalidDataException($"wire type {other}")
            };
            fields.Add(((int)(key >> 3), value, message[at..(at + length)]));
            at += length;
        }

        return fields;

        ulong Varint()
        {
            var value = 0UL;
            for (var shift = 0; ; shift += 7)
            {
                value |= (message[at] & 0x7FUL) << shift;
                if (message[at++] < 0x80) return value;
            }
        }
    }

    /// <summary>Bit by bit, by the reversed polynomial.</summary>
    private static uint Crc(byte[] bytes)
    {
        var crc = uint.MaxValue;
        foreach (var value in bytes)
        {
            crc ^= value;
            for (var bit = 0; bit < 8; bit++) crc = (crc & 1) == 1 ? crc >> 1 ^ 0x82F63B78 : crc >> 1;
        }

        return ~crc;
    }

    private static uint Masked(uint crc) => unchecked(((crc >> 15) | (crc << 17)) + 0xA282EAD8);
}
