using System.Text;
using System.Text.Json;
using Ablation.Experiments.Serving.Views;
using Microsoft.AspNetCore.Http;

namespace Ablation.Experiments.Serving;

/// <summary>
/// Sends the parts of a page that changed, as server-sent events: each second what is new in the files, and every fifteen seconds a sign of
/// life. A browser connects again by itself.
/// </summary>
internal sealed class LiveEvents(SuiteFeed feed, LiveQuery query, bool hasControl)
{
    private static readonly TimeSpan Pace = TimeSpan.FromSeconds(1);
    private const int Silence = 15; // paces
    private readonly Dictionary<string, object> sent = [];
    private string order = "";

    /// <summary>Writes until the reader or the server goes.</summary>
    public async Task Send(HttpResponse response, CancellationToken cancel)
    {
        response.ContentType = "text/event-stream; charset=utf-8";
        try
        {
            for (var quiet = 0; ; quiet++)
            {
                var parts = Changed();
                if (parts.Count > 0 || quiet >= Silence)
                {
                    quiet = 0;
                    var message = new { time = DateTime.Now.ToString("HH:mm:ss"), parts };
                    await response.WriteAsync($"data: {JsonSerializer.Serialize(message, JsonSerializerOptions.Web)}\n\n", Encoding.UTF8,
                        cancel);
                    await response.Body.FlushAsync(cancel);
                }

                await Task.Delay(Pace, cancel);
            }
        }
        catch (OperationCanceledException)
        {
            // the page was closed, or the server ends
        }
    }

    /// <summary>Returns the parts that differ from those sent before, with their markup.</summary>
    internal IReadOnlyList<LivePart> Changed()
    {
        LivePage page;
        try
        {
            page = LivePage.Of(LiveSuite.Read(feed, query), hasControl);
        }
        catch (InvalidDataException)
        {
            return []; // being rewritten; a reload says what is wrong
        }

        var parts = new List<LivePart>();
        Add("head", page.Head, () => LiveHtml.Of<HeadView>(("Head", page.Head)));
        AddRows(page, parts);
        if (page.Curves() is { } panel)
            Add("curves", string.Join(';', panel.Lines.Select(line => line.Path)),
                () => LiveHtml.Of<CurvesView>(("Panel", panel), ("Model", page.Model)));
        var logs = page.Logs;
        Add("logs", string.Join('\n', logs.Select(log => log.Id + log.Text)), () => LiveHtml.Of<LogsView>(("Logs", logs)));
        return parts;

        void Add(string id, object state, Func<string> html)
        {
            if (sent.TryGetValue(id, out var before) && before.Equals(state)) return;
            sent[id] = state;
            parts.Add(new LivePart(id, html()));
        }
    }

    /// <summary>Adds single rows, or all of them where their order is another.</summary>
    private void AddRows(LivePage page, List<LivePart> parts)
    {
        var rows = page.Suite.Rows;
        var now = string.Join(' ', rows.Select(row => row.Id));
        var changed = rows.Where(row => !sent.TryGetValue(row.Name, out var before) || !before.Equals(row)).ToList();
        foreach (var row in rows) sent[row.Name] = row;
        if (now != order)
        {
            order = now;
            parts.Add(new LivePart("rows", LiveHtml.Of<RowsView>(("Page", page))));
            return;
        }

        parts.AddRange(changed.Select(row => new LivePart(row.Name, LiveHtml.Of<RowView>(("Row", row), ("Model", page.Model),
            ("HasCondition", page.Suite.Feed.HasConditions), ("HasControl", hasControl)))));
    }
}

/// <summary>A part of a page to replace.</summary>
/// <param name="Id">Of the element.</param>
internal sealed record LivePart(string Id, string Html);
