using System.Text;
using Commonhold.Client;
using Commonhold.Client.Contracts;
using Commonhold.Ethereum;
using Commonhold.Server.Operations;

namespace Commonhold.Server.Indexer;

/// <summary>What never changes about the DAO: read from its deed when the node starts.</summary>
internal sealed record Dao(ulong ChainId, DaoContracts Addresses, Bytes32 Schema)
{
    public CommonholdDomain RegistryDomain { get; } = new(ChainId, Addresses.Registry);

    public CommonholdDomain GuardianDomain { get; } = new(ChainId, Addresses.Guardians);

    public ContributionRegistry Registry { get; } = new(Addresses.Registry);

    public GuardianRegistry Guardians { get; } = new(Addresses.Guardians);

    public RevenuePool Pool { get; } = new(Addresses.Pool);

    public AccessMarket Market { get; } = new(Addresses.Market);

    public DataGovernor Governor { get; } = new(Addresses.Governor);

    /// <summary>Every custom error that a call of this DAO may end with.</summary>
    public static AbiErrorSet Errors { get; } = new(
        new[] { DataDao.Abi, ContributionRegistry.Abi, GuardianRegistry.Abi, RevenuePool.Abi, AccessMarket.Abi, DataGovernor.Abi, DataToken.Abi, TimelockController.Abi, TestCurrency.Abi }
            .SelectMany(abi => abi.Errors));

    /// <exception cref="InvalidOperationException">There is no DAO at this address, or it is another one than configured.</exception>
    /// <exception cref="RpcException">The chain cannot be reached.</exception>
    public static async Task<Dao> ReadAsync(EthereumNode node, NodeOptions options, CancellationToken cancellationToken)
    {
        var chainId = await node.ChainIdAsync(cancellationToken);
        if ((await node.CodeAsync(options.Dao, BlockReference.Latest, cancellationToken)).Length == 0)
            throw new InvalidOperationException($"There is no contract at {options.Dao} on chain {chainId}.");
        var call = new DataDao(options.Dao).Deed();
        var deed = call.Decode(await node.CallAsync(new CallRequest(call.To, call.Data), BlockReference.Latest, cancellationToken));
        if (deed.Schema != Client.Schema.Hash(options.SchemaName))
            throw new InvalidOperationException($"The DAO's schema is {deed.Schema}, which is not '{options.SchemaName}'.");
        if (deed.NameDigest != Keccak256.Hash(Encoding.UTF8.GetBytes(options.Name)))
            throw new InvalidOperationException($"The DAO at {options.Dao} is not named '{options.Name}'.");
        return new Dao(chainId, new DaoContracts(options.Dao, deed.Token, deed.ContributionRegistry, deed.GuardianRegistry,
            deed.RevenuePool, deed.AccessMarket, deed.Governor, deed.Timelock), deed.Schema);
    }
}
