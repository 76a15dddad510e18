using Commonhold.Ethereum;

namespace Commonhold.Client;

/// <summary>How a grant is used (design §1).</summary>
public enum GrantMode : byte
{
    Raw = 0,
    Anonymised = 1,
    Query = 2,
    Job = 3,
}

/// <summary>When the price is earned: at once, or by the second.</summary>
public enum Pricing : byte
{
    Sale = 0,
    Rent = 1,
}

/// <summary>A buyer's terms. The chain keeps only their hash, so whoever acts later presents them again (protocol.md §3).</summary>
/// <param name="Runs">How often a worker may run; 0 for modes without runs.</param>
/// <param name="Duration">Seconds from approval.</param>
/// <param name="Scope">Batches 0 … Scope − 1 are covered.</param>
/// <param name="Price">In the currency's smallest unit; below 2¹²⁸.</param>
/// <param name="Recipient">32 bytes of the grantee's age X25519 recipient.</param>
public sealed record GrantTerms(
    GrantMode Mode,
    Pricing Pricing,
    ushort Renewals,
    uint Runs,
    ulong Duration,
    ulong Scope,
    Address Currency,
    Wei Price,
    Bytes32 Recipient,
    Bytes32 PurposeDigest,
    Bytes32 JobDigest,
    Bytes32 OutputPolicyDigest)
{
    /// <summary>keccak256(abi.encode(terms)).</summary>
    /// <exception cref="OverflowException">The price does not fit 128 bits.</exception>
    public Bytes32 Hash()
    {
        WordWriter words = new(stackalloc byte[12 * 32]);
        words.Add((ulong)Mode);
        words.Add((ulong)Pricing);
        words.Add(Renewals);
        words.Add(Runs);
        words.Add(Duration);
        words.Add(Scope);
        words.Add(Currency);
        words.Add((UInt128)Price.Value);
        words.Add(Recipient);
        words.Add(PurposeDigest);
        words.Add(JobDigest);
        words.Add(OutputPolicyDigest);
        return words.Hash();
    }

    public bool Covers(BatchId batch) => batch.Value < Scope;
}
