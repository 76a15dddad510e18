using Commonhold.Age;
using Commonhold.Client.Contracts;
using Commonhold.Ethereum;
using Commonhold.Guardians.Chain;

namespace Commonhold.Guardians.Ceremony;

/// <summary>The key ceremony's side of the chain: who the guardians of an epoch are, and the own confirmation.</summary>
internal sealed class EpochChain(PinnedChain view, ChainRpc rpc, EthereumNode node, TransactionSenderOptions sending, TimeProvider time)
{
    public DaoReference Dao => view.Dao;

    /// <summary>The epoch at the newest final block.</summary>
    public async Task<GuardianRegistry.Epoch> ReadAsync(uint epoch, CancellationToken cancellationToken)
    {
        var (block, _) = await view.PinAsync(cancellationToken);
        var latest = await rpc.CallAsync(block.Hash, Dao.Guardians.LatestEpoch(), cancellationToken);
        return epoch > 0 && epoch <= latest
            ? await rpc.CallAsync(block.Hash, Dao.Guardians.EpochAt(epoch), cancellationToken)
            : throw new GuardianException(
                ReleaseCodes.CeremonyNotGuardian, $"There is no epoch {epoch} on chain; the newest is {latest}.",
                "A vote of the DAO starts an epoch; mind the finality that this guardian waits for.");
    }

    /// <summary>The newest epoch that was started.</summary>
    public async Task<uint> LatestAsync(CancellationToken cancellationToken)
    {
        var (block, _) = await view.PinAsync(cancellationToken);
        return await rpc.CallAsync(block.Hash, Dao.Guardians.LatestEpoch(), cancellationToken);
    }

    /// <summary>Sends <c>confirmKey</c> unless the chain already has this very confirmation.</summary>
    public async Task ConfirmAsync(uint epoch, KeyShare share, Secp256k1Key account, CancellationToken cancellationToken)
    {
        var recipient = Bytes32.FromSpan(share.Key.Recipient.Point);
        Bytes32[] commitments = [.. share.Key.Commitments.Select(commitment => Bytes32.FromSpan(commitment.Bytes))];
        // At the head, not at the final block: a second transaction for the same thing would be money for nothing.
        var head = await rpc.BlockAsync("latest", cancellationToken) ?? throw ChainRpc.Unavailable("it has no newest block");
        var confirmed = await rpc.CallAsync(head.Hash, Dao.Guardians.ConfirmationOf(epoch, account.Address), cancellationToken);
        if (confirmed == Digest(recipient, commitments))
            return;

        var call = Dao.Guardians.ConfirmKey(epoch, recipient, commitments);
        using TransactionSender sender = new(node, account, sending, time);
        try
        {
            await sender.SendAsync(
                new TransactionRequest(call.To, call.Data, GasLimit: GasLimit(share.Key)), cancellationToken);
        }
        catch (EthereumException e)
        {
            throw new GuardianException(
                ReleaseCodes.ConfirmationFailed, $"confirmKey of epoch {epoch} did not go through: {e.Message}",
                $"The share is kept. Give {account.Address} coins for gas if it has none, then run the same command again.", e, e.IsTransient);
        }
    }

    /// <summary>Enough for the last confirmation, which compares all of them and stores the key: an estimate made before the
    /// others' transactions would be that of an ordinary one, and run out.</summary>
    private static ulong GasLimit(ThresholdKey key) => 250_000 + (50_000UL * (ulong)key.Threshold) + (20_000UL * (ulong)key.Guardians);

    /// <summary>keccak256(abi.encode(recipient, commitments)), as GuardianRegistry keeps it.</summary>
    private static Bytes32 Digest(Bytes32 recipient, Bytes32[] commitments) => Keccak256.Hash(AbiEncoder.Encode(
        [AbiType.Bytes32, AbiType.Array(AbiType.Bytes32)],
        [recipient, AbiValue.List(commitments.Select(commitment => AbiValue.From(commitment)))]));
}
