using System.CommandLine;
using Ablation.Experiments.Suites;
using Ablation.Experiments.Terminal;
using Ablation.Harness.Foundations;
using Ablation.Losses.Options;

namespace Ablation.Experiments.Commands;

/// <summary><c>ablation list</c>: lists the shipped suites, and every loss, backbone, source, test and schedule with its options.</summary>
public sealed class ListCommand : ISubcommand
{
    public Command Build()
    {
        var what = new Argument<string?>("what")
        {
            Description = $"{string.Join(", ", Catalogue.Sections)}, or the name of one of them, for its options",
            Arity = ArgumentArity.ZeroOrOne,
        };
        var all = new Option<bool>("--all") { Description = "lists everything that a suite may name with options, ranges and defaults" };
        var command = new Command("list", "lists the shipped suites and what a suite may name: losses, networks, data, tests")
        {
            what, all,
        };
        command.SetAction(parsed =>
        {
            if (parsed.GetValue(all)) Write(Console.Out);
            else foreach (var line in Lines(parsed.GetValue(what), TerminalLook.OfOutput())) Console.WriteLine(line);
            return 0;
        });
        return command;
    }

    /// <summary>Writes everything as plain text.</summary>
    public static void Write(TextWriter output)
    {
        output.WriteLine("suites");
        foreach (var suite in SuiteFile.Shipped) output.WriteLine($"  {suite,-24} {SuiteFile.Read(SuiteFile.Find(suite)).Question}");
        foreach (var kind in SpecJson.Kinds)
        {
            output.WriteLine();
            output.WriteLine(Catalogue.Section(kind));
            foreach (var type in Catalog.RecordsOf(kind).Values)
                foreach (var line in Catalogue.Record(type)) output.WriteLine(line);
        }
    }

    /// <summary>Returns the overview, one section, or one record with its options.</summary>
    /// <exception cref="ArgumentException">There is no such section or name.</exception>
    internal static IEnumerable<string> Lines(string? what, TerminalLook look)
    {
        if (what is null)
            return [.. Names(Catalogue.Suites, SuiteFile.Shipped, look),
                .. SpecJson.Kinds.SelectMany(kind => Names(Catalogue.Section(kind), Catalog.RecordsOf(kind).Keys, look)),
                .. Fit.Wrap("a section: ablation list suites; one in full: ablation list ArcFace; everything: ablation list --all",
                    look.Width, 4)];
        if (what == Catalogue.Suites) return Suites(look);
        if (SpecJson.Kinds.FirstOrDefault(kind => Catalogue.Section(kind) == what) is { } section)
            return Catalog.RecordsOf(section).SelectMany(one =>
                Fit.Wrap($"  {one.Key,-22} {Catalogue.Description(one.Value)}", look.Width, Math.Min(25, look.Width / 3)));
        List<Type> named = [.. SpecJson.Kinds.SelectMany(Catalog.RecordsOf)
            .Where(one => one.Key.Equals(what, StringComparison.OrdinalIgnoreCase)).Select(one => one.Value)];
        if (named.Count > 0)
            return named.SelectMany(Catalogue.Record).SelectMany(line => Fit.Wrap(line, look.Width, Math.Min(27, look.Width / 3)));
        if (SuiteFile.Shipped.Contains(what)) return Fit.Wrap($"{what}: {SuiteFile.Read(SuiteFile.Find(what)).Question}", look.Width)
            .Append($"file: {SuiteFile.Find(what)}");
        string[] known = [.. Catalogue.Sections, .. SpecJson.Kinds.SelectMany(kind => Catalog.RecordsOf(kind).Keys), .. SuiteFile.Shipped];
        var near = NearName.Find(what, known) is { } one ? $"did you mean {one}? " : "";
        throw new ArgumentException($"list {what}: no such name; {near}ablation list shows all");
    }

    private static IEnumerable<string> Suites(TerminalLook look)
    {
        List<Suite> suites = [.. SuiteFile.Shipped.Select(suite => SuiteFile.Read(SuiteFile.Find(suite)))];
        return FittedTable.Lines(
        [
            new(Catalogue.Suites, [.. suites.Select(suite => $"  {suite.Name}")]),
            new("trials", [.. suites.Select(suite => $"{suite.Trials().Count}")], 1) { IsRight = true },
            new("question", [.. suites.Select(suite => suite.Question)]) { IsText = true },
        ], look.Width, look.HasSymbols);
    }

    private static IEnumerable<string> Names(string section, IEnumerable<string> names, TerminalLook look) =>
        Fit.Wrap($"{section,-12}{string.Join(' ', names)}", look.Width, Math.Min(12, look.Width / 4));
}
