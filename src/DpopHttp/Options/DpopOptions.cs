using System.Text.Json.Nodes;
using System.Text.Json.Serialization;

namespace DpopHttp;

/// <summary>How one client uses DPoP. The defaults are safe; binds from configuration.</summary>
public class DpopOptions
{
    /// <summary>
    /// The key to sign with. Null (the default): see <see cref="KeyFile"/>. A key that is set here isn't disposed with the client. Options are read anew
    /// when configuration changes: a key that is generated in the delegate is another one then.
    /// </summary>
    public DpopKey? Key { get; set; }

    /// <summary>
    /// The path of a file that keeps the key: see <see cref="DpopKeyFile"/>. The file is opened, or made, when the host starts, or else at first
    /// use. A relative path starts at the host's content root, or without a host at the working directory. Null (the default) lets the process make
    /// a key for the client at first use; tokens must not outlive that key.
    /// </summary>
    public string? KeyFile { get; set; }

    /// <summary>
    /// Encrypts the <see cref="KeyFile"/>: <see cref="DpopKeyProtection.FromPassphrase"/>, or means of the application's own. Null (the default): it is
    /// not encrypted.
    /// </summary>
    [JsonIgnore]
    public DpopKeyProtection? KeyFileProtection { get; set; }

    /// <summary>
    /// The name of the key to sign with, which is defined elsewhere: by <c>services.AddDpopKey(name, ...)</c>, or by the client of that name, whose key is
    /// shared then. Null (the default): the key is called like the client, and is what <see cref="Key"/>, <see cref="KeyFile"/>,
    /// <see cref="KeyFileProtection"/> and <see cref="KeyAlgorithm"/> say. A name that isn't defined, and a name together with one of these, is an
    /// error when the host starts, or else when the client is made.
    /// </summary>
    public string? KeyName { get; set; }

    /// <summary>
    /// The algorithm of a key that is made for the client, and the one that the key in <see cref="KeyFile"/> must have. Null (the default): ES256
    /// for a new key, and any for one that is there.
    /// </summary>
    public string? KeyAlgorithm { get; set; }

    /// <summary>Lets requests go over plain http to hosts other than loopback. Default: false. Tokens can then be read on the way.</summary>
    public bool AllowInsecureHttp { get; set; }

    /// <summary>The only origins that requests may go to, each as scheme, host and port. Empty (the default): any.</summary>
    public ICollection<Uri> AllowedOrigins { get; } = [];

    /// <summary>
    /// Says of an origin that is not in <see cref="AllowedOrigins"/> whether requests may go there, for hosts that service discovery names while the
    /// program runs. Given the request's URI; looked at by scheme, host and port. Default: null, nothing more is allowed. Code-only.
    /// </summary>
    public Predicate<Uri>? IsAllowedOrigin { get; set; }

    /// <summary>What to do with the scheme Bearer. Default: <see cref="BearerTokenHandling.Upgrade"/>.</summary>
    public BearerTokenHandling BearerTokens { get; set; }

    /// <summary>
    /// Whether a proof that a server refuses is made again by the server's clock, if its Date differs from ours by more than 5 seconds
    /// and at most an hour. The difference is kept for the origin, for an hour at most. Default: true.
    /// </summary>
    public bool LearnClockOffset { get; set; } = true;

    /// <summary>
    /// Whether redirects are followed where the primary handler is set to. Default: true. Turn it off for requests that post secrets, such as those
    /// to a token endpoint: a redirect that keeps the method takes the body along, to another origin too (RFC 9700 section 4.12).
    /// </summary>
    public bool FollowRedirects { get; set; } = true;

    /// <summary>
    /// How much of a body that can be read only once is copied while it is sent, in bytes: a body that ends within this length can be sent again when the server asks
    /// for another proof. Default: 65,536. A longer one goes out with <c>Expect: 100-continue</c> where the server answers that.
    /// </summary>
    public int ReplayBufferLimit { get; set; } = 64 * 1024;

    /// <summary>
    /// Whether a request without a body (HEAD, with token and proof) goes ahead of a body longer than <see cref="ReplayBufferLimit"/>, or a stream of unknown length, to
    /// learn the server's nonce, unless one came in the last ten seconds. For uploads through servers and proxies that answer <c>Expect: 100-continue</c> before anybody has looked at the proof, so
    /// that a refusal comes too late. Default: false.
    /// </summary>
    public bool ProbeBeforeUpload { get; set; }

    /// <summary>
    /// Gives the <c>htu</c> claim for a request, for servers behind a gateway that rewrites paths; null from it means the request's
    /// own URI. Default: null. The text goes into the proof as it is.
    /// </summary>
    public Func<HttpRequestMessage, string?>? HtuOverride { get; set; }

    /// <summary>Further claims for every proof (RFC 9449 section 4.2 allows them). The claims of the standard cannot be set here.</summary>
    public IDictionary<string, JsonNode?> AdditionalClaims { get; } = new Dictionary<string, JsonNode?>();

    /// <summary>
    /// How long after its <c>iat</c> a proof expires: the <c>exp</c> claim (RFC 7519 section 4.1.4), for servers that ask for it. From a second to an hour; fractions of a
    /// second are dropped. Null (the default): proofs have no <c>exp</c>.
    /// </summary>
    public TimeSpan? ProofLifetime { get; set; }

    /// <summary>
    /// Adds claims and header members to the proof of each attempt, replays included: an <c>exp</c> of the application's own, a digest of the body. Called before each
    /// signature, by several threads at once. Default: null. What it throws reaches the caller, and the attempt isn't sent. Code-only.
    /// </summary>
    public Action<DpopProofBuilder>? ConfigureProof { get; set; }

    /// <summary>
    /// Keeps nonces beyond the process, so that its first request to a server that demands them isn't challenged. Null (the default): the container's
    /// <see cref="DpopNonceStore"/> if it has one, else nonces live as long as the process. The requests for the client's own tokens use it too. Code-only.
    /// </summary>
    [JsonIgnore]
    public DpopNonceStore? NonceStore { get; set; }

    /// <summary>The clock that <c>iat</c> is read from. Null (the default): the container's <see cref="System.TimeProvider"/> if it has one, else the system's.</summary>
    public TimeProvider? TimeProvider { get; set; }
}
