using System.Buffers.Text;
using System.Runtime.InteropServices;

namespace DpopHttp.Verification;

/// <summary>A SHA-256 hash as a value that a dictionary can hold without an object for each.</summary>
[StructLayout(LayoutKind.Sequential)]
internal readonly record struct Digest256(ulong First, ulong Second, ulong Third, ulong Fourth)
{
    public static Digest256 Of(ReadOnlySpan<byte> hash) => MemoryMarshal.Read<Digest256>(hash);

    public override string ToString()
    {
        Digest256 self = this;
        return Base64Url.EncodeToString(MemoryMarshal.AsBytes(MemoryMarshal.CreateReadOnlySpan(ref self, 1)));
    }
}
