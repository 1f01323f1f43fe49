using System.Net;
using System.Net.Http.Headers;
using System.Security.Cryptography;
using System.Text;
using DpopHttp.Verification;
using Microsoft.AspNetCore.Http;

namespace DpopHttp.Tool.Serving;

/// <summary>POST /token: client_credentials (RFC 6749 section 4.4) with a proof (RFC 9449 section 5).</summary>
internal sealed class TokenEndpoint(string clientId, string clientSecret, TokenAuthority authority, ProofDesk proofs)
{
    public async Task<Verdict> HandleAsync(HttpContext context, string issuer, CancellationToken cancellationToken)
    {
        if (!HttpMethods.IsPost(context.Request.Method) || !context.Request.HasFormContentType)
        {
            return Verdict.Refuse(StatusCodes.Status400BadRequest, "invalid_request", "A token request is a POST of a form.");
        }

        IFormCollection form = await context.Request.ReadFormAsync(cancellationToken).ConfigureAwait(false);
        if (!IsClient(context.Request, form))
        {
            return Verdict.Refuse(StatusCodes.Status401Unauthorized, "invalid_client", "The client is unknown or its secret is wrong.") with { Challenge = "Basic realm=\"token\"" };
        }

        if (form["grant_type"] != "client_credentials")
        {
            return Verdict.Refuse(StatusCodes.Status400BadRequest, "unsupported_grant_type", "The only grant here is client_credentials.");
        }

        DpopProofResult proof = await proofs.VerifyAsync(context, null, null, cancellationToken).ConfigureAwait(false);
        return proof.IsValid
            ? new Verdict(StatusCodes.Status200OK, authority.Issue(issuer, clientId, form["scope"], proof.Thumbprint!))
            : Verdict.Refuse(StatusCodes.Status400BadRequest, ProofDesk.ErrorOf(proof), proof.Description!, proof);
    }

    private bool IsClient(HttpRequest request, IFormCollection form)
    {
        if (AuthenticationHeaderValue.TryParse(request.Headers.Authorization, out AuthenticationHeaderValue? header))
        {
            byte[] bytes = new byte[header.Parameter?.Length ?? 0];
            if (!header.Scheme.Equals("Basic", StringComparison.OrdinalIgnoreCase) || !Convert.TryFromBase64String(header.Parameter ?? "", bytes, out int length))
            {
                return false;
            }

            string[] parts = Encoding.UTF8.GetString(bytes, 0, length).Split(':', 2);
            return parts.Length == 2 && AreSame(WebUtility.UrlDecode(parts[0]), clientId) && AreSame(WebUtility.UrlDecode(parts[1]), clientSecret);
        }

        return AreSame(form["client_id"].ToString(), clientId) && AreSame(form["client_secret"].ToString(), clientSecret);
    }

    // In constant time, so that how long the answer takes says nothing about the secret.
    private static bool AreSame(string given, string right) => CryptographicOperations.FixedTimeEquals(Encoding.UTF8.GetBytes(given), Encoding.UTF8.GetBytes(right));
}
