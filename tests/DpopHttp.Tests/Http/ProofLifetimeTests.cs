using System.Globalization;
using System.Net;
using System.Text.Json;
using DpopHttp.Tests.Support;
using Microsoft.AspNetCore.Http;
using Microsoft.Extensions.Time.Testing;

namespace DpopHttp.Tests.Http;

/// <summary>A server on a socket that takes no proof without an exp within two minutes of its own clock.</summary>
public class ProofLifetimeTests
{
    private static readonly TimeSpan Longest = TimeSpan.FromMinutes(2);

    /// <summary>How far the server's clock is ahead of the client's, and what the first request then costs.</summary>
    [Theory]
    [InlineData(0, 1, true)]
    [InlineData(0, 1, false)]
    [InlineData(10, 2, true)]
    [InlineData(-10, 2, false)]
    public async Task Every_proof_of_an_hour_is_accepted(int minutesAhead, int first, bool async)
    {
        FakeTimeProvider time = new(TimeProvider.System.GetUtcNow());
        FakeTimeProvider serversTime = new(time.GetUtcNow().AddMinutes(minutesAhead));
        int requests = 0;
        await using LoopbackServer server = await StartAsync(serversTime, () => requests++);
        using DpopKey key = DpopKey.Generate();
        using HttpClient client = key.Client(new DpopOptions { TimeProvider = time, ProofLifetime = Longest });
        for (int minute = 0; minute < 60; minute++)
        {
            using HttpResponseMessage response = await client.GetAsync(server.BaseAddress, async);
            Assert.Equal((HttpStatusCode.OK, first + minute), (response.StatusCode, requests));
            time.Advance(TimeSpan.FromMinutes(1));
            serversTime.Advance(TimeSpan.FromMinutes(1));
        }
    }

    [Fact]
    public async Task Proofs_have_no_exp_unless_asked_for()
    {
        FakeTimeProvider time = new(TimeProvider.System.GetUtcNow());
        await using LoopbackServer server = await StartAsync(time, () => { });
        using DpopKey key = DpopKey.Generate();
        using HttpClient client = key.Client(new DpopOptions { TimeProvider = time });
        using HttpResponseMessage response = await client.GetAsync(server.BaseAddress, async: true);
        Assert.Equal(HttpStatusCode.Unauthorized, response.StatusCode);
    }

    [Theory]
    [InlineData("00:00:00.999", null, "ProofLifetime is 00:00:00.9990000: give a time from 00:00:01 to 01:00:00")]
    [InlineData("-00:01:00", null, "ProofLifetime is -00:01:00")]
    [InlineData("01:00:01", null, "ProofLifetime is 01:00:01")]
    [InlineData("00:02:00", "exp", "AdditionalClaims has 'exp', and ProofLifetime is set")]
    public void A_wrong_lifetime_is_told_when_the_handler_is_made(string lifetime, string? claim, string message)
    {
        using DpopKey key = DpopKey.Generate();
        DpopOptions options = new() { ProofLifetime = TimeSpan.Parse(lifetime, CultureInfo.InvariantCulture) };
        if (claim is not null)
        {
            options.AdditionalClaims[claim] = 1;
        }

        Assert.Contains(message, Assert.Throws<ArgumentException>("options", () => new DpopHandler(key, options)).Message, StringComparison.Ordinal);
    }

    private static Task<LoopbackServer> StartAsync(TimeProvider time, Action count)
    {
        DpopProofVerifier verifier = new() { TimeProvider = time };
        return LoopbackServer.StartAsync(context =>
        {
            count();
            DpopProofResult proof = verifier.Verify(new DpopProofContext(
                context.Request.Method, $"http://{context.Request.Host}{context.Request.Path}", context.Request.Headers["DPoP"].OfType<string>()));
            DateTimeOffset now = time.GetUtcNow();
            bool isAccepted = proof.IsValid && proof.Claims.TryGetValue("exp", out JsonElement exp)
                && DateTimeOffset.FromUnixTimeSeconds(exp.GetInt64()) is var end && end > now && end <= now + Longest;
            context.Response.Headers.Date = now.ToString("R", CultureInfo.InvariantCulture);
            if (!isAccepted)
            {
                context.Response.StatusCode = StatusCodes.Status401Unauthorized;
                context.Response.Headers.WWWAuthenticate = "DPoP error=\"invalid_dpop_proof\"";
            }

            return Task.CompletedTask;
        });
    }
}
