using System.Collections.Concurrent;
using DpopHttp.OpenIdConnect;

namespace WebApp;

/// <summary>Jobs that users begin, and that go on without an HTTP request.</summary>
internal sealed class Exports(IServiceScopeFactory scopes, ILogger<Exports> logger)
{
    private readonly ConcurrentDictionary<string, string> _last = new(StringComparer.Ordinal);

    public string? LastOf(string user) => _last.GetValueOrDefault(user);

    public void Start(string user, DpopSession session) => _ = Task.Run(() => RunAsync(user, session));

    private async Task RunAsync(string user, DpopSession session)
    {
        try
        {
            using IDisposable use = session.Use();
            await using AsyncServiceScope scope = scopes.CreateAsyncScope();
            string[] orders = await scope.ServiceProvider.GetRequiredService<OrdersClient>().ListAsync(CancellationToken.None);
            _last[user] = $"{orders.Length} orders";
        }
        catch (Exception exception)
        {
            logger.LogError(exception, "The export of {User} failed.", user);
            _last[user] = "failed";
        }
    }
}
