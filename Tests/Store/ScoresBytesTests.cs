using System.Globalization;
using Ablation.Experiments.Store;
using Ablation.Harness.Evaluation;

namespace Ablation.Tests.Store;

/// <summary>The quick reader of scores gives what parsing gives, and leaves what looks otherwise to the strict one.</summary>
public sealed class ScoresBytesTests
{
    private const string Header = "fold,same,squared_distance\n";
    private TemporaryFolder folder = null!;

    [SetUp]
    public void Make() => folder = new TemporaryFolder();

    [TearDown]
    public void Remove() => folder.Dispose();

    [Test]
    public void Every_float_reads_back_bit_for_bit()
    {
        var random = new Random(3);
        float[] distances =
        [
            0, 4, 1, 0.1f, 1e-7f, 1e-30f, float.Epsilon, BitConverter.Int32BitsToSingle(0x3f7fffff), 0.99999994f, 3.9999998f,
            .. Enumerable.Range(0, 20000).Select(_ => (float)(4 * random.NextDouble())), .. Enumerable.Range(0, 20000).Select(_ => BitConverter.Int32BitsToSingle(random.Next(0x40800000))),
        ];
        var scores = new PairScores("test", distances, [.. distances.Select((_, i) => i % 3 == 0)], [.. distances.Select((_, i) => i % 12)], 12);
        File.WriteAllText(folder.File("scores.csv"), ScoresCsv.Write(scores));
        var again = ScoresCsv.Read(folder.File("scores.csv"), "test");
        Assert.That(again.SquaredDistance.Select(BitConverter.SingleToInt32Bits), Is.EqualTo(distances.Select(BitConverter.SingleToInt32Bits)));
        Assert.That((again.Test, again.Folds), Is.EqualTo(("test", 12)));
        Assert.That(again.Same, Is.EqualTo(scores.Same));
        Assert.That(again.Fold, Is.EqualTo(scores.Fold));
    }

    [TestCase("0.123456789012345")]
    [TestCase("0.1234567890123456789")]
    [TestCase("1.5E-05")]
    [TestCase("+2")]
    [TestCase(".5")]
    [TestCase("3.")]
    public void Other_ways_to_write_a_number_mean_the_same(string cell)
    {
        File.WriteAllText(folder.File("scores.csv"), $"{Header}3,1,{cell}\n");
        Assert.That(ScoresCsv.Read(folder.File("scores.csv"), "test").SquaredDistance.Single(), Is.EqualTo((float)double.Parse(cell, CultureInfo.InvariantCulture)));
    }

    [TestCase("")]
    [TestCase("0,1,0.5\n1,0,1.5")]
    [TestCase("0,1,0.5\r\n1,0,1.5\r\n")]
    public void Line_ends_are_as_the_strict_reader_takes_them(string rows)
    {
        File.WriteAllText(folder.File("scores.csv"), Header + rows);
        var scores = ScoresCsv.Read(folder.File("scores.csv"), "test");
        Assert.That((scores.SquaredDistance, scores.Folds), rows.Length == 0 ? Is.EqualTo((Array.Empty<float>(), 0)) : Is.EqualTo((new[] { 0.5f, 1.5f }, 2)));
    }

    [TestCase("0,2,0.5\n", 2)]
    [TestCase("0,1,0.5\n0,1\n", 3)]
    [TestCase("0,1,0.5\n,1,0.5\n", 3)]
    [TestCase("0,1,0.5,\n", 2)]
    [TestCase("0,1,\n", 2)]
    [TestCase("0,1,.\n", 2)]
    [TestCase("0,1,0.5\n\n0,1,0.5\n", 3)]
    [TestCase("99999999999,1,0.5\n", 2)]
    [TestCase("0,1,0.5.5\n", 2)]
    public void Damage_is_told_by_its_line(string rows, int line)
    {
        File.WriteAllText(folder.File("scores.csv"), Header + rows);
        Assert.That(() => ScoresCsv.Read(folder.File("scores.csv"), "test"), Throws.TypeOf<InvalidDataException>().With.Message.Contains($"scores.csv({line})"));
    }
}
