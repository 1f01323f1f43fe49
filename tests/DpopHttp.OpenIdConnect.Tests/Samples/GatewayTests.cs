using System.Diagnostics;
using System.IO.Pipelines;
using System.Net;
using System.Text.Json;
using System.Text.RegularExpressions;
using DpopHttp.OpenIdConnect.Tests.Support;

namespace DpopHttp.OpenIdConnect.Tests.Samples;

/// <summary>samples/Gateway and samples/SignInServer as processes of their own, in front of samples/Api or of an API that streams.</summary>
public sealed partial class GatewayTests
{
    private const int HalfOfUpload = 1024 * 1024;

    private static readonly TimeSpan Patience = TimeSpan.FromMinutes(2);

    [Fact]
    public async Task Two_users_order_outlive_their_tokens_and_sign_out_and_their_browsers_see_no_token_key_or_nonce()
    {
        string chromium = SampleProcesses.DemandChromium();
        using SampleProcesses samples = new();
        string server = SampleProcesses.FreeAddress(), api = SampleProcesses.FreeAddress(), gateway = SampleProcesses.FreeAddress();
        await samples.StartAsync("SignInServer", $"--Urls={server}", "--TokenSeconds=5");
        await samples.StartAsync("Api", $"--Urls={api}", $"--Authority={server}", "--Dpop:Nonces=Required");
        await samples.StartAsync("Gateway", $"--Urls={gateway}", $"--Authority={server}", $"--Api={api}");

        JsonElement[] seen = [.. (await samples.BrowseAsync("gateway.mjs", gateway, chromium)).EnumerateArray()];

        Assert.Equal(["alice", "bob"], seen.Select(user => user.GetProperty("name").GetString()));
        Assert.All(seen, user =>
        {
            Assert.All(user.GetProperty("statuses").EnumerateArray(), status => Assert.Equal(200, status.GetInt32()));
            Assert.Contains("flat white", user.GetProperty("list").ToString());
            Assert.Contains("green tea", user.GetProperty("list").ToString());
            Assert.Equal(401, user.GetProperty("signedOut").GetInt32());
            Assert.Equal(0, user.GetProperty("cookies").GetArrayLength());
            string[] headers = [.. user.GetProperty("headers").EnumerateArray().Select(header => header.GetString()!)];
            Assert.Contains("cookie", headers);
            Assert.Empty(headers.Intersect(["authorization", "dpop", "dpop-nonce", "www-authenticate"], StringComparer.OrdinalIgnoreCase));
        });
    }

    /// <summary>The first request is an upload while no nonce is known, and the API takes longer to ask for one than the platform waits by default.</summary>
    [Theory]
    [InlineData("HTTP/1.1")]
    [InlineData("HTTP/2")]
    public async Task Bodies_stream_both_ways_and_what_is_for_one_side_does_not_reach_the_other(string protocol)
    {
        using LoopbackCertificate? certificate = CertificateFor(protocol);
        using SampleProcesses samples = new() { Trusted = certificate?.Files.Cert };
        string server = SampleProcesses.FreeAddress(), gateway = SampleProcesses.FreeAddress();
        await samples.StartAsync("SignInServer", $"--Urls={server}", "--TokenSeconds=600");
        await using StreamingApi api = await StreamingApi.StartAsync(server, certificate?.Files);
        await samples.StartAsync("Gateway", $"--Urls={gateway}", $"--Authority={server}", $"--Api={api.Address}");
        using HttpClient alice = await SignInAsync(gateway, server, "alice"), bob = await SignInAsync(gateway, server, "bob");

        Pipe body = new();
        Task<HttpResponseMessage> upload = alice.PostAsync("/api/upload", new StreamContent(body.Reader.AsStream()));
        await body.Writer.WriteAsync(new byte[HalfOfUpload]);

        // Somebody's buffer has the last of it.
        Task<long> received;
        do
        {
            received = api.Received.Reader.ReadAsync().AsTask();
            Assert.Same(received, await Task.WhenAny(received, upload).WaitAsync(Patience));
        }
        while (await received < HalfOfUpload / 2);

        await body.Writer.WriteAsync(new byte[HalfOfUpload]);
        await body.Writer.CompleteAsync();
        using HttpResponseMessage uploaded = await upload.WaitAsync(Patience);
        Assert.Equal((HttpStatusCode.OK, $"{2 * HalfOfUpload}"), (uploaded.StatusCode, await uploaded.Content.ReadAsStringAsync()));

        api.Feed.Writer.TryWrite("one");
        using HttpResponseMessage feed = await alice.GetAsync("/api/feed", HttpCompletionOption.ResponseHeadersRead).WaitAsync(Patience);
        using StreamReader lines = new(await feed.Content.ReadAsStreamAsync());
        Assert.Equal("one", await lines.ReadLineAsync().WaitAsync(Patience));
        api.Feed.Writer.TryWrite("two");
        Assert.Equal("two", await lines.ReadLineAsync().WaitAsync(Patience));
        api.Feed.Writer.Complete();
        Assert.Null(await lines.ReadLineAsync().WaitAsync(Patience));

        // Each has a key of its own; the nonce that the API gave for one serves the other as well.
        Assert.NotEqual(await alice.GetStringAsync("/api/key"), await bob.GetStringAsync("/api/key"));

        Assert.Equal(new[] { "/upload", "/upload", "/feed", "/key", "/key" }.Select(path => $"{protocol} {path}"), api.Seen.Select(seen => seen.Request));
        Assert.All(api.Seen, request => Assert.Empty(request.Headers.Intersect(["Cookie", "X-Forwarded-For", "X-Forwarded-Host", "X-Forwarded-Proto"], StringComparer.OrdinalIgnoreCase)));
        Assert.Empty(uploaded.Headers.Concat(feed.Headers).Select(header => header.Key).Intersect(["DPoP-Nonce", "WWW-Authenticate", "Set-Cookie"], StringComparer.OrdinalIgnoreCase));
    }

    [Theory]
    [InlineData("HTTP/1.1", 100_000, false)]
    [InlineData("HTTP/1.1", 20_000_000, true)]
    [InlineData("HTTP/2", 100_000, true)]
    [InlineData("HTTP/2", 20_000_000, false)]
    public async Task The_first_upload_arrives_whatever_its_length_and_whoever_says_it(string protocol, int length, bool isChunked)
    {
        using LoopbackCertificate? certificate = CertificateFor(protocol);
        using SampleProcesses samples = new() { Trusted = certificate?.Files.Cert };
        string server = SampleProcesses.FreeAddress(), gateway = SampleProcesses.FreeAddress();
        await samples.StartAsync("SignInServer", $"--Urls={server}", "--TokenSeconds=600");
        await using StreamingApi api = await StreamingApi.StartAsync(server, certificate?.Files);
        await samples.StartAsync("Gateway", $"--Urls={gateway}", $"--Authority={server}", $"--Api={api.Address}");
        using HttpClient alice = await SignInAsync(gateway, server, "alice");
        alice.DefaultRequestHeaders.TransferEncodingChunked = isChunked;

        using HttpResponseMessage uploaded = await alice.PostAsync("/api/upload", new ByteArrayContent(new byte[length])).WaitAsync(Patience);
        Assert.Equal((HttpStatusCode.OK, $"{length}"), (uploaded.StatusCode, await uploaded.Content.ReadAsStringAsync()));
        Assert.Equal([$"{protocol} /upload", $"{protocol} /upload"], api.Seen.Select(seen => seen.Request));
    }

    [Fact]
    public async Task Only_the_gateways_own_pages_reach_the_api_and_nobody_without_a_user()
    {
        using SampleProcesses samples = new();
        string server = SampleProcesses.FreeAddress(), gateway = SampleProcesses.FreeAddress();
        await samples.StartAsync("SignInServer", $"--Urls={server}", "--TokenSeconds=600");
        await using StreamingApi api = await StreamingApi.StartAsync(server);
        await samples.StartAsync("Gateway", $"--Urls={gateway}", $"--Authority={server}", $"--Api={api.Address}");
        using HttpClient nobody = Open(gateway, ""), alice = await SignInAsync(gateway, server, "alice");

        Assert.Equal(HttpStatusCode.Unauthorized, (await nobody.GetAsync("/api/key")).StatusCode);
        alice.DefaultRequestHeaders.Remove("Sec-Fetch-Site");
        alice.DefaultRequestHeaders.Add("Sec-Fetch-Site", "same-site");
        Assert.Equal(HttpStatusCode.Forbidden, (await alice.GetAsync("/api/key")).StatusCode);
        Assert.Equal(HttpStatusCode.Forbidden, (await alice.PostAsync("/sign-out", null)).StatusCode);
        Assert.Empty(api.Seen);
    }

    [Fact]
    public async Task A_script_can_tell_an_api_that_is_gone_from_a_sign_in_server_that_is()
    {
        using SampleProcesses samples = new();
        string server = SampleProcesses.FreeAddress(), gateway = SampleProcesses.FreeAddress();
        Process signIn = await samples.StartAsync("SignInServer", $"--Urls={server}", "--TokenSeconds=5");
        await using StreamingApi api = await StreamingApi.StartAsync(server);
        await samples.StartAsync("Gateway", $"--Urls={gateway}", $"--Authority={server}", $"--Api={api.Address}");
        using HttpClient alice = await SignInAsync(gateway, server, "alice");
        Assert.Equal(HttpStatusCode.OK, (await alice.GetAsync("/api/key")).StatusCode);

        await api.DisposeAsync();
        Assert.Equal(HttpStatusCode.BadGateway, (await alice.GetAsync("/api/key")).StatusCode);

        // The token serves until it expires.
        signIn.Kill(entireProcessTree: true);
        HttpStatusCode status;
        do
        {
            await Task.Delay(200);
            status = (await alice.GetAsync("/api/key")).StatusCode;
        }
        while (status == HttpStatusCode.BadGateway);

        Assert.Equal(HttpStatusCode.ServiceUnavailable, status);
    }

    /// <summary>The gateway speaks HTTP/2 where TLS offers it.</summary>
    private static LoopbackCertificate? CertificateFor(string protocol)
    {
        bool isEncrypted = protocol == "HTTP/2";
        Assert.SkipUnless(OperatingSystem.IsLinux() || !isEncrypted, "Only OpenSSL takes the certificates to trust from a file.");
        return isEncrypted ? new() : null;
    }

    private static async Task<HttpClient> SignInAsync(string gateway, string server, string user)
    {
        using Visitor visitor = new(new Uri(gateway), () => "");
        string page = await visitor.ReadAsync("/sign-in");
        using HttpClient form = new(new SocketsHttpHandler { AllowAutoRedirect = false });
        using FormUrlEncodedContent choice = new(new Dictionary<string, string> { ["request"] = Hidden().Match(page).Groups[1].Value, ["user"] = user });
        using HttpResponseMessage answer = await form.PostAsync(server + "/authorize", choice);
        await visitor.ReadAsync(answer.Headers.Location!.AbsoluteUri);
        return Open(gateway, visitor.Cookies);
    }

    /// <summary>What a page of the gateway sends.</summary>
    private static HttpClient Open(string gateway, string cookies)
    {
        HttpClient client = new(new SocketsHttpHandler { UseCookies = false, AllowAutoRedirect = false }) { BaseAddress = new Uri(gateway) };
        client.DefaultRequestHeaders.TryAddWithoutValidation("Cookie", cookies);
        client.DefaultRequestHeaders.Add("Sec-Fetch-Site", "same-origin");
        client.DefaultRequestHeaders.Add("Sec-Fetch-Mode", "cors");
        return client;
    }

    [GeneratedRegex("name=\"request\" value=\"([^\"]+)\"")]
    private static partial Regex Hidden();
}
