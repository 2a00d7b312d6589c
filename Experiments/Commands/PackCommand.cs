using System.CommandLine;
using Ablation.Experiments.Store;
using Ablation.Harness.Faces;
using Ablation.Harness.Inspection;
using Ablation.Harness.Protocols;

namespace Ablation.Experiments.Commands;

/// <summary><c>ablation data pack PATH --output OUT</c>: folders and pair lists as the files that the field's programs read.</summary>
internal static class PackCommand
{
    public static Command Build()
    {
        var path = new Argument<string>("path") { Description = "training faces or pairs, as for check" };
        var output = new Option<string>("--output")
        {
            Description = "of training faces the folder of the pack, which must be new or empty; of pairs the .bin",
            Required = true,
        };
        var size = new Option<int?>("--size")
        {
            Description = "makes every image a square of this many pixels (PNG); needed where sizes differ",
        };
        var data = CommandOptions.Data();
        var command = new Command("pack", "writes a RecordIO pack from folders or lists of faces, and a .bin from a list of pairs")
        {
            path, output, size, data,
        };
        command.SetAction((parsed, cancel) => MainThread.Run(() =>
        {
            if (parsed.GetValue(size) is { } side and (< 1 or > MostPixels))
                throw new ArgumentException($"--size {side}: must be 1 to {MostPixels} pixels");
            var found = DataPath.Guess(DataCommand.Resolved(parsed.GetRequiredValue(path), parsed.GetRequiredValue(data)));
            var pack = new DataPack(parsed.GetValue(size), (file, write) => AtomicFile.Write(file, write));
            var to = System.IO.Path.GetFullPath(parsed.GetRequiredValue(output));
            Console.WriteLine(Line(Write(found, pack, to, cancel), found.Source is not null));
            return 0;
        }));
        return command;
    }

    private const int MostPixels = 4096;

    private static PackSummary Write(DataPath found, DataPack pack, string to, CancellationToken cancel)
    {
        var here = new DataRoot(".");
        if (found.Source is not null)
        {
            if (File.Exists(to) || (Directory.Exists(to) && Directory.EnumerateFileSystemEntries(to).Any()))
                throw new IOException($"--output {to}: is there already; name a new or an empty folder");
            using var source = found.Source.Open(here);
            return pack.Write(source, to, cancel);
        }

        if (!to.EndsWith(".bin", StringComparison.OrdinalIgnoreCase))
            throw new ArgumentException($"--output {to}: pairs become one file, whose name ends in .bin");
        if (found.Tests.Count > 1)
            throw new ArgumentException("this folder holds several tests; name the list of pairs of one");
        using var test = found.Tests[0].Open(here);
        return test is PairProtocol pairs ? pack.Write(pairs, to, cancel)
            : throw new ArgumentException($"{test.Name}: not a list of pairs, which is what a .bin holds");
    }

    private static string Line(PackSummary made, bool isTraining) =>
        $"{made.Path}: {made.Images} images of {made.Width} x {made.Height} pixels, {made.Groups} " +
        $"{(isTraining ? "identities" : "pairs")}; {made.Copied} as their files have them, {made.Images - made.Copied} encoded as PNG";
}
