using System.Buffers.Text;
using System.Diagnostics;
using System.Security.Cryptography;
using System.Security.Cryptography.X509Certificates;
using System.Text;
using DpopHttp.Keys;

namespace DpopHttp;

/// <summary>
/// The asymmetric key pair that access tokens are bound to and that proofs are signed with (RFC 9449). Make one, keep it, and use
/// the same one to get tokens and to use them.
/// </summary>
/// <remarks>
/// Instances are immutable and safe for use by any number of threads at once. The private part leaves only through
/// <see cref="ExportPrivateJwk"/>.
/// </remarks>
[DebuggerDisplay("{ToString(),nq}")]
public sealed class DpopKey : IDisposable
{
    [DebuggerBrowsable(DebuggerBrowsableState.Never)]
    private readonly KeyPair _pair;

    [DebuggerBrowsable(DebuggerBrowsableState.Never)]
    private volatile bool _isDisposed;

    /// <summary>The token that proofs by hand were made for last, and its hash.</summary>
    [DebuggerBrowsable(DebuggerBrowsableState.Never)]
    private Tuple<string, string>? _hashedToken;

    internal DpopKey(KeyPair pair)
    {
        _pair = pair;
        PublicJwk = pair.CreatePublicJwk();
        Thumbprint = Base64Url.EncodeToString(SHA256.HashData(Encoding.ASCII.GetBytes(PublicJwk)));
        ProofHeader = Encoding.ASCII.GetBytes(Base64Url.EncodeToString(Encoding.ASCII.GetBytes(
            $$"""{"typ":"dpop+jwt","alg":"{{Algorithm}}","jwk":{{PublicJwk}}}""")));
    }

    /// <summary>The JWS algorithm that proofs are signed with, such as <c>ES256</c> (RFC 7518 section 3.1).</summary>
    public string Algorithm => _pair.Algorithm.Name;

    /// <summary>The JWK SHA-256 thumbprint of the public key in base64url: the <c>jkt</c> that tokens are bound to (RFC 7638, RFC 9449 section 6).</summary>
    public string Thumbprint { get; }

    /// <summary>The public key as a JWK with its required members only (RFC 7517, RFC 7638 section 3.2).</summary>
    public string PublicJwk { get; }

    /// <summary>Whether it was made in this process, by <see cref="Generate"/>.</summary>
    internal bool IsGenerated { get; private init; }

    /// <summary>The first part of every proof of this key: its JOSE header in base64url (RFC 9449 section 4.2).</summary>
    internal byte[] ProofHeader { get; }

    /// <summary>Makes a new key pair from the system's random number generator.</summary>
    /// <param name="algorithm">ES256 (the default), ES384, ES512, PS256, PS384, PS512, RS256, RS384 or RS512. RSA keys have 2,048 bits.</param>
    /// <exception cref="ArgumentException">The algorithm is none of these.</exception>
    public static DpopKey Generate(string algorithm = DpopAlgorithms.ES256)
    {
        ArgumentNullException.ThrowIfNull(algorithm);
        SigningAlgorithm signing = SigningAlgorithm.Require(algorithm, nameof(algorithm));
        return new DpopKey(signing.Curve is null ? RsaKeyPair.Generate(signing) : EcKeyPair.Generate(signing)) { IsGenerated = true };
    }

    /// <summary>Reads a private JWK, as <see cref="ExportPrivateJwk"/> writes it (RFC 7517, RFC 7518 section 6).</summary>
    /// <param name="privateJwkJson">An EC key on P-256, P-384 or P-521, or an RSA key of 2,048 bits or more, which needs an <c>alg</c>.</param>
    /// <exception cref="ArgumentException">A member is missing or wrong; the message names it and never its value.</exception>
    public static DpopKey FromJwk(string privateJwkJson)
    {
        ArgumentException.ThrowIfNullOrWhiteSpace(privateJwkJson);
        return Import(nameof(privateJwkJson), () => JwkReader.ReadPrivate(privateJwkJson));
    }

    /// <summary>Reads a private key in PEM: PKCS#8, SEC1 (<c>EC PRIVATE KEY</c>) or PKCS#1 (<c>RSA PRIVATE KEY</c>).</summary>
    /// <param name="pem">An EC key on P-256, P-384 or P-521, or an RSA key of 2,048 bits or more. Certificates beside it are passed over.</param>
    /// <param name="algorithm">Needed for an RSA key, such as PS256; an EC key's follows from its curve.</param>
    /// <exception cref="ArgumentException">There is no such key, or it does not fit the algorithm; the message says which and quotes nothing.</exception>
    public static DpopKey FromPem(string pem, string? algorithm = null)
    {
        ArgumentException.ThrowIfNullOrWhiteSpace(pem);
        return Import(nameof(pem), () => PemReader.Read(pem, passphrase: null, algorithm));
    }

    /// <summary>Reads a private key in PEM that is encrypted with a passphrase: PKCS#8, <c>ENCRYPTED PRIVATE KEY</c> (RFC 5958 section 3).</summary>
    /// <param name="pem">The key, see <see cref="FromPem"/>.</param>
    /// <param name="passphrase">Opens it.</param>
    /// <param name="algorithm">Needed for an RSA key, such as PS256; an EC key's follows from its curve.</param>
    /// <exception cref="ArgumentException">The passphrase is wrong, or there is no such key, or it does not fit the algorithm.</exception>
    public static DpopKey FromEncryptedPem(string pem, string passphrase, string? algorithm = null)
    {
        ArgumentException.ThrowIfNullOrWhiteSpace(pem);
        ArgumentNullException.ThrowIfNull(passphrase);
        return Import(nameof(pem), () => PemReader.Read(pem, passphrase, algorithm));
    }

    /// <summary>Uses the private key of a certificate, from a file or a store, even one that cannot be exported.</summary>
    /// <param name="certificate">Has a private key on P-256, P-384 or P-521, or an RSA key of 2,048 bits or more. It may be disposed afterwards.</param>
    /// <param name="algorithm">Needed for an RSA key, such as PS256; an EC key's follows from its curve.</param>
    /// <exception cref="ArgumentException">It has no such key, or one that does not fit the algorithm.</exception>
    public static DpopKey FromCertificate(X509Certificate2 certificate, string? algorithm = null)
    {
        ArgumentNullException.ThrowIfNull(certificate);
        return Import(nameof(certificate), () => CertificateReader.Read(certificate, algorithm));
    }

    /// <summary>Uses a private key that never enters this process.</summary>
    /// <param name="signer">Signs for it. It is not disposed with the key.</param>
    /// <exception cref="ArgumentException">Its algorithm or its public JWK is wrong, or they do not fit each other.</exception>
    public static DpopKey FromSigner(DpopSigner signer)
    {
        ArgumentNullException.ThrowIfNull(signer);
        SigningAlgorithm algorithm = SigningAlgorithm.Require(signer.Algorithm, nameof(signer));
        return Import(nameof(signer), () => new SignerKeyPair(signer, JwkReader.ReadPublic(signer.PublicJwk, algorithm.Name)));
    }

    /// <summary>Writes the key pair as a JWK, private part included. Whoever has it can use every token bound to the key.</summary>
    /// <exception cref="DpopException">
    /// <see cref="DpopErrorCodes.KeyNotExportable"/>: the private part is elsewhere or may not leave its store.
    /// <see cref="DpopErrorCodes.KeyUnavailable"/>: the key was disposed.
    /// </exception>
    public string ExportPrivateJwk() => Export(static pair => pair.CreatePrivateJwk());

    /// <summary>The private key under a passphrase, for its file.</summary>
    internal string ExportEncryptedPem(string passphrase) => Export(pair => pair.CreateEncryptedPem(passphrase));

    /// <summary>The hash of a token, computed once while the token stays the same.</summary>
    internal string HashOf(string token, Func<string, string> compute)
    {
        Tuple<string, string>? known = Volatile.Read(ref _hashedToken);
        if (known is null || known.Item1 != token)
        {
            Volatile.Write(ref _hashedToken, known = Tuple.Create(token, compute(token)));
        }

        return known.Item2;
    }

    /// <summary>False where a signature should be awaited: see <see cref="SignAsync"/>.</summary>
    internal bool SignsInProcess => _pair.SignsInProcess;

    /// <summary>Signs a proof's signing input (RFC 7515 section 5.1) and returns the signature's length.</summary>
    internal int Sign(ReadOnlySpan<byte> data, Span<byte> destination)
    {
        try
        {
            return _pair.Sign(data, destination);
        }
        catch (NotSupportedException exception) when (!_pair.SignsInProcess)
        {
            throw KeyErrors.SignerIsAsynchronous(this, exception);
        }
        catch (Exception exception) when (!_pair.SignsInProcess || exception is ObjectDisposedException or CryptographicException)
        {
            throw Unavailable(exception);
        }
    }

    /// <summary>As <see cref="Sign"/>, for a key behind a signer.</summary>
    internal async ValueTask<byte[]> SignAsync(ReadOnlyMemory<byte> data, CancellationToken cancellationToken)
    {
        try
        {
            return await _pair.SignAsync(data, cancellationToken).ConfigureAwait(false);
        }
        catch (Exception exception) when (!(exception is OperationCanceledException && cancellationToken.IsCancellationRequested))
        {
            throw Unavailable(exception);
        }
    }

    /// <summary>The algorithm and the thumbprint.</summary>
    public override string ToString() => $"{Algorithm} {Thumbprint}";

    /// <summary>Ends the use of the private key. Requests that still need it fail with <see cref="DpopErrorCodes.KeyUnavailable"/>.</summary>
    public void Dispose()
    {
        _isDisposed = true;
        _pair.Dispose();
    }

    private static DpopKey Import(string parameterName, Func<KeyPair> read)
    {
        try
        {
            return new DpopKey(read());
        }
        catch (MalformedKeyException exception)
        {
            throw new ArgumentException(exception.Message, parameterName, exception.InnerException);
        }
    }

    private string Export(Func<KeyPair, string> export)
    {
        try
        {
            return export(_pair);
        }
        catch (ObjectDisposedException exception)
        {
            throw KeyErrors.Disposed(this, exception);
        }
        catch (Exception exception) when (exception is NotSupportedException or CryptographicException)
        {
            throw KeyErrors.NotExportable(this, exception);
        }
    }

    private DpopException Unavailable(Exception cause) => cause switch
    {
        // A signer's own, as of its session, says nothing of the key.
        ObjectDisposedException when _isDisposed => KeyErrors.Disposed(this, cause),
        MalformedSignatureException => KeyErrors.SignatureMalformed(this, cause),
        _ => KeyErrors.CannotSign(this, cause),
    };
}
