using Commonhold.Age;

namespace Commonhold.Tests.Age;

internal static class Sample
{
    /// <summary>Bytes that repeat in no chunk-sized pattern, so that a swapped chunk shows.</summary>
    internal static byte[] Bytes(int size)
    {
        var bytes = new byte[size];
        var state = 0x9E3779B97F4A7C15ul + (ulong)size;
        for (var i = 0; i < size; i++)
        {
            state ^= state << 13;
            state ^= state >> 7;
            state ^= state << 17;
            bytes[i] = (byte)state;
        }

        return bytes;
    }

    internal static async Task<byte[]> EncryptAsync(byte[] plaintext, AgeOptions? options, params IAgeRecipient[] recipients)
    {
        using var output = new MemoryStream();
        await AgeFile.EncryptAsync(new MemoryStream(plaintext), output, recipients, options);
        return output.ToArray();
    }

    internal static async Task<byte[]> DecryptAsync(byte[] file, params IAgeIdentity[] identities)
    {
        using var output = new MemoryStream();
        await AgeFile.DecryptAsync(new MemoryStream(file), output, identities);
        return output.ToArray();
    }
}
