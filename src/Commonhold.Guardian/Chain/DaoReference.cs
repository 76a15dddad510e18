using Commonhold.Client.Contracts;
using Commonhold.Ethereum;

namespace Commonhold.Guardians.Chain;

/// <summary>The one DAO that a guardian serves, found from its deed on chain.</summary>
internal sealed record DaoReference(
    ulong ChainId, Address Dao, ContributionRegistry Contributions, AccessMarket Market, GuardianRegistry Guardians)
{
    /// <exception cref="GuardianException">The chain cannot be read, or no deed is at the address.</exception>
    public static async Task<DaoReference> ReadAsync(ChainRpc rpc, Address dao, CancellationToken cancellationToken)
    {
        var answers = await rpc.BatchAsync([new JsonRpcRequest("eth_chainId"), ChainRpc.BlockRequest("latest")], cancellationToken);
        var head = ChainRpc.ReadBlock(answers[1]) ?? throw ChainRpc.Unavailable("it has no newest block");
        var deed = await rpc.CallAsync(head.Hash, new DataDao(dao).Deed(), cancellationToken);
        return new DaoReference(
            ChainRpc.ReadQuantity(answers[0]), dao, new ContributionRegistry(deed.ContributionRegistry),
            new AccessMarket(deed.AccessMarket), new GuardianRegistry(deed.GuardianRegistry));
    }
}
