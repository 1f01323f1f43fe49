using System.Net;
using System.Text;
using DpopHttp.Tests.Keys.Fuzzing;
using DpopHttp.Tokens.Endpoint.Answers;
using DpopHttp.Tokens.Endpoint.Metadata;

namespace DpopHttp.Tokens.Tests.Fuzzing;

/// <summary>Token answers and metadata of servers without manners: nothing that they say makes their readers throw. DPOP_FUZZ_ROUNDS asks for more rounds.</summary>
public class AnswerFuzzTests(ITestOutputHelper output)
{
    [Fact]
    public void Token_answers()
    {
        Bounds bounds = new();
        byte[][] samples =
        [
            """{"access_token":"abc","token_type":"DPoP","expires_in":3600,"refresh_token":"r","scope":"a b"}"""u8.ToArray(),
            """{"error":"invalid_grant","error_description":"x\r\n\u001b","error_uri":null}"""u8.ToArray(),
            """{"access_token":"\ud800","token_type":["DPoP"],"expires_in":"1e999"}"""u8.ToArray(),
        ];
        byte[][] waits = [.. new[] { "120", "Thu, 26 Nov 2026 12:00:00 GMT", "-1" }.Select(Encoding.ASCII.GetBytes)];
        Mutation mutation = new(seed: 6749);
        HttpStatusCode[] statuses = [HttpStatusCode.OK, HttpStatusCode.BadRequest, HttpStatusCode.Unauthorized, HttpStatusCode.ServiceUnavailable];
        for (int round = 0; round < Bounds.Rounds; round++)
        {
            byte[] body = mutation.Next(samples);
            using HttpResponseMessage response = new(statuses[round % statuses.Length]);
            response.Headers.TryAddWithoutValidation("Retry-After", Encoding.Latin1.GetString(mutation.Next(waits)));
            bounds.Run<DpopTokenException>(round, () =>
            {
                TokenAnswer answer = TokenAnswerReader.Read(response, body, TimeProvider.System.GetUtcNow());
                Assert.True(answer.Error is null || !answer.Error.Any(char.IsControl));
                Assert.True(answer.RetryAfter is null || answer.RetryAfter <= TimeSpan.FromMinutes(1));
            });
        }

        Assert.Equal(0, bounds.Refused);
        output.WriteLine(bounds.ToString());
    }

    [Fact]
    public void Metadata()
    {
        Bounds bounds = new();
        Uri authority = new("https://login.example.com");
        byte[][] samples =
        [
            """{"issuer":"https://login.example.com","token_endpoint":"https://login.example.com/token","dpop_signing_alg_values_supported":["ES256"]}"""u8.ToArray(),
            """{"issuer":"https://login.example.com/","token_endpoint":"http://\ud800","dpop_signing_alg_values_supported":[1,null,{}],"dpop_bound_access_tokens_required":1}"""u8.ToArray(),
        ];
        Mutation mutation = new(seed: 8414);
        for (int round = 0; round < Bounds.Rounds; round++)
        {
            byte[] body = mutation.Next(samples);
            bounds.Run<DpopTokenException>(round, () =>
            {
                MetadataDocument document = MetadataDocument.Parse(authority, authority, body);
                Assert.True(document.Metadata is null || document.Metadata.TokenEndpoint.Scheme == Uri.UriSchemeHttps);
            });
        }

        Assert.Equal(0, bounds.Refused);
        output.WriteLine(bounds.ToString());
    }
}
