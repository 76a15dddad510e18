using Commonhold.Client;
using Commonhold.Ethereum;

namespace Commonhold.Server.Indexer;

/// <summary>What never changes about the DAO: read from its deed when the node starts.</summary>
internal sealed record Dao(ulong ChainId, DaoAddresses Addresses, Bytes32 Schema)
{
    public CommonholdDomain RegistryDomain { get; } = new(ChainId, Addresses.ContributionRegistry);

    public CommonholdDomain GuardianDomain { get; } = new(ChainId, Addresses.GuardianRegistry);
}
