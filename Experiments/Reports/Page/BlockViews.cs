using Ablation.Experiments.Reports.Tables;
using Microsoft.AspNetCore.Components;

namespace Ablation.Experiments.Reports.Page;

/// <summary>Finds the component of a block by its name: a new kind of block is a record and a file Views/NAMEView.razor.</summary>
internal static class BlockViews
{
    private static readonly Dictionary<string, Type> ByName = typeof(BlockViews).Assembly.GetTypes()
        .Where(type => type.IsAssignableTo(typeof(IComponent)) && !type.IsAbstract).ToDictionary(type => type.Name);

    /// <exception cref="NotSupportedException">No component is named after the block.</exception>
    public static Type Of(Block block) => ByName.TryGetValue($"{block.GetType().Name}View", out var view) ? view
        : throw new NotSupportedException($"no component shows a {block.GetType().Name}; add Page/Views/{block.GetType().Name}View.razor");
}
