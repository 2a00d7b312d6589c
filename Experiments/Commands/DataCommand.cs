using System.CommandLine;
using Ablation.Harness.Faces;
using Ablation.Harness.Faces.Synthetic;
using Ablation.Harness.Inspection;

namespace Ablation.Experiments.Commands;

/// <summary><c>ablation data</c>: what is known of data before a run depends on them, and after.</summary>
public sealed class DataCommand : ISubcommand
{
    public Command Build() => new("data",
        "checks data: check reads every image, sheet draws a contact sheet, noise lists suspect labels; pack writes the field's files")
    {
        Check(), Sheet(), PackCommand.Build(), NoiseCommand.Build(),
    };

    private static Argument<string> Path() =>
        new("path")
        {
            Description =
            "a folder of identities, a .tsv list, a RecordIO pack, a verification .bin, LFW's pairs.txt, a list of pairs, the folder of " +
            "CFP, IJB-B, IJB-C, TinyFace, SCface or QMUL-SurvFace"
        };

    private static Command Check()
    {
        var (path, data) = (Path(), CommandOptions.Data());
        var command = new Command("check",
            "reads every image: identities, images, sizes, histogram, bad ones; exit code 1 if any is bad") { path, data };
        command.SetAction((parsed, cancel) => MainThread.Run(() =>
        {
            var check = DataPath.Guess(Resolved(parsed.GetRequiredValue(path), parsed.GetRequiredValue(data))).Check(cancel: cancel);
            Write(check);
            return check.BadCount > 0 ? 1 : 0;
        }));
        return command;
    }

    private static Command Sheet()
    {
        var path = new Argument<string>("path") { Description = "training faces as for check, or \"synthetic\"" };
        var output = new Option<FileInfo>("--output")
        {
            Description = "the PNG to write",
            DefaultValueFactory = _ => new FileInfo("sheet.png")
        };
        var rows = new Option<int>("--rows") { Description = "identities", DefaultValueFactory = _ => 12 };
        var columns = new Option<int>("--columns") { Description = "images per identity", DefaultValueFactory = _ => 12 };
        var data = CommandOptions.Data();
        var command = new Command("sheet", "draws a contact sheet: one row per identity") { path, data, output, rows, columns };
        command.SetAction(parsed =>
        {
            var name = parsed.GetRequiredValue(path);
            var options = name == "synthetic" ? new SyntheticOptions()
                : DataPath.Guess(Resolved(name, parsed.GetRequiredValue(data))).Source
                ?? throw new ArgumentException($"{name}: contains pairs, not identities; a sheet shows training faces");
            using var source = options.Open(new DataRoot("."));
            ContactSheet.Draw(source, parsed.GetValue(rows), parsed.GetValue(columns), 112, parsed.GetRequiredValue(output).FullName);
            Console.WriteLine(parsed.GetRequiredValue(output).FullName);
            return 0;
        });
        return command;
    }

    /// <summary>A path that is there as it is written is taken so; any other starts from the folder of --data, as in a suite.</summary>
    internal static string Resolved(string path, DirectoryInfo data)
    {
        var below = new DataRoot(data.FullName).Resolve(path);
        return System.IO.Path.Exists(path) ? path : below;
    }

    private static void Write(DataCheck check)
    {
        Console.WriteLine($"{check.Name}: {check.Images} images, {check.BadCount} bad, {check.ImagesPerSecond:F0} images/s");
        foreach (var size in check.Sizes) Console.WriteLine($"  {size.Width} x {size.Height}: {size.Images} images");
        if (check.PerIdentity is { } per)
        {
            Console.WriteLine(
                $"  {check.Identities} identities; images per identity: {per.Minimum} to {per.Maximum}, median {per.Median}, " +
                $"mean {per.Mean:F1}");
            foreach (var bucket in per.Histogram)
                Console.WriteLine($"  {bucket.From,6} - {bucket.To,-6} {bucket.Identities,7} identities " +
                    $"{new string('#', (int)Math.Ceiling(40.0 * bucket.Identities / per.Histogram.Max(b => b.Identities)))}");
        }

        foreach (var note in check.Notes) Console.WriteLine($"  note: {note}");
        foreach (var bad in check.Bad) Console.WriteLine($"  bad: {bad.Where}: {bad.What}");
        if (check.BadCount > check.Bad.Count) Console.WriteLine($"  and {check.BadCount - check.Bad.Count} more");
    }
}
