namespace DpopHttp.AspNetCore;

internal enum CredentialKind
{
    None,
    Dpop,
    Bearer,
    /// <summary>Several Authorization headers, one of them of the DPoP scheme.</summary>
    Ambiguous,
    Other,
}
