using Microsoft.AspNetCore.Authentication;
using Microsoft.AspNetCore.Http;

namespace DpopHttp.AspNetCore;

/// <summary>
/// Takes the place of a scheme's handler and lets that handler do what it always does: it validates the token and makes the principal.
/// What comes out of it counts only when the proof is good. So nothing in the inner handler's options or events can go round the checks.
/// </summary>
internal sealed class DpopSchemeHandler(ProtectedSchemes schemes) : IAuthenticationHandler
{
    private ProtectedScheme? _scheme;
    private InnerAuthentication? _inner;
    private HttpContext? _context;
    private DpopValidation? _validation;
    private Task<AuthenticateResult>? _result;

    private ProtectedScheme Scheme => _scheme!;

    private HttpContext Context => _context!;

    public Task InitializeAsync(AuthenticationScheme scheme, HttpContext context)
    {
        _context = context;
        _scheme = schemes.Get(scheme.Name);
        _inner = new InnerAuthentication(_scheme.HandlerType, scheme, context);
        return _inner.InitializeAsync();
    }

    public Task<AuthenticateResult> AuthenticateAsync() => _result ??= ExamineAsync();

    public async Task ChallengeAsync(AuthenticationProperties? properties)
    {
        AuthenticateResult result = await AuthenticateAsync().ConfigureAwait(false);
        HttpResponse response = Context.Response;
        if (_validation?.Reason == DpopRefusalReasons.ReplayStore)
        {
            Unavailable(response);
            response.OnStarting(
                static state =>
                {
                    // The challenge of another scheme in the policy, which doesn't know the token, has come in between.
                    if (state is HttpResponse { StatusCode: StatusCodes.Status401Unauthorized } response)
                    {
                        Unavailable(response);
                    }

                    return Task.CompletedTask;
                },
                response);
            return;
        }

        if (result.None && Scheme.Options.Nonces == DpopNonceMode.Required)
        {
            new ProofGate(Scheme, new DpopValidation(Context, Scheme.Name, CredentialKind.None)).GiveNonce();
        }

        Challenge challenge = new(Scheme, _validation, response);

        // An event of the inner handler may begin the answer itself.
        response.OnStarting(
            static state =>
            {
                ((Challenge)state).Write();
                return Task.CompletedTask;
            },
            challenge);
        await _inner!.Handler.ChallengeAsync(properties).ConfigureAwait(false);
        if (!response.HasStarted)
        {
            challenge.Write();
        }
    }

    public Task ForbidAsync(AuthenticationProperties? properties) => _validation switch
    {
        { IsShortOfRequirement: true, IsProven: true } => DemandAsync(
            properties, "nonce", DpopErrors.UseNonce, "The proof needs the nonce of this answer.", "RFC 9449 section 9"),
        { IsShortOfRequirement: true } => DemandAsync(
            properties,
            DpopRefusalReasons.BearerToken,
            DpopErrors.InvalidToken,
            "The access token came as Bearer, and only DPoP is accepted here.",
            "RFC 9449 section 7.1"),
        _ => _inner!.Handler.ForbidAsync(properties),
    };

    // The endpoint demands more than authentication knew of: the client can still bring it.
    private Task DemandAsync(AuthenticationProperties? properties, string reason, string error, string description, string section)
    {
        ProofGate gate = new(Scheme, _validation!);
        gate.Refuse(reason, error, description, section);
        _validation!.Proof = null;
        if (error == DpopErrors.UseNonce)
        {
            gate.GiveNonce();
        }

        return ChallengeAsync(properties);
    }

    // What the scheme that accepted the token found counts for more than that another one didn't.
    private static bool Replaces(DpopValidation? former, DpopValidation validation) =>
        former is null || (!former.IsAccepted && (validation.IsAccepted || validation.Error is not null || former.Error is null));

    // The request may be a good one: the client should try again, and no other proof or token would help it.
    private static void Unavailable(HttpResponse response)
    {
        response.StatusCode = StatusCodes.Status503ServiceUnavailable;
        response.Headers.RetryAfter = "1";
        response.Headers.WWWAuthenticate = default;
        DpopHeaders.SetNoStore(response);
    }

    private async Task<AuthenticateResult> ExamineAsync()
    {
        Credentials credentials = Credentials.Read(SentAuthorization.Of(Context));
        if (credentials.Kind == CredentialKind.None)
        {
            AuthenticateResult without = await _inner!.AuthenticateAsync(credentials).ConfigureAwait(false);
            if (!without.Succeeded)
            {
                return without;
            }
        }

        DpopValidation? before = Context.GetDpopValidation();
        DpopValidation validation = _validation = new DpopValidation(Context, Scheme.Name, credentials.Kind);
        ProofGate gate = new(Scheme, validation);
        AuthenticateResult result;
        if (credentials.Kind == CredentialKind.Ambiguous)
        {
            gate.Refuse(
                DpopRefusalReasons.AmbiguousAuthorization,
                DpopErrors.InvalidRequest,
                "The request has more than one Authorization header.",
                "RFC 9110 section 11.6.2");
            result = AuthenticateResult.NoResult();
        }
        else
        {
            result = await _inner!.AuthenticateAsync(credentials).ConfigureAwait(false);
            if (result.Succeeded)
            {
                string? token = await _inner.FindTokenAsync(credentials, result).ConfigureAwait(false);
                await gate.JudgeAsync(credentials, token, result.Principal).ConfigureAwait(false);
            }
            else if (Context.GetDpopValidation() is { Error: not null } forwarded && forwarded != before)
            {
                // The handler has forwarded to another scheme that DPoP stands before: what that one found is what is wrong.
                _validation = forwarded;
                return result;
            }
            else if (result.None && credentials.Kind is not CredentialKind.Dpop)
            {
                _validation = null;
                return result;
            }
            else
            {
                validation.Reason = DpopRefusalReasons.AccessToken;
            }
        }

        validation.IsComplete = true;
        if (Replaces(before, validation))
        {
            Context.Features.Set(validation);
        }

        Scheme.Telemetry.Completed(validation);
        if (Scheme.Options.OnValidated is { } onValidated)
        {
            await onValidated(validation).ConfigureAwait(false);
        }

        return validation.IsAccepted || validation.Reason == DpopRefusalReasons.AccessToken
            ? result
            : AuthenticateResult.Fail($"DPoP: {validation.Reason}. {validation.Description}");
    }
}
