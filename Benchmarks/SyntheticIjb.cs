using System.Buffers.Text;
using System.Text;
using Ablation.Harness.Foundations;
using Ablation.Harness.Images;

namespace Ablation.Benchmarks;

/// <summary>The size of a synthetic IJB-C.</summary>
/// <param name="Genuine">Number of genuine pairs among the <paramref name="Pairs"/>; at most one per probe template.</param>
/// <param name="Enrolled">Templates on the left of pairs, each of another person; the others are probes.</param>
public sealed record IjbSize(int Images, int Templates, int Pairs, int Genuine, int Enrolled)
{
    /// <summary>IJB-C itself, 1:1.</summary>
    public static readonly IjbSize C = new(469_375, 23_124, 15_658_489, 19_557, 3_531);

    /// <summary>Returns a smaller size of the same shape: the number of pairs falls with the square of the share.</summary>
    public IjbSize Times(double share) =>
        new((int)(Images * share), (int)(Templates * share), (int)(Pairs * share * share), (int)(Genuine * share * share),
            Math.Max(2, (int)(Enrolled * share)));
}

/// <summary>
/// Writes text files in the format of IJB-C from a seed, since the real ones may not be redistributed. There are no pictures; embeddings
/// come from <see cref="SyntheticTemplates"/>.
/// </summary>
public static class SyntheticIjb
{
    /// <summary>Fills <c>meta/</c> and creates an empty <c>loose_crop/</c>.</summary>
    /// <exception cref="ArgumentException">More genuine pairs than probes, or fewer images than templates.</exception>
    /// <exception cref="IOException">The folder cannot be written.</exception>
    public static void Write(string folder, IjbSize size, int seed)
    {
        var probes = size.Templates - size.Enrolled;
        if (size.Genuine > probes || size.Images < size.Templates || size.Genuine > size.Pairs || size.Enrolled < 2)
            throw new ArgumentException($"{size} cannot be made");
        var meta = Directory.CreateDirectory(Path.Combine(folder, "meta")).FullName;
        Directory.CreateDirectory(Path.Combine(folder, "loose_crop"));
        WriteImages(meta, size, seed);
        WritePairs(Path.Combine(meta, "ijbc_template_pair_label.txt"), size, new RandomStream(seed, StreamPurpose.SyntheticPairs, 2));
        WriteSubjects(Path.Combine(meta, "ijbc_1N_gallery_G1.csv"), Enumerable.Range(0, size.Enrolled / 2), size);
        WriteSubjects(Path.Combine(meta, "ijbc_1N_gallery_G2.csv"), Enumerable.Range(size.Enrolled / 2, size.Enrolled - size.Enrolled / 2),
            size);
        WriteSubjects(Path.Combine(meta, "ijbc_1N_probe_mixed.csv"), Enumerable.Range(size.Enrolled, probes), size);
    }

    /// <summary>
    /// Returns the person of a template (from 0; enrolled ones first). Probes without a genuine pair are of people who are not enrolled.
    /// </summary>
    public static int SubjectOf(int template, IjbSize size)
    {
        var probe = template - size.Enrolled;
        return probe < 0 ? template : probe < size.Genuine ? probe % size.Enrolled : template;
    }

    /// <summary>Returns the number of images per template, at least one; few have many.</summary>
    public static int[] ImagesOf(IjbSize size, int seed)
    {
        var random = new RandomStream(seed, StreamPurpose.SyntheticPairs, 3);
        var images = new int[size.Templates];
        Array.Fill(images, 1);
        for (var left = size.Images - size.Templates; left > 0; left--)
            images[(int)(random.NextUnit() * random.NextUnit() * size.Templates)]++;
        return images;
    }

    private static void WriteImages(string meta, IjbSize size, int seed)
    {
        using var media = new StreamWriter(Path.Combine(meta, "ijbc_face_tid_mid.txt"), false, new UTF8Encoding(false),
            1 << 16)
        { NewLine = "\n" };
        using var points = new StreamWriter(Path.Combine(meta, "ijbc_name_5pts_score.txt"), false, new UTF8Encoding(false),
            1 << 16)
        { NewLine = "\n" };
        var random = new RandomStream(seed, StreamPurpose.SyntheticPairs, 1);
        var (image, number) = (0, 0);
        var images = ImagesOf(size, seed);
        for (var template = 0; template < size.Templates; template++)
        {
            for (var i = 0; i < images[template]; i++)
            {
                if (i == 0 || random.NextBelow(4) == 0) number++; // videos have four frames on average
                image++;
                media.WriteLine($"{image}.jpg {template + 1} {number}");
                points.Write($"{image}.jpg");
                var scale = 0.5 + random.NextUnit();
                foreach (var value in FivePoints.Template) points.Write($" {value * scale + random.NextUnit():0.000}");
                points.WriteLine($" {0.5 + random.NextUnit() / 2:0.000}");
            }
        }
    }

    private static void WritePairs(string path, IjbSize size, RandomStream random)
    {
        using var file = File.Create(path, 1 << 20);
        Span<byte> line = stackalloc byte[40];
        var written = 0;
        for (var pair = 0; pair < size.Pairs; pair++)
        {
            // every choice of lines for the genuine pairs is equally likely
            var isSame = random.NextBelow(size.Pairs - pair) < size.Genuine - written;
            var probe = size.Enrolled + (isSame ? written++ : random.NextBelow(size.Templates - size.Enrolled));
            var left = isSame ? SubjectOf(probe, size) : random.NextBelow(size.Enrolled);
            if (!isSame && left == SubjectOf(probe, size)) left = (left + 1) % size.Enrolled;
            var at = Put(line, 0, left + 1, ' ');
            at = Put(line, at, probe + 1, ' ');
            file.Write(line[..Put(line, at, isSame ? 1 : 0, '\n')]);
        }

        static int Put(Span<byte> line, int at, int number, char end)
        {
            Utf8Formatter.TryFormat(number, line[at..], out var length);
            line[at + length] = (byte)end;
            return at + length + 1;
        }
    }

    private static void WriteSubjects(string path, IEnumerable<int> templates, IjbSize size)
    {
        using var file = new StreamWriter(path, false, new UTF8Encoding(false)) { NewLine = "\n" };
        file.WriteLine("TEMPLATE_ID,SUBJECT_ID,FILENAME");
        foreach (var template in templates) file.WriteLine($"{template + 1},{SubjectOf(template, size) + 1},img/{template}.jpg");
    }
}
