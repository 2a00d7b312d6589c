using System.Text;
using Ablation.Harness.Foundations;
using Ablation.Harness.Protocols.Ijb;

namespace Ablation.Tests.Protocols.Ijb;

/// <summary>Damaged files give an error that starts with file(line), never other content or a crash.</summary>
[Parallelizable]
public sealed class IjbDamageTests
{
    private const string Media = "ijbc_face_tid_mid.txt", Points = "ijbc_name_5pts_score.txt", Pairs = "ijbc_template_pair_label.txt",
        Probes = "ijbc_1N_probe_mixed.csv", Gallery = "ijbc_1N_gallery_G1.csv";

    [TestCase(Media, "4.jpg 12 5\n", "4.jpg 12\n", 4, "column 3 of 2 is missing")]
    [TestCase(Media, "4.jpg 12 5\n", "4.jpg 12 5 9\n", 4, "4 columns where 3 are expected")]
    [TestCase(Media, "4.jpg 12 5\n", "\n", 4, "the line is empty")]
    [TestCase(Media, "4.jpg 12 5\n", "4.jpg 12 -5\n", 4, "\"-5\" is not a whole number")]
    [TestCase(Media, "4.jpg 12 5\n", "4.jpg 12 2147483648\n", 4, "\"2147483648\" is not a whole number")]
    [TestCase(Media, "4.jpg 12 5\n", "4.jpg 1.5 5\n", 4, "\"1.5\" is not a whole number")]
    [TestCase(Media, "4.jpg 12 5\n", "12 4.jpg 5\n", 4, "\"4.jpg\" is not a whole number")]
    [TestCase(Media, "4.jpg 12 5\n", "../4.jpg 12 5\n", 4, "not an image's name")]
    [TestCase(Media, "4.jpg 12 5\n", "/etc/4.jpg 12 5\n", 4, "not an image's name")]
    [TestCase(Media, "4.jpg 12 5\n", "3.jpg 12 5\n", 4, "3.jpg is already in line 3")]
    [TestCase(Media, "4.jpg 12 5\n", "400.jpg 12 5\n", 4, "does not name 4.jpg", Points)]
    [TestCase(Media, "14.jpg 99 70\n", "14.jpg 99 70", 14, "the last line has no line end")]
    [TestCase(Media, "14.jpg 99 70\n", "14.jpg 99 70\n\n", 15, "the line is empty")]
    [TestCase(Media, "7.jpg 7 5\n", "7.jpg 8 5\n", 4, "template 7 has no image in ijbc_face_tid_mid.txt", Pairs)]
    [TestCase(Points, "3.jpg 14.265", "3.jpg 14.265 1", 3, "13 columns where 12 are expected")]
    [TestCase(Points, "3.jpg 14.265", "3.jpg", 3, "11 columns where 12 are expected")]
    [TestCase(Points, "3.jpg 14.265", "3.jpg NaN", 3, "NaN is outside -100000 .. 100000")]
    [TestCase(Points, "3.jpg 14.265", "3.jpg 1e9", 3, "1e9 is outside")]
    [TestCase(Points, "3.jpg 14.265", "3.jpg 14,265", 3, "\"14,265\" is not a number")]
    [TestCase(Points, "3.jpg 14.265", "2.jpg 14.265", 3, "2.jpg is already in line 2")]
    [TestCase(Points, "0.640\n", "1.640\n", 3, "1.640 is outside 0 .. 1")]
    [TestCase(Points, "0.640\n", "-0.640\n", 3, "-0.640 is outside 0 .. 1")]
    [TestCase(Points, "3.jpg 14.265", "3.png 14.265", 3, "does not name 3.png")]
    [TestCase(Pairs, "5 12 1\n", "5 12 2\n", 3, "label 2")]
    [TestCase(Pairs, "5 12 1\n", "5 13 1\n", 3, "template 13 has no image in ijbc_face_tid_mid.txt")]
    [TestCase(Pairs, "5 12 1\n", "5 12\n", 3, "column 3 of 2 is missing")]
    [TestCase(Pairs, "99 12 0\n", "99 12 0 \n99 1", 10, "the last line has no line end")]
    [TestCase(Probes, "5,200,c\n", "5,201,c\n", 4, "template 5 shows subject 201, but 200 in line 3")]
    [TestCase(Probes, "5,200,c\n", "5,200\n", 4, "2 columns, but the header has 3")]
    [TestCase(Probes, "5,200,c\n", "5,,c\n", 4, "column 2 of 3 is missing")]
    [TestCase(Probes, "5,200,c\n", "6,200,c\n", 4, "template 6 has no image")]
    [TestCase(Gallery, "TEMPLATE_ID,SUBJECT_ID,FILENAME\n", "", 1, "the first line is no header")]
    [TestCase(Gallery, "TEMPLATE_ID,SUBJECT_ID,FILENAME\n", "TEMPLATE_ID\n", 1, "a header of one column")]
    public void A_bad_line_is_refused_with_its_number(string name, string good, string bad, int line, string what, string? where = null)
    {
        using var folder = new TinyIjb();
        var text = TinyIjb.Files()[name];
        Assert.That(text, Does.Contain(good));
        var at = text.IndexOf("\n" + good, StringComparison.Ordinal) is >= 0 and var found
            ? found + 1 : text.IndexOf(good, StringComparison.Ordinal);
        folder.Write(name, text[..at] + bad + text[(at + good.Length)..]);
        var problem = Assert.Throws<DataProblem>(() => folder.Open(identification: true))!;
        Assert.That(problem.Where, Is.EqualTo(Path.Combine(folder.Meta, $"{where ?? name}({line})")));
        Assert.That(problem.Message, Does.Contain(what));
    }

    [TestCase(Points, "0.640\n", "1\n")]
    [TestCase(Points, "0.640\n", "0\n")]
    [TestCase(Points, "3.jpg 14.265", "3.jpg -100000")]
    [TestCase(Points, "3.jpg 14.265", "3.jpg\t+1.4265E+1")]
    [TestCase(Media, "4.jpg 12 5\n", "  4.jpg  12\t5  \n")]
    [TestCase(Media, "14.jpg 99 70\n", "14.jpg 99 2147483647\n")]
    public void An_unusual_but_valid_line_is_read(string name, string good, string edge)
    {
        using var folder = new TinyIjb();
        folder.Write(name, TinyIjb.Files()[name].Replace(good, edge));
        using var test = folder.Open();
        Assert.That(test.ImageCount, Is.EqualTo(14));
    }

    [Test]
    public void An_image_without_landmarks_is_an_error_at_the_line_of_its_template([Values(1, 6, 14)] int image)
    {
        using var folder = new TinyIjb();
        folder.Write(Points,
            string.Concat(TinyIjb.Files()[Points].Split('\n')
                .Where(line => line.Length > 0 && !line.StartsWith($"{image}.jpg", StringComparison.Ordinal)).Select(line => line + "\n")));
        Assert.That(() => folder.Open(),
            Throws.TypeOf<DataProblem>(
                ).With.Message.Match($@"ijbc_face_tid_mid.txt\({image}\): .*ijbc_name_5pts_score.txt has no landmarks of {image}.jpg"));
    }

    [Test]
    public void The_published_number_of_images_requires_the_published_number_of_pairs()
    {
        using var folder = new TinyIjb();
        var pairs = Path.Combine(folder.Meta, Pairs);
        Assert.That(() => IjbPairs.Read(pairs, [3, 5, 7, 12, 40, 41, 99], Media, 10),
            Throws.TypeOf<DataProblem>().With.Message.StartsWith($"{pairs}(9): 9 pairs, but the published list has 10"));
        Assert.That(IjbPairs.Read(pairs, [3, 5, 7, 12, 40, 41, 99], Media, 9).Same, Has.Length.EqualTo(9));
    }

    [Test]
    public void A_missing_or_empty_file_is_refused([Values(Media, Points, Pairs, Probes, Gallery)] string name)
    {
        using var folder = new TinyIjb();
        folder.Write(name, "");
        Assert.That(() => folder.Open(identification: true),
            Throws.TypeOf<DataProblem>().With.Message.StartsWith(Path.Combine(folder.Meta, $"{name}(1): the file is empty")));
        if (name == Media) return; // without it the folder is not recognised
        File.Delete(Path.Combine(folder.Meta, name));
        Assert.That(() => folder.Open(identification: true),
            Throws.TypeOf<DataProblem>().With.Message.StartsWith(Path.Combine(folder.Meta, $"{name}: no such file")));
    }

    /// <summary>
    /// Random damage. Damage that no reader can detect is left out: another digit, a file truncated at a line end, or
    /// the two templates of a pair swapped.
    /// </summary>
    [Test]
    public void Random_damage_is_an_error_with_its_line_or_the_same_content([Range(0, 79)] int seed)
    {
        using var folder = new TinyIjb();
        using var whole = folder.Open(identification: true);
        var content = Content.Of(whole);
        var random = new Random(seed);
        var (name, text) = TinyIjb.Files().OrderBy(file => file.Key, StringComparer.Ordinal).ElementAt(random.Next(6));
        var (kind, bytes) = Damage(text, name.EndsWith(".csv", StringComparison.Ordinal) ? ',' : ' ', random);
        folder.Write(name, bytes);
        try
        {
            using var test = folder.Open(identification: true);
            Assert.That(Content.Of(test), Is.EqualTo(content), $"{kind} of {name}");
        }
        catch (DataProblem problem)
        {
            Assert.That(problem.Message, Does.Match(@"ijbc_\w+\.(txt|csv)\(\d+\): "), $"{kind} of {name}");
        }
    }

    private static (string Kind, byte[] Bytes) Damage(string text, char separator, Random random)
    {
        var lines = text.Split('\n')[..^1].ToList();
        var line = random.Next(separator == ',' ? 1 : 0, lines.Count);
        var fields = lines[line].Split(separator);
        var kind = random.Next(11);
        switch (kind)
        {
            case 0:
                return ("cut off",
                Encoding.UTF8.GetBytes(text[..Math.Max(1, text.LastIndexOf('\n', random.Next(text.Length / 2, text.Length)) - 1)]));
            case 1: return ("Windows", Encoding.UTF8.GetBytes("\uFEFF" + text.Replace("\n", "\r\n")));
            case 2: lines[line] = string.Join(separator, fields.Append("7")); break;
            case 3: lines[line] = string.Join(separator, fields[..^1]); break;
            case 4: (fields[0], fields[^1]) = (fields[^1], fields[0] + "x"); lines[line] = string.Join(separator, fields); break;
            case 5: lines.Insert(line + 1, new string('9', random.Next(1, 5000))); break;
            case 6: lines[line] = ""; break;
            case 7: fields[random.Next(2)] = "99999999999999999999"; lines[line] = string.Join(separator, fields); break;
            case 8:
                var bytes = Encoding.UTF8.GetBytes(text);
                bytes[text.IndexOf(lines[line], StringComparison.Ordinal)] = (byte)random.Next(128, 256);
                return ("a byte above 127", bytes);
            case 9: fields[1] = "NaN"; lines[line] = string.Join(separator, fields); break;
            default: lines[line] = " \t" + lines[line] + "\0"; break;
        }

        return ($"damage {kind} in line {line + 1}", Encoding.UTF8.GetBytes(string.Concat(lines.Select(one => one + "\n"))));
    }
}
