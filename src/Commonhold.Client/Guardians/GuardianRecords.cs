using Commonhold.Ethereum;

namespace Commonhold.Client;

/// <summary><c>GET /v1/guardian</c>.</summary>
/// <param name="Index">The guardian's place in its epoch, from 1.</param>
/// <param name="Count">Guardians in the epoch.</param>
/// <param name="Finality">How final the blocks are that it acts on: <c>finalized</c>, <c>safe</c> or <c>depth:N</c>.</param>
/// <param name="Head">The newest block at that finality.</param>
public sealed record GuardianInfo(
    Address Address, uint Index, uint Epoch, uint Threshold, uint Count, Address Dao, string Finality, ulong Head);

/// <summary><c>POST /v1/releases</c>.</summary>
/// <param name="Indices">At most <see cref="MaxIndices"/>, of one batch.</param>
/// <param name="Proofs">Ask for DLEQ proofs: only when an opening failed.</param>
public sealed record ReleaseRequest(GrantId GrantId, GrantTerms Terms, BatchId BatchId, IReadOnlyList<uint> Indices, bool Proofs = false)
{
    public const int MaxIndices = 1000;
}

/// <summary>What stands inside the age file that a guardian answers with.</summary>
public sealed record ReleaseAnswer(
    int Version,
    uint Guardian,
    uint Epoch,
    GrantId GrantId,
    BatchId BatchId,
    IReadOnlyList<ShareAnswer> Answers,
    IReadOnlyList<ShareRefusal> Refused)
{
    public const int CurrentVersion = 1;

    public const string MediaType = "application/age";
}

/// <param name="Answer">s_i · E, a compressed Edwards point.</param>
/// <param name="Proof">A DLEQ proof, 0x and 64 bytes, if asked for.</param>
public sealed record ShareAnswer(uint Index, Bytes32 Answer, string? Proof = null);

public sealed record ShareRefusal(uint Index, string Code);
