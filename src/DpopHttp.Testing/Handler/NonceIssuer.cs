using System.Buffers.Text;
using System.Security.Cryptography;

namespace DpopHttp.Testing;

/// <summary>Hands out nonces and takes them back.</summary>
internal sealed class NonceIssuer
{
    private const int KeptWhileRotating = 3;

    // Enough for any test, and a bound for a client that never uses what it gets.
    private const int KeptForOneUse = 1024;

    private readonly Lock _gate = new();

    // Oldest first; the last is the current one.
    private readonly List<string> _accepted = [];

    private string _current;

    public NonceIssuer()
    {
        _current = Mint();
        _accepted.Add(_current);
    }

    public string Current
    {
        get
        {
            lock (_gate)
            {
                return _current;
            }
        }
    }

    /// <summary>From now on only a new nonce is accepted.</summary>
    public string Rotate()
    {
        lock (_gate)
        {
            return AddNew(keep: 1);
        }
    }

    public bool Accept(NonceMode mode, string nonce)
    {
        lock (_gate)
        {
            return mode switch
            {
                NonceMode.None => true,
                NonceMode.Steady or NonceMode.OnChallengeOnly => nonce == _current,
                NonceMode.RotateEachResponse => _accepted.Contains(nonce),
                NonceMode.OneTime => _accepted.Remove(nonce),
                _ => false,
            };
        }
    }

    /// <summary>The nonce for a response, or null if it carries none.</summary>
    public string? Issue(NonceMode mode, bool isChallenge)
    {
        lock (_gate)
        {
            return mode switch
            {
                NonceMode.Steady => _current,
                NonceMode.RotateEachResponse => AddNew(KeptWhileRotating),
                NonceMode.OneTime => AddNew(KeptForOneUse),
                NonceMode.OnChallengeOnly or NonceMode.RepeatRefused when isChallenge => _current,
                NonceMode.NeverAccepted when isChallenge => AddNew(keep: 1),
                _ => null,
            };
        }
    }

    private string AddNew(int keep)
    {
        _current = Mint();
        _accepted.Add(_current);
        _accepted.RemoveRange(0, Math.Max(0, _accepted.Count - keep));
        return _current;
    }

    private static string Mint() => Base64Url.EncodeToString(RandomNumberGenerator.GetBytes(16));
}
