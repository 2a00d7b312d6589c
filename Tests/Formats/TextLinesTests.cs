using System.Text;
using Ablation.Harness.Formats;
using Ablation.Harness.Foundations;

namespace Ablation.Tests.Formats;

/// <summary>Lines that cross the ends of blocks are read once, with their numbers.</summary>
[Parallelizable]
public sealed class TextLinesTests
{
    /// <summary>
    /// Long enough for several blocks of 2^20 bytes; line ends occur at every place near a block's end.
    /// </summary>
    private static string Long(int shift, int lines = 400_000) =>
        new string('5', shift) + " " + string.Concat(Enumerable.Range(0, lines).Select(i => $"{i} {i % 7}\n"));

    [Test]
    public void Each_line_of_a_long_file_is_parsed_once_with_its_number([Range(1, 12)] int shift)
    {
        using var folder = new TemporaryFolder();
        File.WriteAllText(folder.File("a.txt"), Long(shift));
        using var lines = new TextLines(folder.File("a.txt"), int.MaxValue);
        Assert.That(lines.Lines, Is.EqualTo(400_000));
        var times = new int[lines.Lines];
        lines.Parse((int index, ref LineFields fields) =>
        {
            if (index == 0) fields.Next("");
            if (fields.Whole("") == index && fields.Whole("") == index % 7) Interlocked.Increment(ref times[index]);
            fields.End("");
        });
        Assert.That(times, Is.All.EqualTo(1));
    }

    [Test]
    public void Of_several_bad_lines_the_first_is_reported()
    {
        using var folder = new TemporaryFolder();
        var bad = Long(1).Replace("\n390000 ", "\nx ").Replace("\n7777 ", "\ny ").Replace("\n200000 ", "\nz ");
        File.WriteAllText(folder.File("a.txt"), bad);
        using var lines = new TextLines(folder.File("a.txt"), int.MaxValue);
        var problem = Assert.Throws<DataProblem>(() => lines.Parse((int index, ref LineFields fields) =>
        {
            if (index > 0) fields.Whole("number");
        }))!;
        Assert.That(problem.Message,
            Is.EqualTo($"{folder.File("a.txt")}(7778): \"y\" is not a whole number from 0 to 2147483647; a line holds number"));
    }

    [Test]
    public void A_line_without_an_end_and_too_many_lines_are_refused()
    {
        using var folder = new TemporaryFolder();
        File.WriteAllText(folder.File("a.txt"), "1\n" + new string('1', 3 << 20) + "\n");
        using (var lines = new TextLines(folder.File("a.txt"), 10))
        {
            Assert.That(() => lines.Parse((int _, ref LineFields _) => { }),
                Throws.TypeOf<DataProblem>().With.Message.Contains("a.txt(2): no line end within 4096 bytes"));
        }

        File.WriteAllText(folder.File("a.txt"), "1\n2\n3\n");
        Assert.That(() => new TextLines(folder.File("a.txt"), 2), Throws.TypeOf<DataProblem>().With.Message.Contains("more than 2 lines"));
    }

    [Test]
    [Platform(Exclude = "Win", Reason = "sparse files need disk space there")]
    public void A_file_of_absurd_size_is_refused_at_once()
    {
        using var folder = new TemporaryFolder();
        using (var file = File.Create(folder.File("a.txt"))) file.SetLength(1L << 40);
        Assert.That(() => new TextLines(folder.File("a.txt"), 100),
            Throws.TypeOf<DataProblem>().With.Message.Contains("1099511627776 bytes"));
    }

    [Test]
    public void UTF16_text_is_refused()
    {
        using var folder = new TemporaryFolder();
        File.WriteAllBytes(folder.File("a.txt"), [.. Encoding.Unicode.GetPreamble(), .. Encoding.Unicode.GetBytes("1 2\n3 4\n")]);
        Assert.That(() =>
        {
            using var lines = new TextLines(folder.File("a.txt"), 10);
            lines.Parse((int _, ref LineFields fields) => fields.Whole("number"));
        }, Throws.TypeOf<DataProblem>().With.Message.Contains("a.txt("));
    }
}
