namespace Ablation.Experiments.Reports.Pages;

/// <summary>A part of a documentation page that is taken from a file, so that no figure is typed in. One file a kind, found by
/// reflection.</summary>
public interface IPageBlock
{
    /// <summary>How a page asks for it: the first word after "pages:".</summary>
    string Name { get; }

    /// <summary>The words that follow the name: "FILE CLASSES BATCH".</summary>
    string Arguments { get; }

    /// <summary>The Markdown that stands in the page, from the first line to the last; ends in a line feed.</summary>
    /// <param name="arguments">As many as <see cref="Arguments"/> names.</param>
    /// <param name="folder">That of the page: paths start there.</param>
    /// <exception cref="InvalidDataException">The file lacks what is asked for, or contradicts itself.</exception>
    string Write(IReadOnlyList<string> arguments, string folder);
}
