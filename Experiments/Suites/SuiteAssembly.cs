using System.Text;
using System.Text.Encodings.Web;
using System.Text.Json;
using Ablation.Harness.Formats;
using Ablation.Harness.Foundations;

namespace Ablation.Experiments.Suites;

/// <summary>Puts a suite together from its file, the suite that it extends, the values that are set and its sweeps.</summary>
internal static class SuiteAssembly
{
    // without one of these a text is what it says: most suites, and those too large to take apart
    private static readonly string[] Marks = ["\"extends\"", "\"set\"", "\"each\"", "\"from\""];

    /// <summary>Reads a suite file and everything that it is made of.</summary>
    /// <param name="settings">Values to set: PATH=VALUE.</param>
    /// <param name="find">Returns the file for the name or path of a suite that is extended.</param>
    /// <exception cref="SuiteException">A file cannot be read, a setting names nothing, or a sweep is not one.</exception>
    public static SuiteSource Read(string file, IReadOnlyList<string> settings, Func<string, string> find)
    {
        var text = FileText(file);
        if (settings.Count == 0 && !Array.Exists(Marks, mark => text.Contains(mark, StringComparison.Ordinal)))
            return new SuiteSource(file, text, settings, []);
        // a text that is not JSON is left to the reader, which says where it ends to be
        if (SuiteNode.Read(file, text, isFile: true) is not { IsObject: true } own) return new SuiteSource(file, text, settings, []);
        var root = new Inheritance(FileText, find).Resolve(own, file);
        root = settings.Aggregate(root, (node, setting) => SuiteSetting.Parse(setting, $"--set {setting}").Put(node));
        var whole = Sweep.Expand(root);
        return ReferenceEquals(whole, own) ? new SuiteSource(file, text, settings, []) : Written(file, whole, settings);
    }

    /// <exception cref="SuiteException">The file cannot be read.</exception>
    private static string FileText(string file)
    {
        try
        {
            return BoundedText.All(file, "check that it is a suite");
        }
        catch (Exception e) when (e is IOException or UnauthorizedAccessException or DataProblem)
        {
            throw new SuiteException($"{file}: {e.Message}", e);
        }
    }

    private static SuiteSource Written(string file, SuiteNode root, IReadOnlyList<string> settings)
    {
        using var stream = new MemoryStream();
        using var json = new Utf8JsonWriter(stream, new JsonWriterOptions
        {
            Indented = true,
            NewLine = "\n",
            Encoder = JavaScriptEncoder.UnsafeRelaxedJsonEscaping,
            SkipValidation = true, // a key that occurs twice is for the reader to refuse
        });
        var origins = new List<(long, Origin)>();
        Write(root);
        json.Flush();
        return new SuiteSource(file, Encoding.UTF8.GetString(stream.ToArray()) + "\n", settings, origins);

        void Write(SuiteNode node)
        {
            Mark(node);
            if (node.Key.Length > 0) json.WritePropertyName(node.Key);
            if (node.IsObject) json.WriteStartObject();
            else if (node.IsList) json.WriteStartArray();
            else if (node.Kind == JsonTokenType.String) json.WriteStringValue(node.Text);
            else json.WriteRawValue(node.Text, skipInputValidation: true);
            foreach (var child in node.Children) Write(child);
            if (!node.IsObject && !node.IsList) return;
            Mark(node);
            if (node.IsObject) json.WriteEndObject();
            else json.WriteEndArray();
        }

        void Mark(SuiteNode node) => origins.Add((json.BytesCommitted + json.BytesPending, node.Origin));
    }
}
