namespace DpopHttp.Http.Redirects;

/// <summary>Whether redirects are followed, as the user set it on the primary handler.</summary>
/// <param name="Limit">How many are followed for one request; 0 for none.</param>
internal sealed record RedirectPolicy(int Limit)
{
    public static readonly RedirectPolicy None = new(0);
}
