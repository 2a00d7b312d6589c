using Ablation.Harness.Foundations;

namespace Ablation.Harness.Protocols.Ijb;

/// <summary>The locations of the files of IJB-B or IJB-C.</summary>
/// <param name="Set">"IJB-B" or "IJB-C".</param>
/// <param name="Meta">The folder of the text files.</param>
/// <param name="Prefix">Of their names: "ijbb" or "ijbc".</param>
/// <param name="Images">The folder of the crops.</param>
internal sealed record IjbFolder(string Set, string Meta, string Prefix, string Images)
{
    private const string Cure = "Root is the folder that holds meta/ (ijbc_face_tid_mid.txt and others) and loose_crop/";
    private static readonly (string Set, string Prefix, string[] Galleries, int Images, int Pairs)[] Known =
        [("IJB-B", "ijbb", ["S1", "S2"], 227_630, 8_010_270), ("IJB-C", "ijbc", ["G1", "G2"], 469_375, 15_658_489)];

    /// <summary>The list of the images of each template.</summary>
    public string MediaFile => Path.Combine(Meta, $"{Prefix}_face_tid_mid.txt");

    public string PointFile => Path.Combine(Meta, $"{Prefix}_name_5pts_score.txt");

    public string PairFile => Path.Combine(Meta, $"{Prefix}_template_pair_label.txt");

    /// <summary>Returns whether a folder looks like IJB; opens no file.</summary>
    public static bool IsAt(string root) => Sets(root).Count > 0;

    /// <exception cref="DataProblem">There is no such folder, or it does not hold exactly one of the sets.</exception>
    public static IjbFolder Find(string root)
    {
        if (!Directory.Exists(root)) throw new DataProblem(root, "no such folder", Cure);
        return Sets(root) switch
        {
            [] => throw new DataProblem(root, "neither ijbb_face_tid_mid.txt nor ijbc_face_tid_mid.txt is in it", Cure),
            [var one] => Directory.Exists(one.Images) ? one : throw new DataProblem(one.Images, "no such folder", Cure),
            _ => throw new DataProblem(root, "it holds the files of several sets", "keep IJB-B and IJB-C in separate folders"),
        };
    }

    /// <summary>Reads all text files that the test needs.</summary>
    public IjbTest Open(IReadOnlyList<IjbVariant> variants, bool verification, bool identification)
    {
        var known = Known.First(one => one.Prefix == Prefix);
        var images = IjbImages.Read(MediaFile, PointFile);
        var pairs = verification
            ? IjbPairs.Read(PairFile, images.TemplateIds, MediaFile, images.Names.Length == known.Images ? known.Pairs : null) : null;
        var galleries = identification ? known.Galleries.Select(name => List($"gallery_{name}", name)).ToArray() : [];
        return new IjbTest(this, images, variants, pairs, galleries, identification ? List("probe_mixed", "mixed") : null);

        IjbSubjects List(string file, string name) =>
            IjbSubjects.Read(Path.Combine(Meta, $"{Prefix}_1N_{file}.csv"), name, images.TemplateIds, MediaFile);
    }

    private static List<IjbFolder> Sets(string root) =>
        [.. from meta in new[] { Path.Combine(root, "meta"), root } from known in Known
            let folder = new IjbFolder(known.Set, meta, known.Prefix, Path.Combine(root, "loose_crop"))
            where File.Exists(folder.MediaFile) select folder];
}
