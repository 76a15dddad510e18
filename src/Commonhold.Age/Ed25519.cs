namespace Commonhold.Age;

/// <summary>Ed25519 signatures (RFC 8032) by libsodium, which .NET does not have.</summary>
/// <remarks>Verification refuses public keys of small order and non-canonical encodings, so one message has one signature.</remarks>
public static class Ed25519
{
    public const int PublicKeyBytes = 32;
    public const int SeedBytes = 32;
    public const int SignatureBytes = 64;
    private const int SecretKeyBytes = 64;

    public static bool Verify(ReadOnlySpan<byte> publicKey, ReadOnlySpan<byte> message, ReadOnlySpan<byte> signature) =>
        publicKey.Length == PublicKeyBytes && signature.Length == SignatureBytes
        && Sodium.VerifyDetached(signature, message, (ulong)message.Length, publicKey) == 0;

    /// <param name="seed">The 32 bytes that RFC 8032 calls the private key.</param>
    public static byte[] Sign(ReadOnlySpan<byte> seed, ReadOnlySpan<byte> message)
    {
        Span<byte> secret = stackalloc byte[SecretKeyBytes];
        try
        {
            ExpandSeed(seed, stackalloc byte[PublicKeyBytes], secret);
            var signature = new byte[SignatureBytes];
            return Sodium.SignDetached(signature, out _, message, (ulong)message.Length, secret) == 0
                ? signature
                : throw new InvalidOperationException("libsodium could not sign.");
        }
        finally
        {
            secret.Clear();
        }
    }

    public static byte[] PublicKey(ReadOnlySpan<byte> seed)
    {
        Span<byte> secret = stackalloc byte[SecretKeyBytes];
        var key = new byte[PublicKeyBytes];
        ExpandSeed(seed, key, secret);
        secret.Clear();
        return key;
    }

    private static void ExpandSeed(ReadOnlySpan<byte> seed, Span<byte> publicKey, Span<byte> secret)
    {
        ArgumentOutOfRangeException.ThrowIfNotEqual(seed.Length, SeedBytes);
        if (Sodium.SignSeedKeyPair(publicKey, secret, seed) != 0)
            throw new InvalidOperationException("libsodium could not expand the seed.");
    }
}
