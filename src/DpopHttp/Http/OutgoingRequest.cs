using DpopHttp.Http.Authorization;
using DpopHttp.Http.Redirects;
using DpopHttp.Http.Requests;

namespace DpopHttp.Http;

/// <summary>The request of one hop while it is ours: it carries token and proof during each attempt, and is given back as it came.</summary>
internal sealed class OutgoingRequest
{
    private readonly Hop _hop;
    private readonly CallersRequest _callers;
    private bool _isGivenBack;

    /// <exception cref="DpopException">The request may not carry a token and a proof to where it goes, or its token cannot be proven.</exception>
    public OutgoingRequest(Hop hop, HandlerSettings settings)
    {
        _hop = hop;
        Message.Headers.Remove(DpopScheme.ProofHeader);
        if (hop.HasCredentials)
        {
            settings.Guard.Check(hop.Uri, settings.Primary);
            Token = settings.Tokens.Read(Message.Headers, hop.Key ??= Message.GetDpopKey() ?? settings.Client.Key);
        }

        if (Token.Field is { } field)
        {
            AuthorizationField.Replace(Message.Headers, field);
        }

        // After the token: a field that is an object is printed by each look at all headers.
        _callers = new CallersRequest(Message, settings.Primary.IsPlatformsAndDirect);
    }

    public HttpRequestMessage Message => _hop.Request;

    /// <summary>The token, which may come to be another one than the caller's.</summary>
    public RequestToken Token { get; set; }

    public bool HasToken => Token.Token is not null;

    /// <summary>Puts the token on for the next attempt.</summary>
    public void PutTokenOn()
    {
        _isGivenBack = false;
        if (Token.Field is { } field)
        {
            AuthorizationField.Set(Message.Headers, field);
        }
    }

    public void PutProofOn(string proof) => Message.Headers.TryAddWithoutValidation(DpopScheme.ProofHeader, proof);

    /// <summary>
    /// Takes off what an attempt had put on the request, and what handlers below did. A request that was sent elsewhere stays as they left it: the caller's token is
    /// not for where it leads.
    /// </summary>
    public void GiveBack()
    {
        if (_isGivenBack)
        {
            return;
        }

        Message.Headers.Remove(DpopScheme.ProofHeader);
        if (ReferenceEquals(Message.RequestUri, _hop.Uri))
        {
            _callers.Restore();
            if (_hop.HasCredentials)
            {
                AuthorizationField.Set(Message.Headers, Token.CallersField);
            }
        }

        _isGivenBack = true;
    }
}
