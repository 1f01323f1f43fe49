using System.Diagnostics;
using System.Net.Http.Headers;

namespace DpopHttp.Http.Requests;

/// <summary>
/// What the caller had on a request. Each attempt starts from it, and the caller finds it again: neither what a handler below added to an attempt nor
/// the trace headers of one survive into the next.
/// </summary>
internal sealed class CallersRequest
{
    private const string Authorization = "Authorization";

    private static TraceFields s_traceFields = new(null, []);

    private readonly HttpRequestMessage _request;
    private readonly HttpMethod _method;
    private readonly Version _version;
    private readonly HttpVersionPolicy _versionPolicy;
    private readonly int _count;
    private readonly KeyValuePair<string, HeaderStringValues>[]? _headers;
    private readonly bool? _chunked;
    private readonly bool? _expectContinue;
    private readonly string[] _traceFields = [];

    /// <summary>Bit n: the caller set the nth of the trace fields.</summary>
    private readonly uint _ownTraceFields;

    /// <param name="request">The request, without a proof.</param>
    /// <param name="isChangedByPlatformOnly">
    /// Whether nothing of the user's stands between us and the network. What the platform's own handler changes is known, and the rest needs no copy.
    /// </param>
    public CallersRequest(HttpRequestMessage request, bool isChangedByPlatformOnly)
    {
        _request = request;
        _method = request.Method;
        _version = request.Version;
        _versionPolicy = request.VersionPolicy;
        HttpHeadersNonValidated headers = request.Headers.NonValidated;
        _count = headers.Count;
        if (!isChangedByPlatformOnly)
        {
            _headers = CopyOf(headers);
            return;
        }

        _chunked = request.Headers.TransferEncodingChunked;
        _expectContinue = request.Headers.ExpectContinue;
        _traceFields = CurrentTraceFields();
        for (int i = 0; i < _traceFields.Length && _count > 0; i++)
        {
            _ownTraceFields |= headers.Contains(_traceFields[i]) ? 1u << i : 0;
        }
    }

    /// <summary>Takes back whatever was put on the request since. The Authorization field is left: whoever sets it for an attempt restores it.</summary>
    public void Restore()
    {
        RestoreLine();
        if (_headers is not null)
        {
            RestoreAll(_headers);
        }
        else if (_request.Headers.NonValidated.Count != _count)
        {
            RestoreKnown();
        }
    }

    /// <summary>Sets what has changed only: a request that its caller has disposed meanwhile takes nothing.</summary>
    private void RestoreLine()
    {
        if (_request.Method != _method)
        {
            _request.Method = _method;
        }

        if (_request.Version != _version)
        {
            _request.Version = _version;
        }

        if (_request.VersionPolicy != _versionPolicy)
        {
            _request.VersionPolicy = _versionPolicy;
        }
    }

    private static KeyValuePair<string, HeaderStringValues>[] CopyOf(HttpHeadersNonValidated headers)
    {
        KeyValuePair<string, HeaderStringValues>[] copy = new KeyValuePair<string, HeaderStringValues>[headers.Count];
        int i = 0;
        foreach (KeyValuePair<string, HeaderStringValues> header in headers)
        {
            copy[i++] = header;
        }

        return copy;
    }

    private void RestoreKnown()
    {
        HttpRequestHeaders headers = _request.Headers;
        for (int i = 0; i < _traceFields.Length; i++)
        {
            if ((_ownTraceFields & (1u << i)) == 0)
            {
                headers.Remove(_traceFields[i]);
            }
        }

        // The platform sets it for a body of unknown length.
        if (headers.TransferEncodingChunked != _chunked)
        {
            headers.TransferEncodingChunked = _chunked;
        }

        if (headers.ExpectContinue != _expectContinue)
        {
            headers.ExpectContinue = _expectContinue;
        }
    }

    private void RestoreAll(KeyValuePair<string, HeaderStringValues>[] callers)
    {
        HttpRequestHeaders headers = _request.Headers;
        if (IsUnchanged(headers.NonValidated, callers))
        {
            return;
        }

        string[] present = [.. headers.NonValidated.Select(header => header.Key).Where(name => !IsAuthorization(name))];
        foreach (string name in present)
        {
            headers.Remove(name);
        }

        foreach ((string name, HeaderStringValues values) in callers)
        {
            if (!IsAuthorization(name))
            {
                headers.TryAddWithoutValidation(name, values);
            }
        }
    }

    private static bool IsUnchanged(HttpHeadersNonValidated headers, KeyValuePair<string, HeaderStringValues>[] callers)
    {
        if (headers.Count != callers.Length)
        {
            return false;
        }

        int i = 0;
        foreach ((string name, HeaderStringValues values) in headers)
        {
            (string callersName, HeaderStringValues callersValues) = callers[i++];
            if (name != callersName || (!IsAuthorization(name) && !AreEqual(values, callersValues)))
            {
                return false;
            }
        }

        return true;
    }

    private static bool AreEqual(HeaderStringValues some, HeaderStringValues others) =>
        some.Count == others.Count && (some.Count == 1 ? some.ToString() == others.ToString() : some.SequenceEqual(others));

    private static bool IsAuthorization(string name) => name.Equals(Authorization, StringComparison.OrdinalIgnoreCase);

    /// <summary>The fields that the platform writes the current activity to.</summary>
    private static string[] CurrentTraceFields()
    {
        DistributedContextPropagator propagator = DistributedContextPropagator.Current;
        TraceFields known = Volatile.Read(ref s_traceFields);
        if (!ReferenceEquals(known.Propagator, propagator))
        {
            Volatile.Write(ref s_traceFields, known = new TraceFields(propagator, [.. propagator.Fields.Take(32)]));
        }

        return known.Names;
    }

    private sealed record TraceFields(DistributedContextPropagator? Propagator, string[] Names);
}
