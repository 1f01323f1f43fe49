using Microsoft.AspNetCore.Authentication;
using Microsoft.AspNetCore.Builder;
using Microsoft.Extensions.DependencyInjection;
using StackExchange.Redis;

namespace DpopHttp.OpenIdConnect.Tests.Docs;

/// <summary>The names that the code blocks of the pages use without making them.</summary>
public static class DocumentationWorld
{
    public static WebApplicationBuilder builder => null!;

    public static WebApplication app => null!;

    public static AuthenticationBuilder authentication => null!;

    public static IReverseProxyBuilder proxy => null!;

    public static IConnectionMultiplexer connection => null!;

    public sealed class OrdersClient(HttpClient http)
    {
        public Task<string> GetAsync() => http.GetStringAsync("/orders");
    }

    public abstract class Jobs
    {
        public abstract void Start(Func<OrdersClient, DpopSession, Task> job, DpopSession session);
    }

    public abstract class Table
    {
        public abstract Task<byte[]?> ReadAsync(string key, CancellationToken cancellationToken);

        public abstract Task WriteAsync(string key, byte[] content, TimeSpan lifetime, CancellationToken cancellationToken);

        public abstract Task DeleteAsync(string key, CancellationToken cancellationToken);

        public abstract Task<IAsyncDisposable> LockAsync(string key, CancellationToken cancellationToken);
    }
}
