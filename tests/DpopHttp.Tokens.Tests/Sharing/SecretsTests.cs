using System.Buffers.Text;
using System.Security.Cryptography;
using System.Text;
using System.Text.Json;
using Microsoft.Extensions.DependencyInjection;

namespace DpopHttp.Tokens.Tests.Sharing;

/// <summary>What whoever can read Redis gets to see.</summary>
public class SecretsTests
{
    [Fact]
    public async Task Redis_holds_neither_private_keys_nor_client_secrets_nor_refresh_tokens()
    {
        await using RedisServer redis = await RedisServer.StartAsync();
        await using RefreshTokenServer server = await RefreshTokenServer.StartAsync();
        DirectoryInfo folder = Directory.CreateTempSubdirectory();
        try
        {
            string keyFile = Path.Combine(folder.FullName, "key.jwk");
            string secret = RandomNumberGenerator.GetHexString(32), firstRefreshToken = RandomNumberGenerator.GetHexString(32);
            ServiceCollection services = new();
            services.AddStackExchangeRedisCache(options => options.Configuration = redis.Configuration);
            services.AddHttpClient("service").AddDpop(options => options.KeyFile = keyFile).AddDpopClientCredentials(Set);
            services.AddHttpClient("user").AddDpop(options => options.KeyFile = keyFile).AddDpopRefreshToken(options =>
            {
                Set(options);
                options.Store = DpopRefreshTokenStore.InMemory(new DpopRefreshToken(firstRefreshToken, null));
            });
            await using ServiceProvider provider = services.BuildServiceProvider();
            foreach (string name in (string[])["service", "user"])
            {
                using HttpClient client = provider.GetRequiredService<IHttpClientFactory>().CreateClient(name);
                using HttpResponseMessage response = await client.GetAsync(new Uri(server.Address, "api"));
                response.EnsureSuccessStatusCode();
            }

            await using RedisContent content = await RedisContent.OpenAsync(redis);
            byte[] all = await content.DumpAsync();
            Assert.True(Holds(server.AccessTokens.Single(token => token.Value == "client_credentials").Key));
            Assert.False(Holds(server.AccessTokens.Single(token => token.Value == "refresh_token").Key));
            Assert.Equal(2, server.RefreshTokens.Count);
            Assert.All([firstRefreshToken, .. server.RefreshTokens.Keys, secret], text => Assert.False(Holds(text)));
            using JsonDocument jwk = JsonDocument.Parse(await File.ReadAllTextAsync(keyFile));
            string privateKey = jwk.RootElement.GetProperty("d").GetString()!;
            Assert.False(Holds(privateKey));
            Assert.True(all.AsSpan().IndexOf(Base64Url.DecodeFromChars(privateKey)) < 0);

            bool Holds(string text) => all.AsSpan().IndexOf(Encoding.UTF8.GetBytes(text)) >= 0;

            void Set(DpopTokenOptions options)
            {
                options.TokenEndpoint = new Uri(server.Address, "token");
                options.ClientId = "orders";
                options.ClientSecret = secret;
            }
        }
        finally
        {
            folder.Delete(recursive: true);
        }
    }
}
