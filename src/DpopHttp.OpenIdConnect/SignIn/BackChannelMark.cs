using System.Runtime.CompilerServices;

namespace DpopHttp.OpenIdConnect.SignIn;

/// <summary>Knows the back channels that sign from those that somebody else set.</summary>
internal static class BackChannelMark
{
    private static readonly ConditionalWeakTable<HttpClient, object> Ours = [];

    public static void Set(HttpClient client) => Ours.Add(client, Ours);

    public static bool IsSet(HttpClient client) => Ours.TryGetValue(client, out _);
}
