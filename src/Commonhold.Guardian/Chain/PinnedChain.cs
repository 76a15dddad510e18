using System.Numerics;
using Commonhold.Client;
using Commonhold.Ethereum;
using Commonhold.Guardians.Release;

namespace Commonhold.Guardians.Chain;

/// <summary>The guardian's own sight of the chain: everything for one answer is read at one block, the newest that is final enough.</summary>
/// <remarks>Trusts: the configured chain node, for what it says about a block. Verifies: that it is the right chain, that it is
/// neither behind the own clock nor behind what it showed before, and that it still has the block, by hash, when it answers.
/// Anything else is a refusal.</remarks>
internal sealed class PinnedChain(
    ChainRpc rpc, DaoReference dao, ChainSettings settings, ChainMemory memory, TimeProvider time)
{
    public DaoReference Dao => dao;

    public FinalityRule Finality => settings.Finality;

    /// <summary>Reads what the release rule needs for a request.</summary>
    public async Task<ChainReading> ReadAsync(ReleaseRequest request, CancellationToken cancellationToken)
    {
        var (block, now) = await PinAsync(cancellationToken);
        var grantAt = dao.Market.GrantAt(request.GrantId);
        var isWorker = dao.Market.IsWorker(request.Terms.Recipient);
        var batchCount = dao.Contributions.BatchCount();
        var answers = await rpc.CallAsync(block.Hash, [grantAt, isWorker, batchCount], cancellationToken);
        var grant = ChainRpc.Decode(grantAt, answers[0]);
        return new ChainReading(rpc, dao, block, now)
        {
            Grant = new GrantReading(
                (GrantStage)grant.State, grant.TermsHash, grant.EndsAt, ChainRpc.Decode(isWorker, answers[1])),
            BatchCount = (ulong)BigInteger.Min(ChainRpc.Decode(batchCount, answers[2]), ulong.MaxValue),
        };
    }

    /// <summary>The newest block that is final enough, and chain time: the newest block's, not the final one's, so that a
    /// grant is not open for longer at guardians who wait for more finality.</summary>
    public async Task<(BlockPoint Block, ulong Now)> PinAsync(CancellationToken cancellationToken)
    {
        var tag = settings.Finality.Tag;
        // Taken before the chain is asked: a call that began earlier may well see less than one that ended meanwhile.
        var floor = memory.Highest;
        var answers = await rpc.BatchAsync(
            [new JsonRpcRequest("eth_chainId"), ChainRpc.BlockRequest("latest"), ChainRpc.BlockRequest(tag ?? "latest")],
            cancellationToken);
        CheckChainId(ChainRpc.ReadQuantity(answers[0]));
        var head = ChainRpc.ReadBlock(answers[1]) ?? throw ChainRpc.Unavailable("it has no newest block");
        CheckAge(head);

        var block = tag is not null || settings.Finality.Depth == 0
            ? ChainRpc.ReadBlock(answers[2])
            : await AtDepthAsync(head, cancellationToken);
        if (block is not { } pinned)
            throw ChainRpc.Unavailable($"it has no block at finality {settings.Finality} yet");
        if (pinned.Number < floor.Number)
            throw new GuardianException(
                ReleaseCodes.ChainStale,
                $"The chain node's final block is {pinned.Number}; this guardian has already seen {floor.Number}.",
                "The node lags or lies; ask the other guardians, or again later.", isTransient: true);
        await memory.AdvanceAsync(pinned, cancellationToken);

        var clock = settings.MaxChainAge is null ? 0 : (ulong)time.GetUtcNow().ToUnixTimeSeconds();
        return (pinned, Math.Max(Math.Max(head.Timestamp, pinned.Timestamp), clock));
    }

    private async Task<BlockPoint?> AtDepthAsync(BlockPoint head, CancellationToken cancellationToken) =>
        head.Number < settings.Finality.Depth
            ? null
            : await rpc.BlockAsync(ChainRpc.Quantity(head.Number - settings.Finality.Depth), cancellationToken);

    private void CheckChainId(ulong chainId)
    {
        if (chainId != dao.ChainId)
            throw new GuardianException(
                ReleaseCodes.ChainWrong, $"The chain node serves chain {chainId}; this guardian's DAO lives on {dao.ChainId}.",
                "Ask the other guardians; the operator must correct the RPC address.");
    }

    private void CheckAge(BlockPoint head)
    {
        if (settings.MaxChainAge is not { } limit)
            return;
        var age = time.GetUtcNow().ToUnixTimeSeconds() - (long)Math.Min(head.Timestamp, long.MaxValue);
        if (Math.Abs((decimal)age) > (decimal)limit.TotalSeconds)
            throw new GuardianException(
                ReleaseCodes.ChainStale,
                $"The chain node's newest block {head.Number} is {age} s old; this guardian allows {limit.TotalSeconds:0} s.",
                "The node lags or lies, or a clock is wrong; ask the other guardians, or again later.", isTransient: true);
    }
}
