namespace DpopHttp.OpenIdConnect.DependencyInjection;

/// <summary>Whether a client's requests have users' tokens.</summary>
internal sealed class UserTokenRegistration
{
    public string? Scheme { get; set; }

    public Func<DelegatingHandler>? CreateHandler { get; set; }
}
