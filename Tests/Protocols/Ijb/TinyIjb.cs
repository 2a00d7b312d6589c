using System.Text;
using Ablation.Harness.Embedding;
using Ablation.Harness.Faces;
using Ablation.Harness.Images;
using Ablation.Harness.Protocols.Ijb;
using Ablation.Tests.Images;

namespace Ablation.Tests.Protocols.Ijb;

/// <summary>A generated IJB-C of 14 images, 7 templates, 6 subjects and 9 pairs, in the official file format.</summary>
internal sealed class TinyIjb : IDisposable
{
    /// <summary>
    /// Template and media of each image; template 12 has a video of three frames and one still, 40 a video split over its lines.
    /// </summary>
    public static readonly (int Template, int Media)[] Of =
        [(3, 9), (3, 8), (12, 5), (12, 5), (12, 5), (12, 6), (7, 5), (40, 1), (40, 2), (40, 1), (41, 30), (5, 4), (5, 4), (99, 70)];

    public static readonly (int First, int Second, bool Same)[] Pairs =
        [(3, 41, true), (3, 12, false), (5, 12, true), (7, 40, false), (7, 99, false), (5, 41, false), (7, 7, true), (41, 3, true),
            (99, 12, false)];

    private readonly TemporaryFolder folder = new();

    public TinyIjb()
    {
        Directory.CreateDirectory(Meta);
        Directory.CreateDirectory(System.IO.Path.Combine(Root, "loose_crop"));
        for (var i = 0; i < Of.Length; i++)
            File.WriteAllBytes(System.IO.Path.Combine(Root, "loose_crop", $"{i + 1}.jpg"), Pictures.Png(Pictures.Of(i, 40, 44)));
        foreach (var (name, text) in Files()) Write(name, text);
    }

    public string Root => folder.Path;

    public string Meta => folder.File("meta");

    public static float Detector(int image) => 0.5f + image % 7 * 0.07f;

    /// <summary>Returns x and y of an image's landmarks: the template at a third of its size, shifted.</summary>
    public static double[] Landmarks(int image) =>
        [.. FivePoints.Template.Select((value, i) => Math.Round(value / 3 + (i % 2 == 0 ? 1 : 2) + image * 0.25, 3))];

    /// <summary>Returns all text files by name.</summary>
    public static Dictionary<string, string> Files() => new()
    {
        ["ijbc_face_tid_mid.txt"] = Lines(Of.Select((one, i) => $"{i + 1}.jpg {one.Template} {one.Media}")),
        ["ijbc_name_5pts_score.txt"] = Lines(Of.Select((_, i) =>
            $"{i + 1}.jpg {string.Join(' ', Landmarks(i).Select(value => value.ToString("0.000")))} {Detector(i):0.000}")),
        ["ijbc_template_pair_label.txt"] = Lines(Pairs.Select(pair => $"{pair.First} {pair.Second} {(pair.Same ? 1 : 0)}")),
        ["ijbc_1N_gallery_G1.csv"] = "TEMPLATE_ID,SUBJECT_ID,FILENAME\n3,100,img/1.jpg\n3,100,img/2.jpg\n12,200,img/3.jpg\n",
        ["ijbc_1N_gallery_G2.csv"] = "TEMPLATE_ID,SUBJECT_ID,FILENAME\n7,300,img/7.jpg\n",
        ["ijbc_1N_probe_mixed.csv"] = "TEMPLATE_ID,SUBJECT_ID,FILENAME\n41,100,a\n5,200,b\n5,200,c\n40,300,d\n99,900,\n",
    };

    public void Write(string name, string text) => Write(name, Encoding.UTF8.GetBytes(text));

    public void Write(string name, byte[] bytes) => File.WriteAllBytes(System.IO.Path.Combine(Meta, name), bytes);

    public IjbTest Open(string variants = "all", bool identification = false) =>
        new IjbOptions { Root = Root, Variants = variants, Identification = identification }.Open(new DataRoot("."));

    /// <summary>Returns raw embeddings that depend on seed and image number, so that lines may be reordered.</summary>
    public static TestEmbeddings Embeddings(IjbTest test, int dimension = 11)
    {
        var matrices = Enum.GetValues<FlipFusion>().ToDictionary(fusion => fusion, fusion =>
        {
            var matrix = new EmbeddingMatrix(test.ImageCount, dimension);
            for (var image = 0; image < test.ImageCount; image++)
            {
                var random = new Random(1000 * (int)fusion + int.Parse(System.IO.Path.GetFileNameWithoutExtension(test.ImageName(image))));
                foreach (ref var value in matrix[image]) value = (float)(random.NextDouble() * 6 - 2);
            }

            return matrix;
        });
        return new TestEmbeddings(matrices);
    }

    public void Dispose() => folder.Dispose();

    private static string Lines(IEnumerable<string> lines) => string.Concat(lines.Select(line => line + "\n"));
}
