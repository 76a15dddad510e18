using System.Numerics;

namespace Commonhold.Ethereum;

/// <summary>The 32-byte words of values that fit in one, and the range checks they need.</summary>
internal static class AbiWords
{
    public static void WriteInteger(AbiIntegerType type, BigInteger value, Span<byte> word)
    {
        if (!Fits(type, value))
            throw new ArgumentException($"{value} does not fit {type}.");

        word.Fill(value.Sign < 0 ? (byte)0xff : (byte)0);
        int count = value.GetByteCount(isUnsigned: !type.IsSigned);
        value.TryWriteBytes(word[(32 - count)..], out _, isUnsigned: !type.IsSigned, isBigEndian: true);
    }

    public static BigInteger ReadInteger(AbiIntegerType type, ReadOnlySpan<byte> word)
    {
        var value = new BigInteger(word, isUnsigned: !type.IsSigned, isBigEndian: true);
        return Fits(type, value) ? value : throw new AbiException($"{Hex.Encode(word)} does not fit {type}.");
    }

    public static bool ReadBool(ReadOnlySpan<byte> word) =>
        word[31] <= 1 && IsZero(word[..31]) ? word[31] == 1 : throw new AbiException($"{Hex.Encode(word)} is not a bool.");

    public static Address ReadAddress(ReadOnlySpan<byte> word) =>
        IsZero(word[..12]) ? Address.FromSpan(word[12..]) : throw new AbiException($"{Hex.Encode(word)} is not an address.");

    public static byte[] ReadFixedBytes(ReadOnlySpan<byte> word, int length) =>
        IsZero(word[length..]) ? word[..length].ToArray() : throw new AbiException($"{Hex.Encode(word)} is not bytes{length}.");

    public static bool IsZero(ReadOnlySpan<byte> bytes) => !bytes.ContainsAnyExcept((byte)0);

    private static bool Fits(AbiIntegerType type, BigInteger value) =>
        type.IsSigned
            ? (value.Sign < 0 ? -value - BigInteger.One : value).GetBitLength() < type.Bits
            : value.Sign >= 0 && value.GetBitLength() <= type.Bits;
}
