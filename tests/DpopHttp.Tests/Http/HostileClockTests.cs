using System.Net;
using DpopHttp.Tests.Support;
using Microsoft.Extensions.Time.Testing;

namespace DpopHttp.Tests.Http;

/// <summary>A time that somebody else tells is believed within bounds, for a while, and not against what later answers show.</summary>
public class HostileClockTests
{
    private static readonly Uri Api = new("https://api.example.com/");

    public static TheoryData<HttpStatusCode, string?, int> HonestRefusals => new()
    {
        { HttpStatusCode.Unauthorized, "DPoP error=\"invalid_token\"", 5 },
        { HttpStatusCode.Unauthorized, "DPoP error=\"invalid_request\"", 5 },
        { HttpStatusCode.Unauthorized, "DPoP", 5 },
        { HttpStatusCode.Unauthorized, null, 5 },
        { HttpStatusCode.BadRequest, "DPoP error=\"invalid_dpop_proof\"", 5 },
        { HttpStatusCode.BadRequest, null, 4 },
    };

    [Theory]
    [MemberData(nameof(HonestRefusals))]
    public async Task An_origin_is_not_poisoned_by_one_wrong_date(HttpStatusCode status, string? challenge, int succeed)
    {
        FakeTimeProvider time = new(DateTimeOffset.UnixEpoch.AddYears(60));
        bool isPoisoning = true;
        StubHandler server = new(request =>
        {
            long iat = DecodedProof.Read(request.Headers.GetValues("DPoP").Single()).GetPayloadValue<long>("iat");
            long now = time.GetUtcNow().ToUnixTimeSeconds();
            if (isPoisoning)
            {
                // Fifty minutes ahead, and the proof of that time is accepted.
                return iat > now ? new HttpResponseMessage(HttpStatusCode.OK) : Refusal(HttpStatusCode.Unauthorized, "DPoP error=\"invalid_dpop_proof\"", time.GetUtcNow().AddMinutes(50));
            }

            return Math.Abs(iat - now) < 60 ? new HttpResponseMessage(HttpStatusCode.OK) : Refusal(status, challenge, time.GetUtcNow());
        });
        using DpopKey key = DpopKey.Generate();
        using HttpMessageInvoker client = key.Invoker(server, new DpopOptions { TimeProvider = time });
        using HttpResponseMessage poisoned = await client.GetAsync(Api, async: true, "DPoP opaque");
        Assert.Equal(HttpStatusCode.OK, poisoned.StatusCode);
        isPoisoning = false;
        int succeeded = 0;
        for (int i = 0; i < 5; i++)
        {
            using HttpResponseMessage response = await client.GetAsync(Api, async: true, "DPoP opaque");
            succeeded += response.StatusCode == HttpStatusCode.OK ? 1 : 0;
        }

        Assert.Equal(succeed, succeeded);
    }

    [Fact]
    public async Task No_proof_is_made_for_more_than_an_hour_from_now()
    {
        FakeTimeProvider time = new(DateTimeOffset.UnixEpoch.AddYears(60));
        StubHandler server = new(_ => Refusal(HttpStatusCode.Unauthorized, "DPoP error=\"invalid_dpop_proof\"", time.GetUtcNow().AddSeconds(86_399)));
        using DpopKey key = DpopKey.Generate();
        using HttpMessageInvoker client = key.Invoker(server, new DpopOptions { TimeProvider = time });
        using HttpResponseMessage response = await client.GetAsync(Api, async: true, "DPoP opaque");
        Assert.Single(server.Proofs);
    }

    [Fact]
    public async Task An_offset_whose_replay_was_refused_is_not_kept()
    {
        FakeTimeProvider time = new(DateTimeOffset.UnixEpoch.AddYears(60));
        StubHandler server = new(_ => Refusal(HttpStatusCode.Unauthorized, "DPoP error=\"invalid_dpop_proof\"", time.GetUtcNow().AddMinutes(50)));
        using DpopKey key = DpopKey.Generate();
        using HttpMessageInvoker client = key.Invoker(server, new DpopOptions { TimeProvider = time });
        for (int i = 0; i < 2; i++)
        {
            using HttpResponseMessage response = await client.GetAsync(Api, async: true, "DPoP opaque");
        }

        Assert.Equal([0, 3000, 0, 3000], server.Proofs.Select(p => DecodedProof.Read(p).GetPayloadValue<long>("iat") - time.GetUtcNow().ToUnixTimeSeconds()));
    }

    [Fact]
    public async Task An_offset_is_forgotten_after_an_hour()
    {
        FakeTimeProvider time = new(DateTimeOffset.UnixEpoch.AddYears(60));
        bool isOff = true;
        StubHandler server = new(request => !isOff || DecodedProof.Read(request.Headers.GetValues("DPoP").Single()).GetPayloadValue<long>("iat") > time.GetUtcNow().ToUnixTimeSeconds() + 60
            ? new HttpResponseMessage(HttpStatusCode.OK)
            : Refusal(HttpStatusCode.Unauthorized, "DPoP error=\"invalid_dpop_proof\"", time.GetUtcNow().AddMinutes(10)));
        using DpopKey key = DpopKey.Generate();
        using HttpMessageInvoker client = key.Invoker(server, new DpopOptions { TimeProvider = time });
        async Task<long> OffsetOfNextAsync()
        {
            using HttpResponseMessage response = await client.GetAsync(Api, async: true, "DPoP opaque");
            return DecodedProof.Read(server.Proofs[^1]).GetPayloadValue<long>("iat") - time.GetUtcNow().ToUnixTimeSeconds();
        }

        Assert.Equal(600, await OffsetOfNextAsync());
        isOff = false;
        time.Advance(TimeSpan.FromMinutes(59));
        Assert.Equal(600, await OffsetOfNextAsync());
        time.Advance(TimeSpan.FromMinutes(2));
        Assert.Equal(0, await OffsetOfNextAsync());
    }

    private static HttpResponseMessage Refusal(HttpStatusCode status, string? challenge, DateTimeOffset date)
    {
        HttpResponseMessage response = new(status);
        response.Headers.Date = date;
        if (challenge is not null)
        {
            response.Headers.TryAddWithoutValidation("WWW-Authenticate", challenge);
        }

        return response;
    }
}
