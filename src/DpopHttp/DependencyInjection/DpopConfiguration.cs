namespace DpopHttp;

/// <summary>The properties of <see cref="DpopOptions"/> that configuration can hold. Those it does not mention are left as they are.</summary>
internal sealed class DpopConfiguration
{
    public string? KeyFile { get; set; }

    public string? KeyName { get; set; }

    public string? KeyAlgorithm { get; set; }

    public bool? AllowInsecureHttp { get; set; }

    public IList<Uri>? AllowedOrigins { get; set; }

    public BearerTokenHandling? BearerTokens { get; set; }

    public bool? LearnClockOffset { get; set; }

    public bool? FollowRedirects { get; set; }

    public void ApplyTo(DpopOptions options)
    {
        options.KeyFile = KeyFile ?? options.KeyFile;
        options.KeyName = KeyName ?? options.KeyName;
        options.KeyAlgorithm = KeyAlgorithm ?? options.KeyAlgorithm;
        options.AllowInsecureHttp = AllowInsecureHttp ?? options.AllowInsecureHttp;
        options.BearerTokens = BearerTokens ?? options.BearerTokens;
        options.LearnClockOffset = LearnClockOffset ?? options.LearnClockOffset;
        options.FollowRedirects = FollowRedirects ?? options.FollowRedirects;
        foreach (Uri origin in AllowedOrigins ?? [])
        {
            options.AllowedOrigins.Add(origin);
        }
    }
}
