using Commonhold.Ethereum;

namespace Commonhold.Client;

/// <summary>What is known of the code of one of a DAO's contracts.</summary>
/// <param name="HasPublishedCode">What stands there is the published code, its immutables aside.</param>
/// <param name="CreatedBy">The transaction that created it; null when it was not found in the blocks that were read.</param>
/// <param name="IsCreatedAsWritten">The transaction carried the published creation code and exactly the arguments that dao.json's settings give.
/// Null when the transaction was not found.</param>
public sealed record StandingCode(string Contract, Address Address, bool HasPublishedCode, Bytes32? CreatedBy, bool? IsCreatedAsWritten)
{
    /// <summary>Nothing that was found speaks against it.</summary>
    public bool IsGood => HasPublishedCode && IsCreatedAsWritten != false;
}

/// <summary>Holds the code of a DAO's contracts against the published digests, and their creating transactions against dao.json.</summary>
/// <remarks>Trust: the chain node's answers. Runtime code says what a contract does, not what it was given: a constructor of somebody else's can
/// return the published code after it wrote what it liked into storage and immutables. Only the creating transaction's data rule that out, so they
/// are looked for in the first <see cref="MostBlocks"/> blocks from dao.json's first one; where they are not found, that is said.</remarks>
public static class DaoCode
{
    public const int MostBlocks = 2_000;

    private const int AtOnce = 8;

    public static async Task<IReadOnlyList<StandingCode>> ReadAsync(EthereumNode node, DaoFile dao, CancellationToken cancellationToken)
    {
        DaoContracts at = dao.Contracts;
        Address[] places = [at.Timelock, at.Token, at.Governor, at.Guardians, at.Registry, at.Pool, at.Market, at.Dao];
        Dictionary<Address, ContractCreation> found = await FindAsync(node, places, dao.FirstBlock, cancellationToken);
        var codes = new List<StandingCode>();
        for (int i = 0; i < places.Length; i++)
        {
            CreatedContract contract = CreatedContract.All[i];
            byte[] code = await node.CodeAsync(places[i], BlockReference.Latest, cancellationToken);
            ContractCreation? creation = found.GetValueOrDefault(places[i]);
            bool? asWritten = creation is null ? null : creation.InitCode.Span.SequenceEqual(DaoPlan.Make(dao.Settings, creation.From).Deployments[i].InitCode.Span);
            codes.Add(new StandingCode(contract.Name, places[i], contract.IsCodeOf(code), creation?.TransactionHash, asWritten));
        }

        return codes;
    }

    private static async Task<Dictionary<Address, ContractCreation>> FindAsync(EthereumNode node, Address[] places, ulong fromBlock, CancellationToken cancellationToken)
    {
        var found = new Dictionary<Address, ContractCreation>();
        ulong end = Math.Min(fromBlock + MostBlocks, await node.BlockNumberAsync(cancellationToken) + 1);
        for (ulong first = fromBlock; first < end && found.Count < places.Length; first += AtOnce)
        {
            IReadOnlyList<ContractCreation>[] blocks = await Task.WhenAll(
                Enumerable.Range(0, (int)Math.Min(AtOnce, end - first)).Select(i => node.CreationsAsync(first + (ulong)i, cancellationToken)));
            foreach (ContractCreation creation in blocks.SelectMany(block => block).Where(creation => places.Contains(creation.Address)))
                found.TryAdd(creation.Address, creation);
        }

        return found;
    }
}
