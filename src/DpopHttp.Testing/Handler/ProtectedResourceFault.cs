using System.Net;

namespace DpopHttp.Testing;

/// <summary>
/// Something that goes wrong once, see <see cref="ProtectedResourceHandler.Enqueue"/>. The proof is verified all the same, so that its jti and a
/// one-time nonce are used up, as they would be at a server that fails later.
/// </summary>
public sealed class ProtectedResourceFault
{
    private ProtectedResourceFault(FaultKind kind, HttpStatusCode statusCode = default, Uri? location = null)
    {
        Kind = kind;
        StatusCode = statusCode;
        Location = location;
    }

    internal FaultKind Kind { get; }

    internal HttpStatusCode StatusCode { get; }

    internal Uri? Location { get; }

    /// <summary>An answer with this status and an empty body, such as 503, whatever the proof is worth.</summary>
    /// <param name="statusCode">The status of the answer.</param>
    /// <returns>The fault.</returns>
    public static ProtectedResourceFault Status(HttpStatusCode statusCode) => new(FaultKind.Answer, statusCode);

    /// <summary>A redirect, whatever the proof is worth.</summary>
    /// <param name="statusCode">The status of the answer: 301, 302, 303, 307 or 308.</param>
    /// <param name="location">The Location header; may be relative.</param>
    /// <returns>The fault.</returns>
    /// <exception cref="ArgumentNullException"><paramref name="location"/> is null.</exception>
    public static ProtectedResourceFault Redirect(HttpStatusCode statusCode, Uri location)
    {
        ArgumentNullException.ThrowIfNull(location);
        return new ProtectedResourceFault(FaultKind.Answer, statusCode, location);
    }

    /// <summary>
    /// The request is carried out (its body read, <see cref="ProtectedResourceHandler.Respond"/> run) and then refused with a challenge that
    /// brings a new nonce; those handed out before are no longer accepted. It waits for a request that passes all checks; those that do
    /// not are refused as usual.
    /// </summary>
    /// <returns>The fault.</returns>
    public static ProtectedResourceFault RefuseAfterAccept() => new(FaultKind.RefuseAfterAccept);

    /// <summary>No answer until the request is cancelled.</summary>
    /// <returns>The fault.</returns>
    public static ProtectedResourceFault Hang() => new(FaultKind.Hang);

    /// <summary>
    /// The connection is lost after the body was read: <see cref="HttpRequestException"/> around an <see cref="IOException"/>, as
    /// <see cref="SocketsHttpHandler"/> reports a reset connection.
    /// </summary>
    /// <returns>The fault.</returns>
    public static ProtectedResourceFault DropAfterBody() => new(FaultKind.DropAfterBody);

    /// <summary>The connection is lost, as with <see cref="DropAfterBody"/>, before any of the body is read.</summary>
    /// <returns>The fault.</returns>
    public static ProtectedResourceFault DropBeforeBody() => new(FaultKind.DropBeforeBody);
}
