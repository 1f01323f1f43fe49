using System.Security.Cryptography;
using DpopHttp.Verification;
using StackExchange.Redis;

namespace DpopHttp.Redis;

/// <summary>
/// A secret for nonces that lives in Redis, so that all instances of an API have the same one without configuration: for
/// <see cref="DpopNonces(ReadOnlySpan{byte}, TimeSpan?, TimeProvider?)"/>. Whoever can read that database can make nonces, and nothing else.
/// </summary>
public static class DpopRedisNonceSecret
{
    /// <summary>The key that it is kept under unless told otherwise: "dpop:nonce-secret".</summary>
    public const string DefaultKey = "dpop:nonce-secret";

    /// <summary>Reads the secret. The first instance makes it.</summary>
    /// <param name="connection">The connection.</param>
    /// <param name="key">The key that it is kept under. Default: "dpop:nonce-secret". It doesn't expire.</param>
    /// <returns>32 random bytes, the same for all instances.</returns>
    /// <exception cref="ArgumentNullException">An argument is null.</exception>
    /// <exception cref="InvalidOperationException">What is kept under the key isn't a secret of this size.</exception>
    /// <exception cref="RedisException">Redis can't be reached, or doesn't take writes.</exception>
    public static async Task<byte[]> GetOrCreateAsync(IConnectionMultiplexer connection, string key = DefaultKey)
    {
        ArgumentNullException.ThrowIfNull(connection);
        ArgumentException.ThrowIfNullOrEmpty(key);
        IDatabase database = connection.GetDatabase();
        byte[] made = RandomNumberGenerator.GetBytes(DpopNonces.MinimumSecretSize);

        // Whoever is first makes it; everybody reads what is there then.
        await database.StringSetAsync(key, made, null, When.NotExists, CommandFlags.DemandMaster).ConfigureAwait(false);
        byte[]? kept = await database.StringGetAsync(key, CommandFlags.DemandMaster).ConfigureAwait(false);
        return kept?.Length == DpopNonces.MinimumSecretSize
            ? kept
            : throw new InvalidOperationException(
                $"The value under '{key}' in Redis isn't a secret of {DpopNonces.MinimumSecretSize} bytes. Delete it, or name another key.");
    }
}
