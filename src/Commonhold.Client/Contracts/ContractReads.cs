using Commonhold.Ethereum;

namespace Commonhold.Client.Contracts;

/// <summary>Runs typed calls on an Ethereum node.</summary>
public static class ContractReads
{
    /// <exception cref="ContractRevertException">The contract refused.</exception>
    /// <exception cref="RpcException">The node cannot be reached or answers wrongly.</exception>
    public static async Task<T> ReadAsync<T>(
        this EthereumNode node, ContractCall<T> call, BlockReference at, CancellationToken cancellationToken) =>
        call.Decode(await node.CallAsync(new CallRequest(call.To, call.Data), at, cancellationToken).ConfigureAwait(false));

    /// <summary>Many reads of one kind at one block, in few requests.</summary>
    /// <exception cref="ContractRevertException">One of them was refused.</exception>
    public static async Task<IReadOnlyList<T>> ReadManyAsync<T>(
        this EthereumNode node, IReadOnlyList<ContractCall<T>> calls, BlockReference at, CancellationToken cancellationToken)
    {
        IReadOnlyList<CallOutcome> outcomes = await node.CallManyAsync(
            [.. calls.Select(c => new CallRequest(c.To, c.Data))], at, cancellationToken).ConfigureAwait(false);
        return [.. outcomes.Select((outcome, i) => outcome.Revert is null ? calls[i].Decode(outcome.Data.Span) : throw outcome.Revert)];
    }
}

/// <summary>Every custom error of a DAO's contracts: give it to <see cref="EthereumNode"/>, and reverts have names.</summary>
public static class DaoErrors
{
    public static AbiErrorSet All { get; } = new(
        new[]
        {
            AccessMarket.Abi, ContributionRegistry.Abi, DataDao.Abi, DataGovernor.Abi, DataToken.Abi, GuardianRegistry.Abi, RevenuePool.Abi,
            TimelockController.Abi, TestCurrency.Abi,
        }.SelectMany(abi => abi.Errors));
}
