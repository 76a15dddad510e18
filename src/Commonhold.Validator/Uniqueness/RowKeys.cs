using System.Security.Cryptography;
using Commonhold.Ethereum;
using Commonhold.Exports;

namespace Commonhold.Validator.Uniqueness;

/// <summary>Makes the 64-bit keys under which rows and cells of one account are remembered.</summary>
/// <remarks>Ids that a person authored are globally unique, and histories agree by chance only here and there, so their keys are
/// made with one key for the whole dataset and can be compared between accounts. Everything else (votes, saves) is keyed by account: two
/// members who voted on the same post leave nothing that matches. Cells are counted over several accounts, so they have one key too:
/// who holds this state without the key sees that two accounts were active at one place in one quarter, and not which.</remarks>
internal sealed class RowKeys
{
    private readonly SipKey _authored;
    private readonly SipKey _history;
    private readonly SipKey _own;
    private readonly SipKey _cell;

    public RowKeys(ReadOnlySpan<byte> validatorsKey, Bytes32 nullifier)
    {
        _authored = Derive(validatorsKey, "row of anyone"u8, default);
        _history = Derive(validatorsKey, "history of anyone"u8, default);
        _own = Derive(validatorsKey, "row of account"u8, nullifier);
        _cell = Derive(validatorsKey, "cell of anyone"u8, default);
    }

    /// <summary>The key of something the account wrote; <paramref name="kind"/> tells posts from comments.</summary>
    public ulong Authored(byte kind, ReadOnlySpan<byte> id) => Compute(_authored, kind, id, 0);

    /// <summary>The key of something that happened to the account and can be compared: a visit, a play.</summary>
    public ulong History(byte kind, ReadOnlySpan<byte> id) => Compute(_history, kind, id, 0);

    /// <summary>The key of something the account did: a vote, a save, a subscription.</summary>
    public ulong Own(byte kind, ReadOnlySpan<byte> id) => Compute(_own, kind, id, 0);

    /// <summary>The cell of a row. Its top byte is the kind, so that points by kind can be told from the ledger alone.</summary>
    public ulong Cell(byte kind, ReadOnlySpan<byte> place, int quarter) =>
        (Compute(_cell, kind, place, quarter) >> 8) | ((ulong)kind << 56);

    private static ulong Compute(SipKey key, byte kind, ReadOnlySpan<byte> id, int number)
    {
        Span<byte> input = stackalloc byte[5 + ExportRecord.MaxKeyBytes];
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
