using System.Text;

namespace DpopHttp.Tests.Keys.Fuzzing;

/// <summary>Makes faulty inputs out of good ones. The same seed makes the same ones.</summary>
internal sealed class Mutation(int seed)
{
    /// <summary>What parsers stumble over.</summary>
    private static readonly byte[][] Fragments =
    [
        .. new[]
        {
            "\0", "\u00A0", "\uFEFF", "\r\n", "\"", "\\", "\\ud800", "{", "}", "[", "]", ":", ",", "null", "true", "-1", "1e999", "{\"a\":", "[[[[[[[[",
            "\"kty\":\"EC\",", "\"kty\":\"RSA\",", "\"alg\":\"none\",", "\"d\":\"\",", "\"keys\":[]", "\"crv\":\"P-521\",", "AAAA", "====", "-----BEGIN ",
            "-----END ", "-----", "PRIVATE KEY", "Algorithm: ", "Proc-Type: 4,ENCRYPTED\n", "ENCRYPTED ", "PROTECTED DPOP KEY",
        }.Select(Encoding.UTF8.GetBytes),
        [0xFF], [0xC0, 0x80], [0x30, 0x80], [0x30, 0x84, 0x7F, 0xFF, 0xFF, 0xFF], [0x02, 0x01, 0x00], [0x04, 0x00], [0x80],
    ];

    private readonly Random _random = new(seed);

    /// <summary>A few changes to one of the samples, or a mix of two.</summary>
    public byte[] Next(IReadOnlyList<byte[]> samples)
    {
        List<byte> text = [.. samples[_random.Next(samples.Count)]];
        for (int changes = _random.Next(1, _random.Next(2, 6)); changes > 0; changes--)
        {
            Change(text, samples);
        }

        return [.. text];
    }

    private void Change(List<byte> text, IReadOnlyList<byte[]> samples)
    {
        int at = _random.Next(text.Count + 1);
        int length = Math.Min(_random.Next(1, _random.Next(2, 200)), text.Count - at);
        switch (_random.Next(7))
        {
            case 0 when at < text.Count:
                text[at] ^= (byte)(1 << _random.Next(8));
                break;
            case 1 when at < text.Count:
                text[at] = (byte)_random.Next(256);
                break;
            case 2:
                text.RemoveRange(at, length);
                break;
            case 3:
                text.InsertRange(_random.Next(text.Count + 1), text.GetRange(at, length));
                break;
            case 4:
                text.InsertRange(at, Fragments[_random.Next(Fragments.Length)]);
                break;
            case 5:
                byte[] other = samples[_random.Next(samples.Count)];
                int from = _random.Next(other.Length + 1);
                text.RemoveRange(at, text.Count - at);
                text.AddRange(other.AsSpan(from));
                break;
            default:
                text.InsertRange(at, Enumerable.Repeat((byte)_random.Next(256), _random.Next(300)));
                break;
        }
    }
}
