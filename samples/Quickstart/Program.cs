using DpopHttp;
using DpopHttp.AspNetCore;
using LoopbackServers;
using Microsoft.Extensions.DependencyInjection;
using Orders;
using Quickstart;

// The servers report every exchange: what is shown is what went over the wire, not what the client believes.
Wire wire = new();
Story story = new(wire);
try
{
    await using var authorizationServer = await LoopbackAuthorizationServer.StartAsync(new() { OnExchange = wire.Note });
    await using var api = await LoopbackApi.StartAsync(new() { Issuer = authorizationServer.Issuer, OnExchange = wire.Note });

    // All there is to set up on the client's side: a key, and AddDpop on the clients that share it.
    using DpopKey key = DpopKey.Generate();
    ServiceCollection services = new();
    services.AddHttpClient<TokenClient>().AddDpop(o => o.Key = key);
    services.AddHttpClient<OrdersClient>(http => http.BaseAddress = api.BaseAddress).AddDpop(o => o.Key = key);

    await using ServiceProvider provider = services.BuildServiceProvider();
    TokenClient tokens = provider.GetRequiredService<TokenClient>();
    using HttpClient http = provider.GetRequiredService<IHttpClientFactory>().CreateClient(nameof(OrdersClient));
    OrdersClient orders = new(http);

    Paper.Title("The owner of a token");
    Paper.Fact("authorization server", authorizationServer.Issuer);
    Paper.Fact("API", $"{api.BaseAddress}");
    Paper.Fact("the client's key", $"{key.Algorithm}, thumbprint {key.Thumbprint}");

    story.Step(
        "The client gets a token",
        "It knows no nonce yet. The server asks for one, and the handler sends the request again with a new proof that has it; the "
        + "calling code only sees the token.");
    string token = await tokens.GetTokenAsync(
        authorizationServer.TokenEndpoint, authorizationServer.ClientId, authorizationServer.ClientSecret);
    IReadOnlyList<LoopbackExchange> seen = story.Show();
    story.Expect(seen is [{ Status: 400, Error: "use_dpop_nonce" }, { Status: 200 }], "one challenge, then the token");
    story.Expect(seen[1].Answers(seen[0]), "the second request has a proof of its own, with the nonce from the challenge");
    string? boundTo = JwtPayload.Read(token).GetProperty("cnf").GetProperty("jkt").GetString();
    story.Expect(boundTo == key.Thumbprint, "the token is bound to the client's key: its cnf.jkt is the key's thumbprint");

    story.Step(
        "It calls the API",
        "The API has nonces of its own, so the first call is challenged as well. The proof now also has ath, the hash of the token: it "
        + "is good for this token only.");
    http.DefaultRequestHeaders.Authorization = new("DPoP", token);
    Order[] list = await orders.ListAsync();
    seen = story.Show();
    story.Expect(seen is [{ Status: 401, Error: "use_dpop_nonce" }, { Status: 200 }], "one challenge, then the orders");
    story.Expect(seen[1].Answers(seen[0]), "the second request has a proof of its own, with the nonce from the challenge");
    story.Expect(list is [{ Item: "espresso beans" }], "the calling code got its list");

    story.Step("It places an order", "The nonce is known now.");
    Order? placed = await orders.PlaceAsync("filter papers", 100);
    string? knownNonce = seen[1].Claim("nonce");
    seen = story.Show();
    story.Expect(seen is [{ Status: 201 }] && seen[0].Claim("nonce") == knownNonce, "one request only, with the nonce that is known");
    story.Expect(placed?.Id == 2, "the order arrived once");

    story.Step(
        "The API changes its nonce",
        "The one before is good for a while longer. The answer to the next call brings the new one, and the call after that already "
        + "has it.");
    api.RotateNonce();
    await orders.ListAsync();
    await orders.ListAsync();
    seen = story.Show();
    story.Expect(seen is [{ Status: 200, NonceGiven: not null }, { Status: 200, NonceGiven: null }], "two calls, no challenge");
    story.Expect(seen[1].Claim("nonce") == seen[0].NonceGiven, "the second proof has the new nonce");

    Paper.Title("The thief of a token");
    LoopbackExchange loot = seen[1];
    using HttpClient plainHttp = new();
    using Thief thief = new(plainHttp, loot.AccessToken!);
    Uri ordersUri = new(api.BaseAddress, "orders");
    Paper.Fact("stolen from a log", $"the token {Paper.Shorten(loot.AccessToken)} and the proof of the last request, both in full");

    story.Step("The thief sends both once more", "The same request, byte for byte.");
    DpopChallenge? challenge = await thief.TryAsync(HttpMethod.Get, ordersUri, "DPoP", loot.Proof);
    story.ExpectRefusal(
        "replay", challenge, "invalid_dpop_proof", "each proof is good for one request, and its jti was seen before");

    story.Step("The thief signs a proof of its own", "Fresh, and right in every claim, but by another key.");
    challenge = await thief.TryAsync(HttpMethod.Get, ordersUri, "DPoP", thief.MakeProof(HttpMethod.Get, ordersUri, loot.Claim("nonce")));
    story.ExpectRefusal(
        "key_binding", challenge, "invalid_token", "the token names the key it is bound to, and the thief has not got it");

    story.Step("The thief sends the token as plain Bearer", "Without any proof.");
    challenge = await thief.TryAsync(HttpMethod.Get, ordersUri, "Bearer", proof: null);
    story.ExpectRefusal(
        DpopRefusalReasons.BoundTokenAsBearer, challenge, "invalid_token", "a token that is bound to a key is not good without a proof");

    story.Step("The thief uses the proof for another method", "An order, with a proof that was made for reading.");
    challenge = await thief.TryAsync(HttpMethod.Post, ordersUri, "DPoP", loot.Proof);
    story.ExpectRefusal(
        "method", challenge, "invalid_dpop_proof", "a proof names the method that it is for");

    story.Step("The thief uses the proof for another URL", "One order, with a proof that was made for the list.");
    challenge = await thief.TryAsync(HttpMethod.Get, new Uri(api.BaseAddress, "orders/1"), "DPoP", loot.Proof);
    story.ExpectRefusal(
        "uri", challenge, "invalid_dpop_proof", "a proof names the URL that it is for");

    story.Step("The owner goes on", "None of this has disturbed the client.");
    list = await orders.ListAsync();
    seen = story.Show();
    story.Expect(seen is [{ Status: 200 }], "one request, as before");
    story.Expect(list.Length == 2, "and no order but its own");
    return story.End();
}
catch (Exception exception)
{
    return story.Fail(exception);
}
