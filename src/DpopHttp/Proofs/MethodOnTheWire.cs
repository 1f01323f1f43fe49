namespace DpopHttp.Proofs;

/// <summary>The htm claim: the method as it is sent (RFC 9449 section 4.2).</summary>
internal static class MethodOnTheWire
{
    /// <summary>The platform sends known methods in upper case whatever their spelling, and others as they are.</summary>
    public static string Of(HttpMethod method) => HttpMethod.Parse(method.Method).Method;
}
