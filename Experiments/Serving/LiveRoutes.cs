using System.Text;
using Ablation.Experiments.Scheduling;
using Ablation.Experiments.Serving.Views;
using Ablation.Experiments.Store;
using Ablation.Harness.Foundations;
using Microsoft.AspNetCore.Builder;
using Microsoft.AspNetCore.Http;
using Microsoft.AspNetCore.Routing;

namespace Ablation.Experiments.Serving;

/// <summary>What each address of the live pages answers.</summary>
/// <param name="report">Makes reports as they stand.</param>
/// <param name="ending">Ends the connections that stay open.</param>
internal sealed class LiveRoutes(SuiteFeeds suites, LiveReport report, bool hasControl, CancellationToken ending)
{
    private const int LogLines = 2000;

    public void Map(IEndpointRouteBuilder site)
    {
        site.MapGet("/", context => Html(context, () => LiveHtml.Of<SuitesPage>(("Folder", suites.Folder),
            ("Suites", suites.All().Select(SuiteLine.Of).ToList()))));
        Get(site, "/suite/{name}/", (context, feed) => Html(context, () => LiveHtml.Of<SuitePage>(
            ("Page", LivePage.Of(LiveSuite.Read(feed, Query(context.Request)), hasControl)),
            ("IsWritten", File.Exists(Path.Combine(feed.Folder, "report.html"))))));
        Get(site, "/suite/{name}/events", async (context, feed) =>
        {
            using var end = CancellationTokenSource.CreateLinkedTokenSource(context.RequestAborted, ending);
            await new LiveEvents(feed, Query(context.Request), hasControl).Send(context.Response, end.Token);
        });
        Get(site, "/suite/{name}/status.json", (context, feed) =>
            Text(context, SpecJson.Write(StatusJson.FromState(feed.Now())) + "\n", "application/json; charset=utf-8"));
        Get(site, "/suite/{name}/compare", Compare);
        Get(site, "/suite/{name}/report/{**path}", (context, feed) => Report(context, feed, report.Folder(feed)));
        Get(site, "/suite/{name}/written/{**path}", (context, feed) => Report(context, feed, feed.Folder));
        Get(site, "/suite/{name}/trial/{id}/", (context, feed) => TrialView.Read(feed, Id(context)) is { } view
            ? Html(context, () => LiveHtml.Of<TrialPage>(("View", view)))
            : NoTrial(context, feed));
        Get(site, "/suite/{name}/trial/{id}/log", (context, feed) => feed.Now().Trials.Any(trial => trial.Id == Id(context))
            ? Text(context, string.Join('\n', LogTail.Read(feed.Store.Files(Id(context)).Log, LogLines)) + "\n",
                "text/plain; charset=utf-8")
            : NoTrial(context, feed));
        site.MapPost("/suite/{name}/trial/{id}/ask", Ask);
    }

    /// <summary>Adds an address below a suite.</summary>
    private void Get(IEndpointRouteBuilder site, string pattern, Func<HttpContext, SuiteFeed, Task> answer) =>
        site.MapGet(pattern, context => With(context, answer));

    /// <summary>Finds the suite; says what is wrong where there is none, or a file of it cannot be read.</summary>
    private Task With(HttpContext context, Func<HttpContext, SuiteFeed, Task> answer)
    {
        var name = context.GetRouteValue("name") as string ?? "";
        if (suites.Find(name) is not { } feed)
            return Problem(context, 404, "No such suite", $"{suites.Folder} has no suite {name}; the first page lists them all.", "../../");
        try
        {
            return answer(context, feed);
        }
        catch (Exception e) when (e is InvalidDataException or IOException or UnauthorizedAccessException)
        {
            return Problem(context, 500, "A file cannot be read", e.Message, "../../");
        }
        catch (Exception e) when (e is not OperationCanceledException) // the pages of other suites are to go on
        {
            return Problem(context, 500, "A fault of the program", $"Report it as a bug: {e.GetType().Name}: {e.Message}", "../../");
        }
    }

    private Task Compare(HttpContext context, SuiteFeed feed)
    {
        var ids = context.Request.Query["t"].OfType<string>().Distinct().ToList();
        var known = feed.Now().Trials.Select(trial => trial.Id).ToHashSet();
        if (ids.Count != 2 || !ids.TrueForAll(known.Contains))
            return Problem(context, 400, "Choose two trials", "Tick two trials of the table, then compare them.", "../../");
        var results = ids.ConvertAll(id => feed.Store.Load(id, out _));
        return results is [{ } a, { } b]
            ? Html(context, () => LiveHtml.Of<ComparePage>(("View", CompareView.Of(feed, a, b))))
            : Problem(context, 400, "Not finished", "Only finished trials have figures to compare.", "../../");
    }

    private static Task Report(HttpContext context, SuiteFeed feed, string? folder)
    {
        if (folder is null)
            return Problem(context, 404, "No report yet", $"{feed.Name}: nothing is finished, or there is no copy of its suite here; the " +
                "next run leaves one.", "../../../");
        if (ReportFiles.Find(folder, context.GetRouteValue("path") as string ?? "") is not var (path, type))
            return Problem(context, 404, "No such file", "The report has no such file. ablation report writes it anew.", "../../../");
        context.Response.ContentType = type;
        context.Response.Headers.Remove("Content-Security-Policy"); // a report's page has one of its own
        context.Response.Headers.ContentSecurityPolicy = "frame-ancestors 'none'; sandbox allow-same-origin allow-scripts allow-downloads";
        return context.Response.SendFileAsync(path, context.RequestAborted);
    }

    private async Task Ask(HttpContext context)
    {
        await With(context, async (_, feed) =>
        {
            var form = await context.Request.ReadFormAsync(context.RequestAborted);
            if (!Enum.TryParse<RequestKind>(form["kind"], ignoreCase: true, out var kind) || !Enum.IsDefined(kind))
                await Problem(context, 400, "Not understood", "kind is leave or retry.", "../../../../");
            else if (TrialAsk.Write(feed, Id(context), kind, DateTimeOffset.UtcNow) is { } why)
                await Problem(context, 409, "Not possible", why, "../../../../");
            else
                context.Response.Redirect("../../"); // the page of the suite
        });
    }

    private static Task NoTrial(HttpContext context, SuiteFeed feed) =>
        Problem(context, 404, "No such trial", $"{feed.Name} has no trial {Id(context)}.", "../../../../");

    private static LiveQuery Query(HttpRequest request) => new(One(request, "state"), One(request, "loss"), One(request, "text"),
        int.TryParse(One(request, "page"), out var page) && page > 0 ? page : 0);

    private static string One(HttpRequest request, string name) => request.Query[name].ToString();

    private static string Id(HttpContext context) => context.GetRouteValue("id") as string ?? "";

    private static Task Html(HttpContext context, Func<string> page) => Text(context, page(), "text/html; charset=utf-8");

    private static Task Problem(HttpContext context, int status, string title, string text, string home)
    {
        context.Response.StatusCode = status;
        return Html(context, () => LiveHtml.Of<ProblemPage>(("Title", title), ("Text", text), ("Home", home)));
    }

    private static Task Text(HttpContext context, string text, string type)
    {
        context.Response.ContentType = type;
        return context.Response.WriteAsync(text, Encoding.UTF8, context.RequestAborted);
    }
}
