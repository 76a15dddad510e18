using System.Security.Cryptography;
using Commonhold.Age;
using Commonhold.Client;
using Commonhold.Ethereum;
using Commonhold.Guardians.Chain;
using Commonhold.Guardians.Keys;
using Commonhold.Guardians.Log;
using Commonhold.Guardians.Release;

namespace Commonhold.Guardians;

/// <summary>Answers for one key share: releases it for contributions that an active on-chain grant covers.</summary>
/// <remarks>
/// Guarantee: an answer leaves only for a contribution in the scope of a grant that is active at the newest final block,
/// sealed to that grant's recipient, and after its line in the log has reached the disk. So nobody logs in: anyone may
/// ask, only the grantee can read.
/// Trusts: its own chain node at the configured finality, its own disk. Verifies: the node is in step; grant, terms,
/// expiry, scope; every manifest against its root; that the contribution owns its ephemeral share; withdrawal; that the
/// own share is the one that the epoch on chain was confirmed with.
/// Flow: read the chain at one block → <see cref="GrantGate"/> → <see cref="RateLimiter"/> → <see cref="ShareIndex"/> →
/// multiply → seal → <see cref="ReleaseLog"/> → answer. Whatever cannot be checked is a refusal.
/// </remarks>
internal sealed class Guardian(
    GuardianKeys keys, PinnedChain chain, ShareIndex index, RateLimiter limiter, ReleaseLog log, TimeProvider time)
{
    /// <summary>Lines of one <see cref="ReadLogAsync"/>.</summary>
    public const int LogPage = 1000;

    /// <returns>An age file to the grant's recipient (docs/protocol.md §6), or why there is none.</returns>
    /// <exception cref="GuardianException">The chain, the manifests or the log cannot be relied on now.</exception>
    public async Task<Result<byte[]>> ReleaseAsync(ReleaseRequest request, CancellationToken cancellationToken)
    {
        if (Malformed(request) is { } malformed)
            return malformed;
        if (keys.Shares.Count == 0)
            return NotReady("It holds no key share yet; its key ceremony is not over.");

        var reading = await chain.ReadAsync(request, cancellationToken);
        if (GrantGate.Check(request, reading.Grant, reading.Now, reading.BatchCount) is { } refusal)
            return refusal;
        if (!limiter.TryTake(request.GrantId, request.Indices.Count, out var retryAfter))
            return new Refusal(
                ReleaseCodes.RateLimited, $"Grant {request.GrantId} has used up what this guardian answers in a minute.",
                $"Ask again in {retryAfter.TotalSeconds:0} s, or ask for fewer contributions at a time.");

        var batch = await index.GetAsync(request.BatchId, reading, cancellationToken);
        var epoch = batch.EpochOf(request.Indices);
        if (keys.ShareFor(chain.Dao.ChainId, chain.Dao.Guardians.Address, epoch) is not { } share)
            return NotReady($"It holds no share of the key of epoch {epoch}.");
        var onChain = await reading.ReadEpochAsync(epoch, cancellationToken);
        if (!onChain.IsConfirmedFor(share, keys.Account.Address))
            return NotReady($"Its share is not the one that epoch {epoch} was confirmed with on chain.");

        var withdrawn = await reading.ReadWithdrawnAsync(request.BatchId, request.Indices, cancellationToken);
        using var selection = LeafSelection.Of(batch, request.Indices, epoch, withdrawn);
        selection.Answer(share);
        return await SealAndLogAsync(request, reading, share, epoch, selection, cancellationToken);
    }

    /// <summary>Copies log lines from a sequence number on, at most <see cref="LogPage"/> of them.</summary>
    public Task ReadLogAsync(long from, Stream destination, CancellationToken cancellationToken) =>
        log.CopyToAsync(from, LogPage, destination, cancellationToken);

    /// <summary>Who this guardian is and what it sees of the chain.</summary>
    /// <exception cref="GuardianException">The chain cannot be relied on now.</exception>
    public async Task<Result<GuardianInfo>> DescribeAsync(CancellationToken cancellationToken)
    {
        var newest = keys.Shares
            .Where(held => held.ChainId == chain.Dao.ChainId && held.GuardianRegistry == chain.Dao.Guardians.Address)
            .MaxBy(held => held.Epoch);
        if (newest is null)
            return NotReady("It holds no key share yet; its key ceremony is not over.");
        var (block, _) = await chain.PinAsync(cancellationToken);
        return new GuardianInfo(
            keys.Account.Address, (uint)newest.Share.Index, newest.Epoch, (uint)newest.Share.Key.Threshold,
            (uint)newest.Share.Key.Guardians, chain.Dao.Dao, chain.Finality.ToString(), block.Number);
    }

    private async Task<Result<byte[]>> SealAndLogAsync(
        ReleaseRequest request, ChainReading reading, KeyShare share, uint epoch, LeafSelection selection,
        CancellationToken cancellationToken)
    {
        byte[] answer;
        try
        {
            answer = SealedAnswer.Seal(
                request, (uint)share.Index, epoch, selection.Indices, selection.Answers,
                request.Proofs ? selection.Prove(share) : [], selection.Refused);
        }
        catch (AgeException e) when (e.Code == AgeErrors.Recipient)
        {
            return new Refusal(
                ReleaseCodes.RecipientUnusable, $"The grant's recipient {request.Terms.Recipient} is not a key that anything can be sealed to.",
                "The request was made with a wrong recipient; make a new one.");
        }

        await log.AppendAsync(
            new ReleaseRecord(
                time.GetUtcNow().ToUnixTimeSeconds(), reading.Block.Number, reading.Block.Hash, request.GrantId,
                reading.Grant.TermsHash, request.BatchId, selection.Indices, Bytes32.FromSpan(SHA256.HashData(answer)),
                selection.Refused),
            cancellationToken);
        return answer;
    }

    private static Refusal? Malformed(ReleaseRequest request)
    {
        if (request.Indices.Count is 0 or > ReleaseRequest.MaxIndices)
            return Invalid($"A call asks for 1 to {ReleaseRequest.MaxIndices} contributions, not {request.Indices.Count}.");
        if (request.Indices.Distinct().Count() != request.Indices.Count)
            return Invalid("A contribution is asked for twice in one call.");
        return request.Terms.Price.Value.GetBitLength() > 128 ? Invalid("The price in the terms does not fit 128 bits.") : null;
    }

    private static Refusal Invalid(string detail) => new(ReleaseCodes.RequestInvalid, detail, "See docs/protocol.md §6.");

    private static Refusal NotReady(string reason) => new(
        ReleaseCodes.NotReady, $"This guardian cannot answer: {reason}", "Ask the other guardians.");
}
