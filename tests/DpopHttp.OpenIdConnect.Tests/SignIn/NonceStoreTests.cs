using System.Collections.Concurrent;
using DpopHttp.OpenIdConnect.Tests.Support;
using Microsoft.Extensions.DependencyInjection;

namespace DpopHttp.OpenIdConnect.Tests.SignIn;

/// <summary>A web app that starts anew, at oidc-provider, which demands nonces at every endpoint that takes proofs.</summary>
public sealed class NonceStoreTests
{
    [Fact]
    public async Task The_first_sign_in_after_a_start_isnt_challenged_where_nonces_outlive_the_process()
    {
        await using Site site = await Site.StartAsync();
        Shelf store = new();
        async Task SignInAsync(params string[] sent)
        {
            await using WebApp app = await WebApp.StartAsync(site, new()
            {
                // The second that a store has is not to run out on a busy machine.
                Services = services => services.AddSingleton<DpopNonceStore>(store).AddSingleton<TimeProvider>(new HeldTimers(site.Time)),
            });
            using Visitor visitor = app.Open();
            Assert.Equal("alice", await visitor.ReadAsync("/in"));
            app.AssertSent(sent);
        }

        await SignInAsync("POST /request 400", "POST /request 201", "POST /token 200", "GET /me 200");
        await SignInAsync("POST /request 201", "POST /token 200", "GET /me 200");
    }

    private sealed class Shelf : DpopNonceStore
    {
        private readonly ConcurrentDictionary<string, string> _nonces = new(StringComparer.Ordinal);

        public override ValueTask<string?> LoadAsync(string name, CancellationToken cancellationToken) => new(_nonces.GetValueOrDefault(name));

        public override ValueTask SaveAsync(string name, string nonce, CancellationToken cancellationToken)
        {
            _nonces[name] = nonce;
            return default;
        }
    }
}
