using System.Globalization;
using LoopbackServers;

// Starts alone, with settings that are fixed and good for development only: what samples/Api trusts, and a client is run against.
int port = args.Length > 0 ? int.Parse(args[0], CultureInfo.InvariantCulture) : 5301;
await using LoopbackAuthorizationServer server = await LoopbackAuthorizationServer.StartAsync(new()
{
    Port = port,
    ClientSecret = "development-only",
    TokenLifetime = TimeSpan.FromHours(1),
    OnExchange = exchange => Console.WriteLine(
        $"{exchange.Method} {exchange.Path} {exchange.Status} {exchange.Error} {exchange.Reason}".TrimEnd()),
});

Console.WriteLine($"""
    An OAuth authorization server for development, on this machine only. It gives DPoP-bound tokens.

      issuer          {server.Issuer}
      metadata        {server.Issuer}/.well-known/oauth-authorization-server
      token endpoint  {server.TokenEndpoint}
      grant           client_credentials, with client_secret_basic
      client id       {server.ClientId}
      client secret   {server.ClientSecret}
      scope           orders
      audience        orders-api

    In a client:

      services.AddHttpClient<OrdersClient>(http => http.BaseAddress = new Uri("http://127.0.0.1:5302/"))
          .AddDpopClientCredentials(options =>
          {"{"}
              options.Authority = new Uri("{server.Issuer}");
              options.ClientId = "{server.ClientId}";
              options.ClientSecret = "{server.ClientSecret}";
              options.Scope = "orders";
          {"}"});

    Ctrl+C ends it.
    """);

TaskCompletionSource ended = new(TaskCreationOptions.RunContinuationsAsynchronously);
Console.CancelKeyPress += (_, press) =>
{
    press.Cancel = true;
    ended.TrySetResult();
};
AppDomain.CurrentDomain.ProcessExit += (_, _) => ended.TrySetResult();
await ended.Task;
