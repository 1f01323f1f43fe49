using System.Net.Http.Headers;
using System.Text.Json;

namespace DpopHttp.Tokens.Endpoint.Authentication;

/// <summary>
/// Puts a client assertion into a form, made anew for each attempt on the wire: some servers consume it before they look at the proof, and then
/// take no replay with the same one. One that the server refuses is made again by the server's clock, if that differs from ours.
/// </summary>
internal sealed class AssertionSender(AssertionClock clock, TimeProvider time, Func<bool> learnsClockOffset)
{
    public const string FormType = "application/x-www-form-urlencoded";

    /// <summary>In bytes, of the answer that is looked at: an error has a few lines.</summary>
    private const int LargestRefusal = 1024 * 1024;

    /// <param name="request">Has a form.</param>
    /// <param name="createAssertion">Makes an assertion for the time.</param>
    /// <param name="send">Sends the request.</param>
    /// <param name="async">False: everything is done when this returns.</param>
    /// <param name="cancellationToken">Ends the send.</param>
    public async ValueTask<HttpResponseMessage> SendAsync(
        HttpRequestMessage request, Func<DateTimeOffset, string> createAssertion, Func<ValueTask<HttpResponseMessage>> send, bool async, CancellationToken cancellationToken)
    {
        string form = WithoutAssertion(await ReadAsync(request.Content!, async, cancellationToken).ConfigureAwait(false));
        TimeSpan used = clock.Offset;
        SetContent(request, form, createAssertion, used);
        HttpResponseMessage response = await send().ConfigureAwait(false);
        if (!learnsClockOffset()
            || AssertionClock.Measure(response, time.GetUtcNow(), used) is not { } measured
            || !await RefusesClientAsync(response, async, cancellationToken).ConfigureAwait(false))
        {
            return response;
        }

        response.Dispose();
        SetContent(request, form, createAssertion, measured);
        response = await send().ConfigureAwait(false);
        if (!await RefusesClientAsync(response, async, cancellationToken).ConfigureAwait(false))
        {
            clock.Offset = measured;
        }

        return response;
    }

    private void SetContent(HttpRequestMessage request, string form, Func<DateTimeOffset, string> createAssertion, TimeSpan offset) =>
        request.SetDpopContentFactory(() => new StringContent(
            $"{form}&client_assertion_type=urn%3Aietf%3Aparams%3Aoauth%3Aclient-assertion-type%3Ajwt-bearer"
            + $"&client_assertion={Uri.EscapeDataString(createAssertion(time.GetUtcNow() + offset))}",
            new MediaTypeHeaderValue(FormType)));

    /// <summary>A retry outside sends the same request again, with the assertion of the last attempt in it.</summary>
    private static string WithoutAssertion(string form) =>
        string.Join('&', form.Split('&').Where(field => !field.StartsWith("client_assertion", StringComparison.Ordinal)));

    /// <summary>Whether the answer's error is <c>invalid_client</c> (RFC 6749 section 5.2). The caller can still read it.</summary>
    private static async ValueTask<bool> RefusesClientAsync(HttpResponseMessage response, bool async, CancellationToken cancellationToken)
    {
        if (response.IsSuccessStatusCode)
        {
            return false;
        }

        Task buffered = response.Content.LoadIntoBufferAsync(LargestRefusal, cancellationToken);
        if (async)
        {
            await buffered.ConfigureAwait(false);
        }
        else
        {
            buffered.GetAwaiter().GetResult();
        }

        try
        {
            using JsonDocument document = JsonDocument.Parse(await ReadAsync(response.Content, async, cancellationToken).ConfigureAwait(false));
            return document.RootElement.ValueKind == JsonValueKind.Object
                && document.RootElement.TryGetProperty("error", out JsonElement error) && error.ValueKind == JsonValueKind.String && error.ValueEquals("invalid_client");
        }
        catch (Exception exception) when (exception is JsonException or InvalidOperationException)
        {
            return false;
        }
    }

    private static async ValueTask<string> ReadAsync(HttpContent content, bool async, CancellationToken cancellationToken)
    {
        if (async)
        {
            return await content.ReadAsStringAsync(cancellationToken).ConfigureAwait(false);
        }

        using StreamReader reader = new(content.ReadAsStream(cancellationToken), leaveOpen: true);
        string text = reader.ReadToEnd();
        if (reader.BaseStream.CanSeek)
        {
            reader.BaseStream.Position = 0;
        }

        return text;
    }
}
