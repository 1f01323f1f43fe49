using System.Net;

namespace DpopHttp.Http.Bodies;

/// <summary>What the bodies of one handler have in common.</summary>
/// <param name="KeptLength">How much of a body that can be read once is kept for another attempt, in bytes.</param>
/// <param name="ExpectTimeout">How long the stack waits for a 100-continue before it sends the body.</param>
/// <param name="Time">Says how long what an origin has shown is believed.</param>
internal sealed record BodySettings(int KeptLength, TimeSpan ExpectTimeout, TimeProvider Time)
{
    /// <summary>What was seen of the bodies that were sent.</summary>
    public ShortKinds ShortKinds { get; } = new();

    /// <summary>Whether the server has a say in the version of HTTP that a request goes out with: without TLS nothing is negotiated.</summary>
    public static bool IsNegotiated(HttpRequestMessage request) =>
        request.RequestUri!.Scheme is "https" or "wss"
        && request.VersionPolicy switch
        {
            HttpVersionPolicy.RequestVersionOrHigher => true,
            HttpVersionPolicy.RequestVersionOrLower => request.Version.Major >= 2,
            _ => false,
        };

    /// <summary>The version of HTTP that a request will go out with, as far as that can be told before.</summary>
    /// <param name="request">The request.</param>
    /// <param name="negotiated">What its origin has negotiated before, if it has.</param>
    public static Version LikelyVersion(HttpRequestMessage request, Version? negotiated)
    {
        if (IsNegotiated(request))
        {
            return negotiated ?? request.Version;
        }

        return request.Version.Major >= 2 && request.VersionPolicy != HttpVersionPolicy.RequestVersionOrLower ? request.Version : HttpVersion.Version11;
    }
}
