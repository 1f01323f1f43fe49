namespace DpopHttp.Benchmarks.Uploads;

/// <summary>What the server saw of one upload.</summary>
/// <param name="Bytes">Bytes of the body that it accepted.</param>
/// <param name="Hash">Their SHA-256 in hexadecimal.</param>
/// <param name="Requests">Requests, the refused ones included.</param>
/// <param name="RefusedBytes">Bytes of a body that had arrived when it refused.</param>
internal sealed record UploadReceipt(long Bytes, string Hash, int Requests, long RefusedBytes);
