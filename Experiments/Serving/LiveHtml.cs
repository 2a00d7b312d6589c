using Ablation.Experiments.Reports.Page;
using Microsoft.AspNetCore.Components;

namespace Ablation.Experiments.Serving;

/// <summary>Renders the components below Views to text, whole pages and parts of them.</summary>
internal static class LiveHtml
{
    /// <summary>Renders a component.</summary>
    /// <param name="parameters">Its parameters by name.</param>
    public static string Of<T>(params (string Name, object? Value)[] parameters) where T : IComponent
    {
        using var text = new StringWriter();
        HtmlWriter.Render<T>(ParameterView.FromDictionary(parameters.ToDictionary(one => one.Name, one => one.Value)), text);
        return text.ToString();
    }
}
