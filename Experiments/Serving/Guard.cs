using System.Net;
using System.Security.Cryptography;
using System.Text;
using Microsoft.AspNetCore.Http;

namespace Ablation.Experiments.Serving;

/// <summary>
/// Who may ask: only somebody who has the address with its token, by a name of this machine, and from no other site. A page elsewhere
/// cannot read an answer, frame a page or send a form; a name that was rebound to this machine is refused.
/// </summary>
internal sealed class Guard(string token)
{
    private static readonly string[] Hosts = ["127.0.0.1", "localhost", "[::1]"];
    private readonly byte[] secret = Encoding.ASCII.GetBytes(token);

    /// <summary>Returns a token of 128 random bits.</summary>
    public static string Token() => Convert.ToHexStringLower(RandomNumberGenerator.GetBytes(16));

    /// <summary>Returns the status of a refusal; null for a request that may pass.</summary>
    /// <param name="hasControl">Whether forms may change anything.</param>
    public HttpStatusCode? Refuse(HttpRequest request, bool hasControl)
    {
        if (!Hosts.Contains(request.Host.Host, StringComparer.OrdinalIgnoreCase)) return HttpStatusCode.MisdirectedRequest;
        if (!HasToken(request.Path)) return HttpStatusCode.Forbidden;
        var isReading = HttpMethods.IsGet(request.Method) || HttpMethods.IsHead(request.Method);
        if (!isReading && !(HttpMethods.IsPost(request.Method) && hasControl)) return HttpStatusCode.MethodNotAllowed;
        return IsFromElsewhere(request, isReading) ? HttpStatusCode.Forbidden : null;
    }

    /// <summary>Adds what every answer says to a browser.</summary>
    public static void Protect(HttpResponse response)
    {
        var headers = response.Headers;
        headers.ContentSecurityPolicy = LiveAssets.Policy;
        headers.XContentTypeOptions = "nosniff";
        headers.CacheControl = "no-store";
        headers["Referrer-Policy"] = "no-referrer"; // the token is in the address
        headers["Cross-Origin-Resource-Policy"] = "same-origin";
        headers["Cross-Origin-Opener-Policy"] = "same-origin";
    }

    private bool HasToken(PathString path)
    {
        var first = (path.Value ?? "").Split('/', 3) is [_, var given, ..] ? given : "";
        return CryptographicOperations.FixedTimeEquals(Encoding.UTF8.GetBytes(first), secret);
    }

    private static bool IsFromElsewhere(HttpRequest request, bool isReading)
    {
        var site = request.Headers["Sec-Fetch-Site"].ToString();
        var isFollowed = isReading && request.Headers["Sec-Fetch-Mode"] == "navigate"; // a link in a message or a terminal
        if (site.Length > 0 && site is not ("same-origin" or "none") && !isFollowed) return true;
        return request.Headers.Origin.ToString() is { Length: > 0 } origin && origin != $"{request.Scheme}://{request.Host}";
    }
}
