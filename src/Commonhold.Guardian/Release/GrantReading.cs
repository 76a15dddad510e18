using Commonhold.Ethereum;

namespace Commonhold.Guardians.Release;

/// <summary>What a request has become on chain: <c>IAccessMarket.State</c>, in its order.</summary>
internal enum GrantStage
{
    /// <summary>No request has this number.</summary>
    None,

    /// <summary>Asked and paid into escrow; no executed vote yet.</summary>
    Requested,

    /// <summary>A vote was executed.</summary>
    Granted,

    /// <summary>The buyer took the escrow back; it never becomes a grant.</summary>
    Refunded,

    /// <summary>The DAO took the grant back.</summary>
    Revoked,
}

/// <summary>A grant as it stands at one block.</summary>
/// <param name="EndsAt">Unix seconds of chain time at which it ends.</param>
/// <param name="WorkerApproved">Whether the terms' recipient is an approved worker's key.</param>
internal sealed record GrantReading(GrantStage Stage, Bytes32 TermsHash, ulong EndsAt, bool WorkerApproved);
