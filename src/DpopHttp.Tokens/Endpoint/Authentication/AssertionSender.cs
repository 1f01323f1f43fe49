using System.Net;
using System.Text.Json;

namespace DpopHttp.Tokens.Endpoint.Authentication;

/// <summary>
/// Puts a client assertion into a form, made anew for each attempt on the wire: some servers consume it before they look at the proof, and then
/// take no replay with the same one. One that the server refuses is made again by the server's clock, if that differs from ours.
/// </summary>
internal sealed class AssertionSender(AssertionClock clock, TimeProvider time, Func<bool> learnsClockOffset)
{
    /// <summary>In bytes, of the answer that is looked at: an error has a few lines.</summary>
    private const int LargestRefusal = 1024 * 1024;

    /// <summary>Sends a form with assertions that are signed for each attempt.</summary>
    /// <param name="request">Has a form.</param>
    /// <param name="assertion">Signs them.</param>
    /// <param name="audience">What they are addressed to.</param>
    /// <param name="send">Sends the request.</param>
    /// <param name="async">False: everything is done when this returns.</param>
    /// <param name="cancellationToken">Ends the send.</param>
    public ValueTask<HttpResponseMessage> SendAsync(
        HttpRequestMessage request, AssertionWriter assertion, string audience, Func<ValueTask<HttpResponseMessage>> send, bool async, CancellationToken cancellationToken) => async
        ? SendAsync(request, (now, cancellation) => assertion.CreateAsync(audience, now, cancellation), send, cancellationToken)
        : SendAsync(request, now => assertion.Create(audience, now), send, async: false, cancellationToken);

    /// <summary>Sends a form with assertions that are made at once.</summary>
    /// <param name="request">Has a form.</param>
    /// <param name="createAssertion">Makes an assertion for the time.</param>
    /// <param name="send">Sends the request.</param>
    /// <param name="async">False: everything is done when this returns.</param>
    /// <param name="cancellationToken">Ends the send.</param>
    public async ValueTask<HttpResponseMessage> SendAsync(
        HttpRequestMessage request, Func<DateTimeOffset, string> createAssertion, Func<ValueTask<HttpResponseMessage>> send, bool async, CancellationToken cancellationToken)
    {
        string form = AssertionForm.Without(await ReadAsync(request.Content!, async, cancellationToken).ConfigureAwait(false));
        return await SendAsync(
            offset => request.SetDpopContentFactory(() => AssertionForm.With(form, createAssertion(time.GetUtcNow() + offset))), send, async, cancellationToken)
            .ConfigureAwait(false);
    }

    /// <summary>Sends a form with assertions that are awaited: an <see cref="AttemptAssertionHandler"/> on the way puts one into each attempt.</summary>
    /// <param name="request">Has a form.</param>
    /// <param name="createAssertion">Makes an assertion for the time.</param>
    /// <param name="send">Sends the request.</param>
    /// <param name="cancellationToken">Ends the send.</param>
    public ValueTask<HttpResponseMessage> SendAsync(
        HttpRequestMessage request, Func<DateTimeOffset, CancellationToken, ValueTask<string>> createAssertion, Func<ValueTask<HttpResponseMessage>> send, CancellationToken cancellationToken) =>
        SendAsync(
            offset => request.Options.Set(AttemptAssertionHandler.Assertion, cancellation => createAssertion(time.GetUtcNow() + offset, cancellation)),
            send, async: true, cancellationToken);

    private async ValueTask<HttpResponseMessage> SendAsync(
        Action<TimeSpan> prepare, Func<ValueTask<HttpResponseMessage>> send, bool async, CancellationToken cancellationToken)
    {
        TimeSpan used = clock.Offset;
        prepare(used);
        HttpResponseMessage response = await send().ConfigureAwait(false);
        if (!learnsClockOffset()
            || AssertionClock.Measure(response, time.GetUtcNow(), used) is not { } measured
            || !await RefusesClientAsync(response, async, cancellationToken).ConfigureAwait(false))
        {
            return response;
        }

        response.Dispose();
        prepare(measured);
        response = await send().ConfigureAwait(false);

        // A server that is down or busy hasn't looked at the assertion.
        if (response.IsSuccessStatusCode
            || (response.StatusCode == HttpStatusCode.BadRequest && !await RefusesClientAsync(response, async, cancellationToken).ConfigureAwait(false)))
        {
            clock.Offset = measured;
        }

        return response;
    }

    /// <summary>Whether the answer's error is <c>invalid_client</c> (RFC 6749 section 5.2). The caller can still read it; it is disposed where it can't be read.</summary>
    private static async ValueTask<bool> RefusesClientAsync(HttpResponseMessage response, bool async, CancellationToken cancellationToken)
    {
        if (response.IsSuccessStatusCode)
        {
            return false;
        }

        try
        {
            await LoadAsync(response, async, cancellationToken).ConfigureAwait(false);
        }
        catch
        {
            response.Dispose();
            throw;
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

    private static async ValueTask LoadAsync(HttpResponseMessage response, bool async, CancellationToken cancellationToken)
    {
        Task buffered = response.Content.LoadIntoBufferAsync(LargestRefusal, cancellationToken);
        if (async)
        {
            await buffered.ConfigureAwait(false);
        }
        else
        {
            buffered.GetAwaiter().GetResult();
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
