using System.Security.Cryptography;
using Commonhold.Ethereum;

namespace Commonhold.Validator.Uniqueness;

/// <summary>Makes the 64-bit keys under which rows and cells of one account are remembered.</summary>
/// <remarks>Ids that a person authored are globally unique, so their keys are made with one key for the whole dataset and can be
/// compared between accounts. Everything else (votes, saves, cells) is keyed by account: two members who voted on the same post
/// leave nothing that matches.</remarks>
internal sealed class RowKeys
{
    private const int MaxIdBytes = 128;
    private readonly SipKey _authored;
    private readonly SipKey _own;
    private readonly SipKey _cell;

    public RowKeys(ReadOnlySpan<byte> validatorsKey, Bytes32 nullifier)
    {
        _authored = Derive(validatorsKey, "row of anyone"u8, default);
        _own = Derive(validatorsKey, "row of account"u8, nullifier);
        _cell = Derive(validatorsKey, "cell of account"u8, nullifier);
    }

    /// <summary>The key of something the account wrote; <paramref name="kind"/> tells posts from comments.</summary>
    public ulong Authored(byte kind, ReadOnlySpan<byte> id) => Compute(_authored, kind, id, 0);

    /// <summary>The key of something the account did: a vote, a save, a subscription.</summary>
    public ulong Own(byte kind, ReadOnlySpan<byte> id) => Compute(_own, kind, id, 0);

    /// <summary>The cell of a row. Its top byte is the kind, so that points by kind can be told from the ledger alone.</summary>
    public ulong Cell(byte kind, ReadOnlySpan<byte> community, int quarter) =>
        (Compute(_cell, kind, community, quarter) >> 8) | ((ulong)kind << 56);

    /// <summary>One spelling for an id: <c>t1_</c> and <c>t3_</c> and leading zeros fall away, letters become small.</summary>
    /// <returns>The length in <paramref name="canonical"/>; 0 when it is no base-36 id.</returns>
    public static int Canonicalise(ReadOnlySpan<byte> id, Span<byte> canonical)
    {
        if (id.Length > 3 && id[0] is (byte)'t' && id[2] is (byte)'_')
            id = id[3..];
        id = id.TrimStart((byte)'0');
        if (id.Length is 0 or > 13)
            return 0;
        for (var i = 0; i < id.Length; i++)
        {
            var lower = id[i] is >= (byte)'A' and <= (byte)'Z' ? (byte)(id[i] | 0x20) : id[i];
            if (lower is not (>= (byte)'0' and <= (byte)'9' or >= (byte)'a' and <= (byte)'z'))
                return 0;
            canonical[i] = lower;
        }

        return id.Length;
    }

    private static ulong Compute(SipKey key, byte kind, ReadOnlySpan<byte> id, int number)
    {
        Span<byte> input = stackalloc byte[5 + MaxIdBytes];
        input[0] = kind;
        System.Buffers.Binary.BinaryPrimitives.WriteInt32LittleEndian(input[1..], number);
        id.CopyTo(input[5..]);
        return SipHash.Compute(key, input[..(5 + id.Length)]);
    }

    private static SipKey Derive(ReadOnlySpan<byte> validatorsKey, ReadOnlySpan<byte> label, Bytes32 nullifier)
    {
        Span<byte> input = stackalloc byte[label.Length + 33];
        label.CopyTo(input);
        input[label.Length] = 0;
        nullifier.CopyTo(input[(label.Length + 1)..]);
        return SipKey.From(HMACSHA256.HashData(validatorsKey, input));
    }
}
