namespace DpopHttp;

/// <summary>How a client gets tokens for itself: the client credentials grant (RFC 6749 section 4.4).</summary>
public class DpopClientCredentialsOptions : DpopTokenOptions;
