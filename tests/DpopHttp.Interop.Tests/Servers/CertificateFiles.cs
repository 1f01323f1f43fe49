namespace DpopHttp.Interop.Tests.Servers;

/// <summary>Paths of a private key and its certificate, both PEM.</summary>
internal sealed record CertificateFiles(string Key, string Cert);
