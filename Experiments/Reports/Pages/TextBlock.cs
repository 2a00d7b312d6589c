namespace Ablation.Experiments.Reports.Pages;

/// <summary>A text file, unchanged: the machine that a benchmark ran on.</summary>
public sealed class TextBlock : IPageBlock
{
    public string Name => "text";

    public string Arguments => "FILE";

    public string Write(IReadOnlyList<string> arguments, string folder)
    {
        var text = File.ReadAllText(Path.Combine(folder, arguments[0])).ReplaceLineEndings("\n").Trim('\n');
        return text.Length > 0 ? $"\n{text}\n\n" : throw new InvalidDataException($"{arguments[0]} is empty");
    }
}
