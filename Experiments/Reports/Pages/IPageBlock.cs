namespace Ablation.Experiments.Reports.Pages;

/// <summary>A part of a documentation page that is generated from a file, so that no figure is typed in. One file per kind, found by
/// reflection.</summary>
public interface IPageBlock
{
    /// <summary>Name in a page: the first word after "pages:".</summary>
    string Name { get; }

    /// <summary>The words that follow the name: "FILE CLASSES BATCH".</summary>
    string Arguments { get; }

    /// <summary>Returns the Markdown between the two marks; ends in a line feed.</summary>
    /// <param name="arguments">As many as <see cref="Arguments"/> names.</param>
    /// <param name="folder">Folder of the page, which paths are relative to.</param>
    /// <exception cref="InvalidDataException">The file lacks the requested content or contradicts itself.</exception>
    string Write(IReadOnlyList<string> arguments, string folder);
}
