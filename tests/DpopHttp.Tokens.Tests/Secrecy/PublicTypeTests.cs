using System.Text.Json;
using DpopHttp.Tests.Keys;
using DpopHttp.Tokens.Tests.Support;
using Microsoft.Extensions.DependencyInjection;

namespace DpopHttp.Tokens.Tests.Secrecy;

/// <summary>Client secrets, the keys of assertions, refresh tokens and the tokens of a source are in nothing that gets printed, serialized or watched.</summary>
public sealed class PublicTypeTests : IDisposable
{
    private const string Secret = "the-client-secret";
    private const string RefreshToken = "the-refresh-token";
    private const string AccessToken = "the-access-token";

    private readonly DpopKey _assertionKey = DpopKey.Generate();
    private readonly DirectoryInfo _folder = Directory.CreateTempSubdirectory();

    private string AssertionSecret => JsonDocument.Parse(_assertionKey.ExportPrivateJwk()).RootElement.GetProperty("d").GetString()!;

    public void Dispose()
    {
        _assertionKey.Dispose();
        _folder.Delete(recursive: true);
    }

    [Fact]
    public async Task No_public_type_shows_a_secret()
    {
        object[] holders = await HoldersAsync();
        Type[] types = [.. typeof(DpopTokenException).Assembly.GetExportedTypes().Where(type => !(type.IsAbstract && type.IsSealed) && !type.IsEnum && !type.IsInterface)];
        Assert.All(types, type => Assert.Contains(holders, type.IsInstanceOfType));
        foreach (object holder in holders)
        {
            foreach (string secret in (string[])[Secret, AssertionSecret, RefreshToken, AccessToken])
            {
                Assert.DoesNotContain(secret, holder.ToString()!, StringComparison.Ordinal);
                Assert.DoesNotContain(secret, DebuggerView.Of(holder), StringComparison.Ordinal);
            }
        }

        Assert.Contains("orders-worker", DebuggerView.Of(holders[0]), StringComparison.Ordinal);
    }

    [Fact]
    public async Task No_serialized_options_show_a_secret()
    {
        foreach (DpopTokenOptions options in (await HoldersAsync()).OfType<DpopTokenOptions>())
        {
            string json = JsonSerializer.Serialize(options, options.GetType());
            Assert.Contains("orders-worker", json, StringComparison.Ordinal);
            Assert.DoesNotContain(Secret, json, StringComparison.Ordinal);
            Assert.DoesNotContain(AssertionSecret, json, StringComparison.Ordinal);
        }
    }

    private async Task<object[]> HoldersAsync()
    {
        DpopRefreshToken token = new(RefreshToken, _assertionKey.Thumbprint);
        DpopRefreshTokenStore memory = DpopRefreshTokenStore.InMemory(token), file = DpopRefreshTokenStore.InFile(Path.Combine(_folder.FullName, "token.json"));
        await file.SaveAsync(token, CancellationToken.None);
        await using TokenBench accepted = await TokenBench.StartAsync(options => options.ClientSecret = Secret);
        await using TokenBench refused = await TokenBench.StartAsync(options => options.ClientSecret = Secret);
        refused.Tokens.Refuse(401, "invalid_client");
        await using TokenBench lost = await TokenBench.StartAsync(addTokens: (client, server) => client.AddDpopRefreshToken(options =>
            (options.TokenEndpoint, options.ClientId, options.Store) = (server.TokenEndpoint, "orders-cli", memory)));
        DpopClientAssertionContext? context = null;
        await using TokenBench asking = await TokenBench.StartAsync(options => (options.ClientSecret, options.ClientAssertion) = (null, (asked, _) =>
        {
            context = asked;
            return new("a.b.c");
        }));
        (await asking.GetAsync()).Dispose();
        DpopTokenContext? wanted = null;
        DpopTokenResponse answer = new(AccessToken, "DPoP");
        await using TokenBench given = await TokenBench.StartAsync(addTokens: (client, _) => client.AddDpopToken(options => options.GetToken = (context, _) =>
        {
            wanted = context;
            return new(answer);
        }));
        (await given.GetAsync()).Dispose();
        return
        [
            new DpopClientCredentialsOptions { ClientId = "orders-worker", ClientSecret = Secret },
            new DpopClientCredentialsOptions { ClientId = "orders-worker", ClientAssertionJwk = _assertionKey.ExportPrivateJwk() },
            new DpopRefreshTokenOptions { ClientId = "orders-worker", ClientSecret = Secret, Store = memory },
            token,
            new DpopTokenParameters { Scope = "orders" },
            new DpopTokenSourceOptions(),
            wanted!,
            answer,
            context!,
            await accepted.Services.GetRequiredService<IDpopTokens>().GetAsync(TokenBench.Client),
            memory,
            file,
            await Assert.ThrowsAsync<DpopTokenException>(() => refused.GetAsync()),
            await Assert.ThrowsAsync<DpopException>(() => lost.GetAsync()),
        ];
    }
}
