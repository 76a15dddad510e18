using System.Diagnostics.CodeAnalysis;
using System.Numerics;

namespace Commonhold.Ethereum;

/// <summary>A recoverable ECDSA signature over secp256k1.</summary>
/// <param name="R">The x-coordinate of the nonce point.</param>
/// <param name="S">The proof; at most half the group order in anything this library accepts (EIP-2).</param>
/// <param name="YParity">0 or 1: which of the two nonce points.</param>
public readonly record struct Signature(Bytes32 R, Bytes32 S, byte YParity)
{
    public const int Length = 65;

    private static readonly Bytes32 HalfOrder = Bytes32.Parse("0x7fffffffffffffffffffffffffffffff5d576e7357a4501ddfe92f46681b20a0");

    /// <summary>27 or 28, as contracts' <c>ecrecover</c> wants it.</summary>
    public byte V => (byte)(27 + YParity);

    /// <summary>False for the second, malleable form of a signature.</summary>
    public bool HasLowS => S <= HalfOrder;

    /// <summary>r ‖ s ‖ v, with v 27 or 28.</summary>
    public byte[] ToArray()
    {
        byte[] bytes = new byte[Length];
        R.CopyTo(bytes);
        S.CopyTo(bytes.AsSpan(32));
        bytes[64] = V;
        return bytes;
    }

    /// <summary>Reads r ‖ s ‖ v, with v 0, 1, 27 or 28.</summary>
    public static bool TryFromSpan(ReadOnlySpan<byte> bytes, out Signature signature)
    {
        signature = default;
        if (bytes.Length != Length || bytes[64] is not (0 or 1 or 27 or 28))
            return false;

        signature = new Signature(
            Bytes32.FromSpan(bytes[..32]),
            Bytes32.FromSpan(bytes[32..64]),
            (byte)(bytes[64] >= 27 ? bytes[64] - 27 : bytes[64]));
        return true;
    }

    /// <exception cref="FormatException">Not 65 bytes with a v of 0, 1, 27 or 28.</exception>
    public static Signature FromSpan(ReadOnlySpan<byte> bytes) =>
        TryFromSpan(bytes, out Signature signature)
            ? signature
            : throw new FormatException("A signature takes 65 bytes, the last of them 0, 1, 27 or 28.");

    /// <exception cref="FormatException">Not 0x and 130 digits of a signature.</exception>
    public static Signature Parse(string text) => FromSpan(Hex.Decode(text));

    public static bool TryParse([NotNullWhen(true)] string? text, out Signature signature)
    {
        signature = default;
        return Hex.TryDecode(text, out byte[]? bytes) && TryFromSpan(bytes, out signature);
    }

    internal static Signature FromNumbers(BigInteger r, BigInteger s, byte yParity) =>
        new(Bytes32.FromUInt256(r), Bytes32.FromUInt256(s), yParity);

    public override string ToString() => Hex.Encode(ToArray());
}
