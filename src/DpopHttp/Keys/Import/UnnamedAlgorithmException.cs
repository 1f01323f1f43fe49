namespace DpopHttp.Keys;

/// <summary>An RSA key, and nothing that says which of its algorithms to use.</summary>
internal sealed class UnnamedAlgorithmException()
    : UnexpectedKeyException("An RSA key fits six algorithms: name the one to use, such as PS256.");
