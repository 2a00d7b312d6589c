using System.Text.Encodings.Web;
using System.Text.Unicode;
using Ablation.Experiments.Reports.Page.Views;
using Ablation.Experiments.Reports.Tables;
using Microsoft.AspNetCore.Components;
using Microsoft.AspNetCore.Components.Web;
using Microsoft.Extensions.DependencyInjection;
using Microsoft.Extensions.Logging.Abstractions;

namespace Ablation.Experiments.Reports.Page;

/// <summary>
/// Writes a page as one self-contained HTML file, with style, script and drawings inside; lines end in "\n". The markup stands in the
/// components below Views. It is complete without the script, which adds sorting, dimming, the current section and the choice of a theme.
/// </summary>
public static class HtmlWriter
{
    // everything but the marks of HTML as it is, so that a page can be read and searched as text
    private static readonly HtmlEncoder Encoder = HtmlEncoder.Create(UnicodeRanges.All);

    public static string Write(Document document)
    {
        using var page = new StringWriter();
        Write(document, page);
        return page.ToString();
    }

    /// <summary>Writes to a file, without a second copy of a large page in memory.</summary>
    public static void Write(Document document, TextWriter page)
    {
        var model = new Dictionary<string, object?> { [nameof(PageShell.Page)] = new PageModel(document) };
        Render<PageShell>(ParameterView.FromDictionary(model), page);
        page.Write('\n');
    }

    /// <summary>Renders one component, with what is in it.</summary>
    internal static void Render<T>(ParameterView parameters, TextWriter page) where T : IComponent
    {
        using var services = new ServiceCollection().AddSingleton(Encoder).BuildServiceProvider();
        using var renderer = new HtmlRenderer(services, NullLoggerFactory.Instance);
        // no component waits for anything, so that all is done on this thread when the call returns
        renderer.Dispatcher.InvokeAsync(async () => (await renderer.RenderComponentAsync<T>(parameters)).WriteHtmlTo(page))
            .GetAwaiter().GetResult();
    }
}
