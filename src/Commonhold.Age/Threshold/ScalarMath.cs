using System.Buffers.Binary;
using System.Security.Cryptography;

namespace Commonhold.Age;

/// <summary>Arithmetic modulo the group order, in libsodium's constant time.</summary>
internal static class ScalarMath
{
    internal const int Size = 32;

    /// <summary>A uniform scalar other than zero.</summary>
    internal static SecretBytes Random()
    {
        using var wide = SecretBytes.Random(64);
        var scalar = new SecretBytes(Size);
        Sodium.ScalarReduce(scalar.Span, wide.Span);
        return scalar;
    }

    internal static void FromSmall(int value, Span<byte> scalar)
    {
        scalar.Clear();
        BinaryPrimitives.WriteInt32LittleEndian(scalar, value);
    }

    /// <summary>A challenge: SHA-512 of the label and the parts, reduced (Fiat–Shamir).</summary>
    internal static byte[] Challenge(ReadOnlySpan<byte> label, params ReadOnlySpan<byte[]> parts)
    {
        using var hash = IncrementalHash.CreateHash(HashAlgorithmName.SHA512);
        hash.AppendData(label);
        // Every part has a fixed length for its label, so concatenation is unambiguous.
        foreach (var part in parts) hash.AppendData(part);
        Span<byte> digest = stackalloc byte[64];
        hash.GetHashAndReset(digest);
        var challenge = new byte[Size];
        Sodium.ScalarReduce(challenge, digest);
        return challenge;
    }

    /// <summary>response = nonce + challenge · secret.</summary>
    internal static void Respond(ReadOnlySpan<byte> nonce, ReadOnlySpan<byte> challenge, ReadOnlySpan<byte> secret, Span<byte> response)
    {
        Span<byte> product = stackalloc byte[Size];
        Sodium.ScalarMultiply(product, challenge, secret);
        Sodium.ScalarAdd(response, nonce, product);
        CryptographicOperations.ZeroMemory(product);
    }

    /// <summary>The Lagrange coefficient at zero of <paramref name="index"/> among <paramref name="indices"/>.</summary>
    internal static byte[] LagrangeAtZero(int index, IEnumerable<int> indices)
    {
        var (numerator, denominator) = (Small(1), Small(1));
        foreach (var other in indices)
        {
            if (other == index) continue;
            Sodium.ScalarMultiply(numerator, numerator, Small(other));
            var difference = new byte[Size];
            Sodium.ScalarSubtract(difference, Small(other), Small(index));
            Sodium.ScalarMultiply(denominator, denominator, difference);
        }

        var inverse = new byte[Size];
        if (Sodium.ScalarInvert(inverse, denominator) != 0) throw new ArgumentException("An index stands twice.", nameof(indices));
        Sodium.ScalarMultiply(numerator, numerator, inverse);
        return numerator;
    }

    internal static byte[] Small(int value)
    {
        var scalar = new byte[Size];
        FromSmall(value, scalar);
        return scalar;
    }

    /// <summary>False unless the 32 bytes are below the group order.</summary>
    internal static bool IsCanonical(ReadOnlySpan<byte> scalar)
    {
        if (scalar.Length != Size) return false;
        Span<byte> wide = stackalloc byte[64];
        wide.Clear();
        scalar.CopyTo(wide);
        Span<byte> reduced = stackalloc byte[Size];
        Sodium.ScalarReduce(reduced, wide);
        var canonical = CryptographicOperations.FixedTimeEquals(reduced, scalar);
        CryptographicOperations.ZeroMemory(wide);
        CryptographicOperations.ZeroMemory(reduced);
        return canonical;
    }
}
