using System.CommandLine;
using Ablation.Experiments.Reports.Pages;
using Ablation.Experiments.Store;

namespace Ablation.Experiments.Commands;

/// <summary><c>ablation pages FILE ...</c>: rewrites the parts of documentation pages that are generated from files.</summary>
public sealed class PagesCommand : ISubcommand
{
    public Command Build()
    {
        var files = new Argument<FileInfo[]>("file")
        {
            Description = "Markdown pages with blocks: docs/performance.md docs/results.md",
            Arity = ArgumentArity.OneOrMore
        };
        var check = new Option<bool>("--check") { Description = "writes nothing; exit code 1 if a page differs from its files" };
        var command = new Command("pages", "rewrites the parts of documentation pages that come from benchmark and report files") { files,
            check };
        command.SetAction(parsed =>
        {
            var different = 0;
            // generate all before writing any
            foreach (var (path, text, written) in parsed.GetRequiredValue(files).Select(file => Made(file.FullName)).ToList())
            {
                if (text == written) continue;
                different++;
                if (!parsed.GetValue(check)) AtomicFile.Write(path, written);
                Console.Out.WriteLine(parsed.GetValue(check) ? $"{path}: differs from its files; run pages without --check" : path);
            }

            return parsed.GetValue(check) && different > 0 ? 1 : 0;
        });
        return command;
    }

    private static (string Path, string Text, string Written) Made(string path)
    {
        var text = File.ReadAllText(path);
        return (path, text.ReplaceLineEndings("\n"), GeneratedPage.Rewritten(text, path));
    }
}
