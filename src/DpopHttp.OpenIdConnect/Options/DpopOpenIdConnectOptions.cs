using DpopHttp.OpenIdConnect.Stores;
using Microsoft.Extensions.Caching.Distributed;
using Microsoft.Extensions.DependencyInjection;

namespace DpopHttp.OpenIdConnect;

/// <summary>How an OpenID Connect scheme uses DPoP (RFC 9449), and where it keeps the users' tokens.</summary>
public class DpopOpenIdConnectOptions
{
    /// <summary>The largest number of sessions that are kept in this process by default.</summary>
    internal const int DefaultSessionLimit = 100_000;

    /// <summary>The app's key. Null (the default): see <see cref="KeyFile"/>.</summary>
    public DpopKey? Key { get; set; }

    /// <summary>The name of a key that <c>AddDpopKey</c> or a client defines. Null (the default): the scheme has a key of its own.</summary>
    public string? KeyName { get; set; }

    /// <summary>
    /// The file that the app's key is kept in; it is made if it isn't there. Null (the default): a key that lives as long as the process, after whose end
    /// users must sign in again.
    /// </summary>
    public string? KeyFile { get; set; }

    /// <summary>Encrypts <see cref="KeyFile"/>. Null (the default): the file can be read by its owner alone, and isn't encrypted.</summary>
    public DpopKeyProtection? KeyFileProtection { get; set; }

    /// <summary>One of <see cref="DpopAlgorithms"/>, for keys that are made. Null (the default): <see cref="DpopAlgorithms.ES256"/>.</summary>
    public string? KeyAlgorithm { get; set; }

    /// <summary>
    /// Whether each session has a key of its own, made at sign-in and kept with the session, encrypted by Data Protection. Default: false, one key for
    /// the app.
    /// </summary>
    public bool KeyPerSession { get; set; }

    /// <summary>
    /// Keeps the sessions. Null (the default): the memory of this process, for <see cref="SessionLimit"/> sessions at most; after its end users must sign in
    /// again. See <see cref="UseDistributedCache(Func{string, CancellationToken, ValueTask{IAsyncDisposable}})"/> for several instances.
    /// </summary>
    public DpopSessionStore? Store { get; set; }

    /// <summary>How many sessions the memory of this process keeps; those that were unused for longest make room. Default: 100,000.</summary>
    public int SessionLimit { get; set; } = DefaultSessionLimit;

    /// <summary>How long a session is kept when nobody uses it. Default: 14 days, as cookies are by default.</summary>
    public TimeSpan SessionLifetime { get; set; } = TimeSpan.FromDays(14);

    /// <summary>Whether sign-out revokes the session's refresh token (RFC 7009), where the server's metadata has a revocation endpoint. Default: true.</summary>
    public bool RevokeOnSignOut { get; set; } = true;

    /// <summary>Whether the authorization server may be on plain http on a host other than a loopback one. For development. Default: false.</summary>
    public bool AllowInsecureHttp { get; set; }

    /// <summary>
    /// Further parameters of renewals, such as a <c>scope</c>. The <c>Resource</c> of the OpenID Connect options is sent without being named here
    /// (RFC 8707 section 2.2).
    /// </summary>
    public IDictionary<string, string> Parameters { get; } = new Dictionary<string, string>(StringComparer.Ordinal);

    /// <summary>Makes the store with the container's help; wins over <see cref="Store"/>.</summary>
    internal Func<IServiceProvider, DpopSessionStore>? CreateStore { get; private set; }

    /// <summary>
    /// Keeps the sessions in the container's <see cref="IDistributedCache"/>, which several instances share. They must share the Data Protection keys and
    /// the DPoP key too.
    /// </summary>
    /// <param name="takeLock">
    /// Takes a lock under the name that it is given, so that one instance renews a session at a time; see <see cref="DpopSessionStore.LockAsync"/>. A
    /// distributed cache has none of its own. Null (the default): no lock, which is logged once as a warning.
    /// </param>
    public void UseDistributedCache(Func<string, CancellationToken, ValueTask<IAsyncDisposable?>>? takeLock = null) =>
        UseStore(services => new DistributedCacheSessionStore(services.GetRequiredService<IDistributedCache>(), takeLock));

    /// <summary>Keeps the sessions in a store that is made with the help of the container's services.</summary>
    /// <param name="create">Makes the store, once.</param>
    public void UseStore(Func<IServiceProvider, DpopSessionStore> create)
    {
        ArgumentNullException.ThrowIfNull(create);
        CreateStore = create;
    }
}
