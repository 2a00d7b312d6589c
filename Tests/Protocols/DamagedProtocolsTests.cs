using System.Text;
using Ablation.Harness.Faces;
using Ablation.Harness.Foundations;
using Ablation.Harness.Protocols;
using Ablation.Harness.Provenance;
using Ablation.Tests.Images;

namespace Ablation.Tests.Protocols;

/// <summary>
/// Files in the usual formats, damaged at random by a seed. Allowed are: an error that names the file, and the line if the file has
/// lines; the same test as before; or, for a list without its length, fewer of the same pairs. Never a crash, a hang, or
/// high memory use.
/// </summary>
public sealed class DamagedProtocolsTests
{
    private const long MostBytes = 1L << 28;
    private const int Kinds = 14, MinusOne = 12;
    private static readonly string[] Lists = ["lfw", "cfp", "list", "megaface"];

    [Test]
    public void Damage_is_reported_or_harmless([ValueSource(nameof(Lists))] string format, [Range(0, 49)] int seed)
    {
        using var folder = new TemporaryFolder();
        var (options, file, isCounted) = Make(folder, format);
        string before;
        HashSet<string> pairs;
        using (var test = options.Open(new DataRoot(folder.Path))) (before, pairs) = (DataFingerprint.Compute(test), Pairs(test));
        var random = new Random(seed);
        var kind = seed % Kinds;
        if (kind == MinusOne && format == "megaface") return; // a valid id
        var text = File.ReadAllText(folder.File(file));
        File.WriteAllBytes(folder.File(file), Damage(kind, text, random));
        var allocated = GC.GetAllocatedBytesForCurrentThread();
        try
        {
            using var test = options.Open(new DataRoot(folder.Path));
            var same = DataFingerprint.Compute(test) == before;
            Assert.That(same
                || (!isCounted && Pairs(test).IsSubsetOf(pairs)), $"kind {kind} passed unseen: {File.ReadAllText(folder.File(file))}");
        }
        catch (DataProblem problem)
        {
            Assert.That(problem.Message, Does.StartWith(folder.Path).And.Contain(Path.GetFileName(file)), $"kind {kind}");
            if (format != "megaface") Assert.That(problem.Where, Does.Match(@"\(\d+\)$").Or.EndsWith(file), $"kind {kind}");
            Assert.That(problem.Cure, Is.Not.Empty);
        }

        Assert.That(GC.GetAllocatedBytesForCurrentThread() - allocated, Is.LessThan(MostBytes));
    }

    [Test]
    public void Windows_line_ends_and_a_byte_order_mark_change_nothing([ValueSource(nameof(Lists))] string format)
    {
        using var folder = new TemporaryFolder();
        var (options, file, _) = Make(folder, format);
        string before;
        using (var test = options.Open(new DataRoot(folder.Path))) before = DataFingerprint.Compute(test);
        File.WriteAllText(folder.File(file), File.ReadAllText(folder.File(file))
            .ReplaceLineEndings("\r\n"), new UTF8Encoding(encoderShouldEmitUTF8Identifier: true));
        using var again = options.Open(new DataRoot(folder.Path));
        Assert.That(DataFingerprint.Compute(again), Is.EqualTo(before));
    }

    /// <summary>Returns the test, its file to damage, and whether the file states its length.</summary>
    private static (ProtocolOptions Options, string File, bool IsCounted) Make(TemporaryFolder folder, string format)
    {
        foreach (var (name, number) in new[] { ("Ann", 1), ("Ann", 2), ("Bob", 1), ("Bob", 2), ("Cid", 1), ("Cid", 2) })
        {
            Put($"Images/{name}/{name}_000{number}.png", name[0] + number);
            Put($"cfp/Images/00{name[0] - 'A' + 1}/frontal/0{number}.png", name[0] * 10 + number);
        }

        switch (format)
        {
            case "lfw":
                File.WriteAllText(folder.File("pairs.txt"),
                    "2\t2\nAnn\t1\t2\nBob\t1\t2\nAnn\t1\tBob\t1\nBob\t1\tCid\t2\nCid\t1\t2\nAnn\t2\t1\nCid\t1\tAnn\t2\nBob\t2\tCid\t1\n");
                return (new LfwPairsOptions { Images = "Images", Pairs = "pairs.txt", Extension = ".png" }, "pairs.txt", true);
            case "cfp":
                Directory.CreateDirectory(folder.File("cfp/Protocol/Split/FF/01"));
                File.WriteAllText(folder.File("cfp/Protocol/Pair_list_F.txt"),
                    string.Concat(Enumerable.Range(0, 6).Select(i => $"{i + 1} ../Data/Images/00{1 + i / 2}/frontal/0{1 + i % 2}.png\n")));
                File.WriteAllText(folder.File("cfp/Protocol/Split/FF/01/same.txt"), "1,2\n3,4\n5,6\n");
                File.WriteAllText(folder.File("cfp/Protocol/Split/FF/01/diff.txt"), "1,3\n2,5\n4,6\n");
                return (new CfpOptions { Root = "cfp", Protocol = CfpProtocol.FF },
                    Path.Combine("cfp", "Protocol", "Split", "FF", "01", "diff.txt"), false);
            case "list":
                File.WriteAllText(folder.File("list.txt"),
                    "Ann/Ann_0001.png\tAnn/Ann_0002.png\t1\t1\nAnn/Ann_0001.png\tBob/Bob_0001.png\t0\t1\n" +
                    "Bob/Bob_0001.png\tBob/Bob_0002.png\t1\t2\nCid/Cid_0001.png\tBob/Bob_0002.png\t0\t2\n");
                return (new PairListOptions { Path = "list.txt", Root = "Images" }, "list.txt", false);
            default:
                File.WriteAllText(folder.File("probes.json"),
                    "{\"id\": [\"A\", \"A\", \"B\", \"B\"],\n\"path\": [\"Ann/Ann_0001.png\", " +
                    "\"Ann/Ann_0002.png\",\n\"Bob/Bob_0001.png\", \"Bob/Bob_0002.png\"]}\n");
                File.WriteAllText(folder.File("others.json"), "{\"path\": [\"Cid/Cid_0001.png\", \"Cid/Cid_0002.png\"]}\n");
                return (new MegaFaceOptions
                {
                    ProbeList = "probes.json",
                    Probes = "Images",
                    DistractorList = "others.json",
                    Distractors = "Images"
                }, "probes.json", true);
        }

        void Put(string path, int seed)
        {
            Directory.CreateDirectory(Path.GetDirectoryName(folder.File(path))!);
            File.WriteAllBytes(folder.File(path), Pictures.Png(Pictures.Of(seed)));
        }
    }

    /// <summary>Returns both images by name, in sorted order, and the truth.</summary>
    private static HashSet<string> Pairs(FaceTest test) => test is not PairProtocol protocol ? []
        : [.. protocol.Pairs.Select(pair =>
        {
            string[] images = [protocol.ImageName(pair.First), protocol.ImageName(pair.Second)];
            return $"{string.Join(' ', images.Order(StringComparer.Ordinal))} {pair.Same}";
        })];

    private static byte[] Damage(int kind, string text, Random random)
    {
        var lines = text.Split('\n')[..^1].ToList();
        var line = random.Next(lines.Count);
        var separator = text.Contains('\t', StringComparison.Ordinal) ? '\t' : ',';
        var fields = lines[line].Split(separator);
        switch (kind)
        {
            case 0: return Encoding.UTF8.GetBytes(text[..random.Next(text.Length)]);
            case 1: lines.RemoveAt(line); break;
            case 2: Array.Reverse(fields); lines[line] = string.Join(separator, fields); break;
            case 3: lines[line] = string.Join(separator, fields.Append("7")); break;
            case 4: lines[line] = string.Join(separator, fields[..^1]); break;
            case 5: fields[random.Next(fields.Length)] = "99999999999999999999"; lines[line] = string.Join(separator, fields); break;
            case 6: fields[random.Next(fields.Length)] = "NaN"; lines[line] = string.Join(separator, fields); break;
            case 7: fields[random.Next(fields.Length)] = "Größe☃"; lines[line] = string.Join(separator, fields); break;
            case 8: lines[line] = new string('x', 2_000_000); break;
            case 9: lines[line] = "\0" + lines[line]; break;
            case 10: lines[line] += lines[(line + 1) % lines.Count]; break;
            case 11: return [];
            case MinusOne: fields[random.Next(fields.Length)] = "-1"; lines[line] = string.Join(separator, fields); break;
            default:
                var bytes = Encoding.UTF8.GetBytes(text);
                bytes[random.Next(bytes.Length)] = (byte)random.Next(128, 256);
                return bytes;
        }

        return Encoding.UTF8.GetBytes(string.Concat(lines.Select(one => one + "\n")));
    }
}
