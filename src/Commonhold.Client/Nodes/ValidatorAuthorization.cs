using System.Buffers.Binary;
using System.Diagnostics.CodeAnalysis;
using System.Globalization;
using Commonhold.Ethereum;

namespace Commonhold.Client;

/// <summary>How a validator shows the node who it is (protocol.md §5): a signature over the registry and the time.</summary>
public static class ValidatorAuthorization
{
    public const string Scheme = "Commonhold";

    /// <summary>How far the clocks of validator and node may be apart.</summary>
    public static readonly TimeSpan Tolerance = TimeSpan.FromSeconds(60);

    /// <summary>The header's value, without the scheme.</summary>
    public static string Create(Secp256k1Key key, Address registry, DateTimeOffset now)
    {
        long unix = now.ToUnixTimeSeconds();
        return string.Create(CultureInfo.InvariantCulture, $"{key.Address}:{unix}:{key.Sign(Digest(registry, unix))}");
    }

    /// <summary>Reads the header's value, without the scheme, and proves who sent it.</summary>
    public static bool TryVerify(string? parameter, Address registry, DateTimeOffset now, [NotNullWhen(true)] out Address? validator)
    {
        validator = null;
        string[] parts = parameter is { Length: <= 256 } ? parameter.Split(':') : [];
        if (parts.Length != 3
            || !Address.TryParse(parts[0], out Address claimed)
            || !long.TryParse(parts[1], NumberStyles.None, CultureInfo.InvariantCulture, out long unix)
            || !Signature.TryParse(parts[2], out Signature signature)
            || Math.Abs(now.ToUnixTimeSeconds() - unix) > (long)Tolerance.TotalSeconds
            || !Secp256k1Key.TryRecover(Digest(registry, unix), signature, out Address signer)
            || signer != claimed)
            return false;

        validator = signer;
        return true;
    }

    /// <summary>keccak256("commonhold-validator" ‖ registry ‖ unix as uint64).</summary>
    private static Bytes32 Digest(Address registry, long unix)
    {
        ReadOnlySpan<byte> tag = "commonhold-validator"u8;
        Span<byte> message = stackalloc byte[tag.Length + Address.Length + 8];
        tag.CopyTo(message);
        registry.CopyTo(message[tag.Length..]);
        BinaryPrimitives.WriteInt64BigEndian(message[(tag.Length + Address.Length)..], unix);
        return Keccak256.Hash(message);
    }
}
