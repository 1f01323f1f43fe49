namespace DpopHttp;

/// <summary>Marks a named client as one that uses DPoP: set through options, so that client defaults mark all clients.</summary>
internal sealed class DpopRegistration
{
    public bool Enabled { get; set; }
}
