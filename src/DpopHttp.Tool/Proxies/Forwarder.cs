using System.Net;
using DpopHttp.Tool.Http;
using DpopHttp.Tool.Output;
using Microsoft.AspNetCore.Http;
using Microsoft.AspNetCore.Http.Features;
using Spectre.Console;

namespace DpopHttp.Tool.Proxies;

/// <summary>Hands a request on to the API with token and proof, and the answer back as it comes.</summary>
internal sealed class Forwarder(ToolConsole console, ProxyGuard guard, ProxyTarget target, IReadOnlyList<string> allowedOrigins)
{
    /// <summary>
    /// What belongs to one connection (RFC 9110 section 7.6.1), what the proxy sets itself, what would tell the API about the proxy and its secret, and
    /// cookies: a browser has one jar for all ports of this machine, so that they would come from other programs and go to them.
    /// </summary>
    private static readonly HashSet<string> Dropped = new(StringComparer.OrdinalIgnoreCase)
    {
        "Connection", "Keep-Alive", "Proxy-Authenticate", "Proxy-Authorization", "Proxy-Connection", "TE", "Trailer", "Transfer-Encoding", "Upgrade", "Expect",
        "Host", "Authorization", "DPoP", "Cookie", "Set-Cookie", "Origin", "Referer", "Sec-Fetch-Site", "Sec-Fetch-Mode", "Sec-Fetch-Dest", "Sec-Fetch-User",
    };

    public async Task HandleAsync(HttpContext context)
    {
        (string? path, int status, string reason) = guard.Check(context);
        AddCors(context);
        if (path is null)
        {
            await RefuseAsync(context, status, reason).ConfigureAwait(false);
            return;
        }

        if (HttpMethods.IsOptions(context.Request.Method) && context.Request.Headers.ContainsKey("Access-Control-Request-Method"))
        {
            context.Response.StatusCode = StatusCodes.Status204NoContent;
            return;
        }

        try
        {
            using AnswerTimer timer = new(target.Timeout);
            using HttpRequestMessage request = CreateRequest(context, path, timer);
            await target.AuthorizeAsync(request, context.RequestAborted).ConfigureAwait(false);
            using HttpResponseMessage response = await timer.WaitAsync(
                limited => target.Client.SendAsync(request, HttpCompletionOption.ResponseHeadersRead, limited), context.RequestAborted).ConfigureAwait(false);
            Log(context.Request.Method, path, (int)response.StatusCode, null);
            await CopyAsync(context, request.RequestUri!, response).ConfigureAwait(false);
        }
        catch (TimeoutException exception) when (!context.Response.HasStarted)
        {
            await RefuseAsync(context, StatusCodes.Status504GatewayTimeout, exception.Message).ConfigureAwait(false);
        }
        catch (Exception exception) when (exception is HttpRequestException or DpopException or ToolException && !context.Response.HasStarted)
        {
            await RefuseAsync(context, StatusCodes.Status502BadGateway, ErrorText.Of(exception)).ConfigureAwait(false);
        }
    }

    private HttpRequestMessage CreateRequest(HttpContext context, string path, AnswerTimer timer)
    {
        HttpRequest incoming = context.Request;
        HttpRequestMessage request = new(HttpMethod.Parse(incoming.Method), target.UriOf(path));
        if (context.Features.Get<IHttpUpgradeFeature>() is { IsUpgradableRequest: true })
        {
            request.Headers.TryAddWithoutValidation("Connection", "Upgrade");
            request.Headers.TryAddWithoutValidation("Upgrade", (IEnumerable<string?>)incoming.Headers.Upgrade);
        }
        else if (context.Features.Get<IHttpRequestBodyDetectionFeature>()?.CanHaveBody == true)
        {
            request.Content = new StreamContent(timer.Watch(incoming.Body));
        }

        HashSet<string> connection = new(incoming.Headers.Connection.ToString().Split(',', StringSplitOptions.TrimEntries), StringComparer.OrdinalIgnoreCase);
        foreach ((string name, Microsoft.Extensions.Primitives.StringValues values) in incoming.Headers)
        {
            if (!Dropped.Contains(name) && !connection.Contains(name) && !request.Headers.TryAddWithoutValidation(name, (IEnumerable<string?>)values))
            {
                request.Content?.Headers.TryAddWithoutValidation(name, (IEnumerable<string?>)values);
            }
        }

        return request;
    }

    private async Task CopyAsync(HttpContext context, Uri requested, HttpResponseMessage response)
    {
        context.Response.StatusCode = (int)response.StatusCode;
        foreach ((string name, IEnumerable<string> values) in response.Headers.Concat(response.Content.Headers))
        {
            if (!Dropped.Contains(name) && !name.StartsWith("Access-Control-", StringComparison.OrdinalIgnoreCase))
            {
                context.Response.Headers[name] = values.Select(value => name.Equals("Location", StringComparison.OrdinalIgnoreCase) ? target.Rewrite(value, requested, context) : value).ToArray();
            }
        }

        Stream body = await response.Content.ReadAsStreamAsync(context.RequestAborted).ConfigureAwait(false);
        await using (body.ConfigureAwait(false))
        {
            if (response.StatusCode == HttpStatusCode.SwitchingProtocols)
            {
                context.Response.Headers.Upgrade = response.Headers.Upgrade.ToString();
                Stream caller = await context.Features.GetRequiredFeature<IHttpUpgradeFeature>().UpgradeAsync().ConfigureAwait(false);
                await Tunnel.RunAsync(caller, body, context.RequestAborted).ConfigureAwait(false);
                return;
            }

            byte[] buffer = new byte[64 * 1024];
            for (int count; (count = await body.ReadAsync(buffer, context.RequestAborted).ConfigureAwait(false)) > 0;)
            {
                await context.Response.Body.WriteAsync(buffer.AsMemory(0, count), context.RequestAborted).ConfigureAwait(false);
                await context.Response.Body.FlushAsync(context.RequestAborted).ConfigureAwait(false);
            }
        }
    }

    private void AddCors(HttpContext context)
    {
        string origin = context.Request.Headers.Origin.ToString();
        if (origin.Length > 0 && allowedOrigins.Contains(origin, StringComparer.OrdinalIgnoreCase))
        {
            IHeaderDictionary headers = context.Response.Headers;
            headers.AccessControlAllowOrigin = origin;
            headers.Vary = "Origin";
            headers.AccessControlAllowMethods = "GET, HEAD, POST, PUT, PATCH, DELETE";
            headers.AccessControlAllowHeaders = context.Request.Headers.AccessControlRequestHeaders;
            headers.AccessControlExposeHeaders = "*";
        }
    }

    private async Task RefuseAsync(HttpContext context, int status, string reason)
    {
        Log(context.Request.Method, "", status, reason);
        context.Response.StatusCode = status;
        context.Response.ContentType = "text/plain; charset=utf-8";
        await context.Response.WriteAsync($"dpop proxy: {reason}\n", context.RequestAborted).ConfigureAwait(false);
    }

    private void Log(string method, string path, int status, string? reason)
    {
        lock (guard)
        {
            console.Ansi.Write(new Text($"{status} ", new Style(status < 400 ? Color.Green : Color.Red)));
            console.Ansi.WriteLine(Printable.Clean($"{method} {path.Split('?')[0]}{(reason is null ? "" : $" {reason}")}"));
            console.Output.Flush();
        }
    }
}
