using Ablation.Experiments.Reports.Page;

namespace Ablation.Experiments.Serving;

/// <summary>Style and script of the live pages: those of a report, and their own.</summary>
internal static class LiveAssets
{
    public static string Style { get; } = PageAssets.Style + PageAssets.Read("Serving.live.css");

    public static string Script { get; } = PageAssets.Script + PageAssets.Read("Serving.live.js");

    /// <summary>
    /// Value of a Content-Security-Policy: nothing from elsewhere, no other script, no page around it, and forms go only here.
    /// </summary>
    public static string Policy { get; } =
        $"default-src 'none'; style-src '{PageAssets.Hash(Style)}'; script-src '{PageAssets.Hash(Script)}'; connect-src 'self'; " +
        "img-src 'self' data:; base-uri 'none'; form-action 'self'; frame-ancestors 'none'";
}
