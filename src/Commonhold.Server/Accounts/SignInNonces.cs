using System.Buffers.Binary;
using System.Security.Cryptography;

namespace Commonhold.Server.Accounts;

/// <summary>Nonces of sign-in messages: this process made them, and for five minutes they are good.</summary>
/// <remarks>They carry their own end and a MAC, so asking for them keeps nothing here and cannot fill anything. That each is used once is the
/// sessions table's doing: a nonce is the key of the session that it opened.</remarks>
internal sealed class SignInNonces(TimeProvider time)
{
    public static readonly TimeSpan Lifetime = TimeSpan.FromMinutes(5);

    private const int RandomBytes = 16;
    private const int BodyBytes = RandomBytes + sizeof(long);
    private const int MacBytes = 16;
    private readonly byte[] _key = RandomNumberGenerator.GetBytes(32);

    public string Make()
    {
        Span<byte> nonce = stackalloc byte[BodyBytes + MacBytes];
        RandomNumberGenerator.Fill(nonce[..RandomBytes]);
        BinaryPrimitives.WriteInt64BigEndian(nonce[RandomBytes..], (time.GetUtcNow() + Lifetime).ToUnixTimeSeconds());
        Mac(nonce[..BodyBytes]).AsSpan(0, MacBytes).CopyTo(nonce[BodyBytes..]);
        return Convert.ToHexStringLower(nonce);
    }

    /// <summary>Whether it was made here and is still good; whether it was used, the table knows.</summary>
    public bool IsGood(string text)
    {
        Span<byte> nonce = stackalloc byte[BodyBytes + MacBytes];
        // Small letters only: the same nonce in capitals would be another key of the table.
        if (text.Length != nonce.Length * 2 || text.AsSpan().ContainsAnyInRange('A', 'Z')
            || Convert.FromHexString(text, nonce, out _, out _) != System.Buffers.OperationStatus.Done)
            return false;
        return CryptographicOperations.FixedTimeEquals(Mac(nonce[..BodyBytes]).AsSpan(0, MacBytes), nonce[BodyBytes..])
            && time.GetUtcNow().ToUnixTimeSeconds() < BinaryPrimitives.ReadInt64BigEndian(nonce[RandomBytes..]);
    }

    private byte[] Mac(ReadOnlySpan<byte> body) => HMACSHA256.HashData(_key, body);
}
