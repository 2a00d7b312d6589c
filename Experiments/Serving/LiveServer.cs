using System.Net;
using Microsoft.AspNetCore.Builder;
using Microsoft.AspNetCore.Hosting;
using Microsoft.AspNetCore.Hosting.Server;
using Microsoft.AspNetCore.Hosting.Server.Features;
using Microsoft.AspNetCore.Http;
using Microsoft.Extensions.DependencyInjection;

namespace Ablation.Experiments.Serving;

/// <summary>
/// The web server of the live pages, on this machine's own address only. Nothing but <see cref="TrialAsk"/> writes a file, and only with
/// control.
/// </summary>
public sealed class LiveServer : IAsyncDisposable
{
    private const long LargestForm = 4096;
    private readonly WebApplication app;
    private readonly CancellationTokenSource ending = new();
    private readonly LiveReport report = new();
    private readonly string token = Guard.Token();
    private int isEnded;

    private LiveServer(SuiteFeeds suites, int port, bool hasControl)
    {
        var builder = WebApplication.CreateEmptyBuilder(new WebApplicationOptions());
        builder.WebHost.UseKestrelCore().ConfigureKestrel(kestrel =>
        {
            kestrel.Listen(IPAddress.Loopback, port);
            kestrel.Limits.MaxRequestBodySize = LargestForm;
            kestrel.AddServerHeader = false;
        });
        builder.Services.AddRoutingCore();
        app = builder.Build();
        var guard = new Guard(token);
        app.Use((context, next) =>
        {
            Guard.Protect(context.Response);
            if (guard.Refuse(context.Request, hasControl) is not { } refusal) return next(context);
            context.Response.StatusCode = (int)refusal;
            return context.Response.WriteAsync("Refused. Open the address that ablation serve printed, with its token.\n");
        });
        app.UseRouting();
        new LiveRoutes(suites, report, hasControl, ending.Token).Map(app.MapGroup($"/{token}"));
        app.UseEndpoints(_ => { });
    }

    /// <summary>The address of the first page, with the token.</summary>
    public string Address =>
        $"{app.Services.GetRequiredService<IServer>().Features.Get<IServerAddressesFeature>()!.Addresses.Single()}/{token}/";

    /// <summary>Starts a server.</summary>
    /// <param name="port">0 for one that is free.</param>
    /// <param name="hasControl">Whether trials can be stopped and tried again from the pages.</param>
    /// <exception cref="IOException">The port is taken.</exception>
    public static async Task<LiveServer> Start(SuiteFeeds suites, int port, bool hasControl)
    {
        var server = new LiveServer(suites, port, hasControl);
        try
        {
            await server.app.StartAsync();
            return server;
        }
        catch
        {
            await server.DisposeAsync();
            throw;
        }
    }

    public async ValueTask DisposeAsync()
    {
        if (Interlocked.Exchange(ref isEnded, 1) == 1) return;
        await ending.CancelAsync(); // open pages would hold the server up
        using var patience = new CancellationTokenSource(TimeSpan.FromMilliseconds(500));
        await app.StopAsync(patience.Token);
        await app.DisposeAsync();
        ending.Dispose();
        report.Dispose();
    }
}
