using System.Numerics;
using Commonhold.Age;
using Commonhold.Client.Contracts;
using Commonhold.Ethereum;

namespace Commonhold.Client;

/// <summary>What a client needs to know from the chain rather than from a Commonhold node.</summary>
public interface IChainView
{
    Task<DaoContracts> ContractsAsync(CancellationToken cancellationToken);

    /// <summary>Refuses a node whose word differs from the chain's on anything that a member's secret depends on.</summary>
    Task<Refusal?> CheckAsync(DaoInfo told, CancellationToken cancellationToken);

    /// <summary>Root and size of a committed batch; null when there is none of that number.</summary>
    Task<(Bytes32 Root, uint Count)?> BatchAsync(Address registry, BatchId batch, CancellationToken cancellationToken);

    /// <summary>The public side of an epoch's dataset key.</summary>
    Task<DatasetKey> KeyAsync(Address guardians, uint epoch, CancellationToken cancellationToken);
}

/// <summary>A DAO as one's own RPC node shows it: what lets a client not believe a Commonhold node.</summary>
public sealed class ChainView(EthereumNode node, Address dao) : IChainView
{
    public Address Dao { get; } = dao;

    public EthereumNode Node { get; } = node;

    public async Task<DaoContracts> ContractsAsync(CancellationToken cancellationToken)
    {
        DataDao.DeedRecord deed = await Node.ReadAsync(new DataDao(Dao).Deed(), BlockReference.Latest, cancellationToken).ConfigureAwait(false);
        return new DaoContracts(Dao, deed.Token, deed.ContributionRegistry, deed.GuardianRegistry, deed.RevenuePool, deed.AccessMarket,
            deed.Governor, deed.Timelock);
    }

    /// <summary>Refuses a node whose word differs from the chain's on anything that a member's secret depends on.</summary>
    public async Task<Refusal?> CheckAsync(DaoInfo told, CancellationToken cancellationToken)
    {
        ulong chainId = await Node.ChainIdAsync(cancellationToken).ConfigureAwait(false);
        DaoContracts contracts = await ContractsAsync(cancellationToken).ConfigureAwait(false);
        if (told.ChainId != chainId || told.Contracts != contracts)
            return Differs("another DAO or chain");

        ContributionRegistry registry = new(contracts.Registry);
        IReadOnlyList<Address> validators = await Node.ReadAsync(registry.Validators(), BlockReference.Latest, cancellationToken).ConfigureAwait(false);
        if (told.Validators.Members.FirstOrDefault(v => !validators.Contains(v.Address)) is { } stranger)
            return Differs($"{stranger.Address} as a validator, which the registry does not know");

        Bytes32 policy = await Node.ReadAsync(registry.PolicyDigest(), BlockReference.Latest, cancellationToken).ConfigureAwait(false);
        if (told.Dataset.PolicyDigest != policy)
            return Differs("another policy");

        if (!told.Dataset.Active)
            return null;
        GuardianRegistry guardians = new(contracts.Guardians);
        GuardianRegistry.Epoch epoch = await Node.ReadAsync(guardians.EpochAt(told.Dataset.KeyEpoch), BlockReference.Latest, cancellationToken).ConfigureAwait(false);
        Bytes32 recipient = told.Dataset.Recipient is { } text && X25519Recipient.TryParse(text) is { } parsed ? Bytes32.FromSpan(parsed.Point) : default;
        return epoch.ActiveSince == 0 || epoch.Recipient != recipient ? Differs("another dataset key") : null;

        static Refusal Differs(string what) =>
            new("node.differs_from_chain", $"The node names {what}.", "Do not use this node, or check the address of the DAO.");
    }

    /// <summary>Root and size of a committed batch; null when there is none of that number.</summary>
    public async Task<(Bytes32 Root, uint Count)?> BatchAsync(Address registry, BatchId batch, CancellationToken cancellationToken)
    {
        ContributionRegistry contract = new(registry);
        BigInteger count = await Node.ReadAsync(contract.BatchCount(), BlockReference.Latest, cancellationToken).ConfigureAwait(false);
        if (batch.Value >= count)
            return null;
        ContributionRegistry.CommittedBatch found = await Node.ReadAsync(contract.BatchAt(batch.Value), BlockReference.Latest, cancellationToken).ConfigureAwait(false);
        return (found.Root, found.Count);
    }

    /// <summary>The public side of an epoch's dataset key.</summary>
    public async Task<DatasetKey> KeyAsync(Address guardians, uint epoch, CancellationToken cancellationToken)
    {
        GuardianRegistry.Epoch found = await Node.ReadAsync(new GuardianRegistry(guardians).EpochAt(epoch), BlockReference.Latest, cancellationToken).ConfigureAwait(false);
        return new DatasetKey(epoch, found.Recipient, found.Threshold, found.Commitments, found.Guardians);
    }
}

/// <summary>The dataset key of one epoch as the guardian registry holds it.</summary>
/// <param name="Recipient">u(D), 32 bytes.</param>
/// <param name="Commitments">The combined Feldman commitments: compressed Edwards points, D first; empty until the epoch is active.</param>
/// <param name="Guardians">Guardian <c>i</c> stands at place <c>i − 1</c>.</param>
public sealed record DatasetKey(
    uint Epoch, Bytes32 Recipient, uint Threshold, IReadOnlyList<Bytes32> Commitments, IReadOnlyList<Address> Guardians);
