using System.Security.Cryptography;
using System.Text;

namespace Ablation.Experiments.Reports.Page;

/// <summary>Style and script of every page, embedded in the program, and the policy that forbids anything else to run.</summary>
internal static class PageAssets
{
    public static string Style { get; } = Read("Page.page.css");

    public static string Script { get; } = Read("Page.page.js");

    /// <summary>
    /// Value of a Content-Security-Policy that allows only this style and this script, by their hashes, and pictures beside the page.
    /// </summary>
    public static string Policy { get; } =
        $"default-src 'none'; style-src '{Hash(Style)}'; script-src '{Hash(Script)}'; img-src 'self' file: data:; base-uri 'none'; " +
        $"form-action 'none'";

    /// <summary>Returns the hash by which a policy names an inline element, over the text between its tags.</summary>
    internal static string Hash(string text) => $"sha256-{Convert.ToBase64String(SHA256.HashData(Encoding.UTF8.GetBytes(text)))}";

    /// <summary>Reads a file with a line break at both ends, as it is written between its tags.</summary>
    /// <param name="file">The end of its name among the program's resources: "Page.page.css".</param>
    internal static string Read(string file)
    {
        var assembly = typeof(PageAssets).Assembly;
        var resource = assembly.GetManifestResourceNames().Single(name => name.EndsWith("." + file, StringComparison.Ordinal));
        using var reader = new StreamReader(assembly.GetManifestResourceStream(resource)!, Encoding.UTF8);
        return "\n" + reader.ReadToEnd().ReplaceLineEndings("\n").Trim('\n') + "\n"; // a checkout may have other line ends
    }
}
