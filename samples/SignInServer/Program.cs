using System.Buffers.Text;
using System.Security.Cryptography;
using System.Text;
using DpopHttp.Verification;
using SignInServer;

// An OpenID Connect provider for development: two users without passwords, one client, tokens that are bound by DPoP and short-lived. It starts alone:
//   dotnet run --project samples/SignInServer -- --Urls=http://127.0.0.1:5305 --TokenSeconds=5
const string ClientId = "orders-web", ClientSecret = "development-only", Scope = "openid profile offline_access orders";
string[] users = ["alice", "bob"];

WebApplicationBuilder builder = WebApplication.CreateBuilder(args);
builder.WebHost.UseUrls(builder.Configuration["Urls"] ?? "http://127.0.0.1:5305");
builder.Logging.SetMinimumLevel(LogLevel.Warning);
WebApplication app = builder.Build();

TimeSpan lifetime = TimeSpan.FromSeconds(app.Configuration.GetValue("TokenSeconds", 5));
OneTime<AuthorizationRequest> requests = new();
OneTime<Grant> codes = new(), refreshTokens = new();
Proofs proofs = new();
using TokenSigner signer = new();

string Issuer(HttpRequest request) => $"{request.Scheme}://{request.Host}";

IResult Refuse(string error) => Results.Json(new { error }, statusCode: error == "invalid_client" ? 401 : 400);

bool IsClient(IFormCollection form) => form["client_id"] == ClientId
    && CryptographicOperations.FixedTimeEquals(Encoding.UTF8.GetBytes(form["client_secret"].ToString()), Encoding.UTF8.GetBytes(ClientSecret));

IResult Metadata(HttpRequest request) => Results.Json(new
{
    issuer = Issuer(request),
    authorization_endpoint = Issuer(request) + "/authorize",
    pushed_authorization_request_endpoint = Issuer(request) + "/par",
    token_endpoint = Issuer(request) + "/token",
    revocation_endpoint = Issuer(request) + "/revoke",
    end_session_endpoint = Issuer(request) + "/end",
    jwks_uri = Issuer(request) + "/jwks",
    response_types_supported = new[] { "code" },
    subject_types_supported = new[] { "public" },
    id_token_signing_alg_values_supported = new[] { "ES256" },
    token_endpoint_auth_methods_supported = new[] { "client_secret_post" },
    code_challenge_methods_supported = new[] { "S256" },
    dpop_signing_alg_values_supported = DpopProofVerifier.SupportedAlgorithms,
});

IResult GiveTokens(HttpRequest request, Grant grant) => Results.Json(new
{
    access_token = signer.AccessToken(Issuer(request), grant, ClientId, lifetime),
    id_token = signer.IdToken(Issuer(request), grant, ClientId),
    refresh_token = refreshTokens.Add(grant),
    token_type = "DPoP",
    expires_in = (int)lifetime.TotalSeconds,
    scope = Scope,
});

app.MapGet("/.well-known/openid-configuration", Metadata);
app.MapGet("/.well-known/oauth-authorization-server", Metadata);
app.MapGet("/jwks", () => Results.Json(new { keys = new[] { signer.PublicJwk } }));

// RFC 9126: the request comes from the client itself, and the browser carries a reference to it.
app.MapPost("/par", async (HttpContext context) =>
{
    IFormCollection form = await context.Request.ReadFormAsync();
    if (!IsClient(form))
    {
        return Refuse("invalid_client");
    }

    DpopProofResult proof = await proofs.VerifyAsync(context);
    return !proof.IsValid
        ? Refuse(Proofs.ErrorOf(proof))
        : AuthorizationRequest.Read(name => form[name], proof.Thumbprint) is { } pushed
            ? Results.Json(new { request_uri = "urn:ietf:params:oauth:request_uri:" + requests.Add(pushed), expires_in = 60 }, statusCode: 201)
            : Refuse("invalid_request");
});

app.MapGet("/authorize", (HttpRequest request) =>
{
    string? pushed = request.Query["request_uri"].ToString() is { Length: > 0 } reference ? reference[(reference.LastIndexOf(':') + 1)..] : null;
    AuthorizationRequest? wanted = pushed is not null ? requests.Take(pushed) : AuthorizationRequest.Read(name => request.Query[name], null);
    return wanted is null || request.Query["client_id"] != ClientId
        ? Results.BadRequest("This sign-in isn't known. Go back to the app, and begin again.")
        : Results.Content(SignInPage.Write(requests.Add(wanted), users), "text/html; charset=utf-8");
});

app.MapPost("/authorize", async (HttpRequest request) =>
{
    IFormCollection form = await request.ReadFormAsync();
    string user = form["user"].ToString();
    return requests.Take(form["request"].ToString()) is { } wanted && users.Contains(user)
        ? Results.Redirect(wanted.Answer(codes.Add(new Grant(user, wanted)), Issuer(request)))
        : Results.BadRequest("This sign-in isn't known. Go back to the app, and begin again.");
});

app.MapPost("/token", async (HttpContext context) =>
{
    IFormCollection form = await context.Request.ReadFormAsync();
    if (!IsClient(form))
    {
        return Refuse("invalid_client");
    }

    DpopProofResult proof = await proofs.VerifyAsync(context);
    if (!proof.IsValid)
    {
        return Refuse(Proofs.ErrorOf(proof));
    }

    // RFC 9449 section 10: a code is redeemed with the key that its request named.
    Grant? grant = form["grant_type"].ToString() switch
    {
        "authorization_code" => codes.Take(form["code"].ToString()) is { } found && found.Request.IsRedeemedBy(form["code_verifier"].ToString(), proof.Thumbprint!) ? found : null,
        "refresh_token" => refreshTokens.Take(form["refresh_token"].ToString()),
        _ => null,
    };
    return grant is null ? Refuse("invalid_grant") : GiveTokens(context.Request, grant with { Thumbprint = proof.Thumbprint! });
});

// RFC 7009: a token that isn't known is as good as revoked.
app.MapPost("/revoke", async (HttpRequest request) =>
{
    IFormCollection form = await request.ReadFormAsync();
    refreshTokens.Take(form["token"].ToString());
    return IsClient(form) ? Results.Ok() : Refuse("invalid_client");
});

app.MapGet("/end", (HttpRequest request) => Uri.TryCreate(request.Query["post_logout_redirect_uri"], UriKind.Absolute, out Uri? back) && back.IsLoopback
    ? Results.Redirect($"{back}?state={Uri.EscapeDataString(request.Query["state"].ToString())}")
    : Results.Text("Signed out."));

app.Lifetime.ApplicationStarted.Register(() => Console.WriteLine($"An OpenID Connect provider for development, at {app.Urls.First()}: users {string.Join(" and ", users)}. Ctrl+C ends it."));
app.Run();
