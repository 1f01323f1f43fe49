using System.Buffers.Text;
using System.Security.Cryptography;
using DpopHttp.Verification;

namespace DpopHttp.Tool.Serving;

/// <summary>Gives nonces and says which are accepted.</summary>
internal sealed class NonceBook(NonceMode mode, TimeProvider timeProvider)
{
    /// <summary>More than a client would have under way at once.</summary>
    private const int MaximumOutstanding = 1000;

    private readonly DpopNonces _steady = new(TimeSpan.FromMinutes(1), timeProvider);
    private readonly Queue<string> _outstanding = new();
    private readonly Lock _gate = new();

    /// <summary>What the verifier asks; null when no nonce is wanted.</summary>
    public Func<string, bool>? Accept => mode switch
    {
        NonceMode.Off => null,
        NonceMode.Required => _steady.Accepts,
        _ => TakeOne,
    };

    /// <summary>The nonce to put on an answer, or null.</summary>
    /// <param name="isChallenge">Whether the answer demands one.</param>
    /// <param name="used">The nonce of the request.</param>
    public string? ForAnswer(bool isChallenge, string? used) => mode switch
    {
        NonceMode.Off => null,
        NonceMode.Required => isChallenge || !_steady.IsCurrent(used) ? _steady.Current : null,
        _ => CreateOne(),
    };

    private bool TakeOne(string nonce)
    {
        lock (_gate)
        {
            switch (mode)
            {
                case NonceMode.Rotate:
                    return _outstanding.TryPeek(out string? newest) && newest == nonce;
                case NonceMode.OneTime when _outstanding.Contains(nonce):
                    string[] others = [.. _outstanding.Where(other => other != nonce)];
                    _outstanding.Clear();
                    Array.ForEach(others, _outstanding.Enqueue);
                    return true;
                default:
                    return false;
            }
        }
    }

    private string CreateOne()
    {
        string nonce = Base64Url.EncodeToString(RandomNumberGenerator.GetBytes(24));
        lock (_gate)
        {
            if (mode == NonceMode.Rotate)
            {
                _outstanding.Clear();
            }
            else if (_outstanding.Count >= MaximumOutstanding)
            {
                _outstanding.Dequeue();
            }

            _outstanding.Enqueue(nonce);
        }

        return nonce;
    }
}
