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

    /// <summary>The version of HTTP that a request will go out with, as far as that can be told before: without TLS nothing is negotiated.</summary>
    public static Version LikelyVersion(HttpRequestMessage request) =>
        request.Version.Major >= 2 && (request.VersionPolicy != HttpVersionPolicy.RequestVersionOrLower || request.RequestUri!.Scheme is "https" or "wss")
            ? request.Version
            : HttpVersion.Version11;
}
