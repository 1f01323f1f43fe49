namespace DpopHttp.AspNetCore;

internal enum CredentialKind
{
    None,
    Dpop,
    Bearer,
    Ambiguous,
    Other,
}
