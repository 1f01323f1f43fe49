using System.Globalization;
using System.Text.Json;

namespace DpopHttp.Verification;

/// <summary>When a proof is accepted, in seconds since 1970.</summary>
internal readonly struct TimeWindow(DateTimeOffset now, double maxAge, double maxFutureSkew)
{
    public double Now { get; } = now.ToUnixTimeMilliseconds() / 1000.0;

    /// <summary>What is wrong with an iat, or null.</summary>
    public string? ClockProblem(double issuedAt)
    {
        double age = Now - issuedAt;
        if (age > maxAge)
        {
            return $"The proof is {Seconds(age)} s old by its iat; accepted are {Seconds(maxAge)} s.";
        }

        // Not a number is neither old nor new.
        return -age <= maxFutureSkew ? null : $"The iat is {Seconds(-age)} s in the future; accepted are {Seconds(maxFutureSkew)} s.";
    }

    /// <summary>What is wrong with exp and nbf, if they are there, or null (RFC 7519 sections 4.1.4 and 4.1.5).</summary>
    public string? LifetimeProblem(JsonElement claims)
    {
        if (claims.TryGetProperty("exp"u8, out _)
            && !(StrictJson.TryGetNumber(claims, "exp"u8, out double expiry) && Now <= expiry + maxFutureSkew))
        {
            return "The exp of the proof is past, or not a number.";
        }

        return claims.TryGetProperty("nbf"u8, out _)
            && !(StrictJson.TryGetNumber(claims, "nbf"u8, out double start) && Now >= start - maxFutureSkew)
                ? "The nbf of the proof is still to come, or not a number."
                : null;
    }

    public static string Seconds(double value) => value.ToString("0.###", CultureInfo.InvariantCulture);
}
