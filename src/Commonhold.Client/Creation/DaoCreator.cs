using Commonhold.Ethereum;
using System.Numerics;

namespace Commonhold.Client;

/// <summary>Deploys a DAO's eight contracts with a key that exists for nothing else.</summary>
/// <remarks>Guarantee: whatever moment it dies at, running it again with the same key and settings ends with the same DAO at the same
/// addresses, each contract deployed once; and at the end nobody but the timelock, that is the vote, can change anything.
/// Trust: the chain node's answers. Flow: plan → go on from the account's nonce → one transaction at a time → compare the
/// code that stands there with what was compiled. The key never owns anything; the caller destroys it afterwards.</remarks>
public sealed class DaoCreator(EthereumNode node, TimeProvider time)
{
    private static readonly TimeSpan PollInterval = TimeSpan.FromMilliseconds(200);

    /// <summary>What the whole creation may cost in wei at today's prices, with a reserve of a third.</summary>
    public async Task<Wei> PriceAsync(DaoSettings settings, Address deployer, CancellationToken cancellationToken)
    {
        FeeSuggestion fees = await node.SuggestFeesAsync(cancellationToken);
        BigInteger gas = DaoPlan.Make(settings, deployer).Deployments.Aggregate(BigInteger.Zero, (sum, d) => sum + GasLimit(d));
        return new Wei(gas * fees.MaxFeePerGas * 4 / 3);
    }

    /// <param name="progress">Hears of each contract once it stands.</param>
    /// <exception cref="CommonholdException">Settings that cannot be, an account used for something else, or a chain that failed.</exception>
    public async Task<DaoContracts> CreateAsync(
        DaoSettings settings, Secp256k1Key key, IProgress<Deployment>? progress, CancellationToken cancellationToken)
    {
        if (settings.Check() is { } refusal)
            throw new CommonholdException(refusal);

        DaoPlan plan = DaoPlan.Make(settings, key.Address);
        ulong chainId = await node.ChainIdAsync(cancellationToken);
        ulong done = await node.TransactionCountAsync(key.Address, BlockReference.Latest, cancellationToken);
        for (int nonce = 0; nonce < plan.Deployments.Count; nonce++)
        {
            Deployment deployment = plan.Deployments[nonce];
            if ((ulong)nonce >= done)
                await DeployAsync(deployment, chainId, (ulong)nonce, key, cancellationToken);
            await VerifyAsync(deployment, cancellationToken);
            progress?.Report(deployment);
        }

        return plan.Contracts;
    }

    private async Task DeployAsync(Deployment deployment, ulong chainId, ulong nonce, Secp256k1Key key, CancellationToken cancellationToken)
    {
        FeeSuggestion fees = await node.SuggestFeesAsync(cancellationToken);
        var transaction = new Eip1559Transaction(
            chainId, nonce, fees.MaxPriorityFeePerGas, fees.MaxFeePerGas, GasLimit(deployment), To: null, BigInteger.Zero, deployment.InitCode);
        // A run that died after sending leaves the same transaction in the pool: then this one is known or underpriced, and that one counts.
        try
        {
            await node.BroadcastAsync(transaction.Sign(key), cancellationToken);
        }
        catch (RpcException)
        {
            if (await node.TransactionCountAsync(key.Address, BlockReference.Pending, cancellationToken) <= nonce)
                throw;
        }

        while (await node.TransactionCountAsync(key.Address, BlockReference.Latest, cancellationToken) <= nonce)
            await Task.Delay(PollInterval, time, cancellationToken);
    }

    /// <summary>What stands there must be what was compiled, but for the values that its constructor put in.</summary>
    private async Task VerifyAsync(Deployment deployment, CancellationToken cancellationToken)
    {
        byte[] found = await node.CodeAsync(deployment.Address, BlockReference.Latest, cancellationToken);
        if (!deployment.Created.IsCodeOf(found))
        {
            string what = found.Length == 0 ? "no code" : "other code than was compiled";
            throw new CommonholdException(new Refusal(
                "dao.code_mismatch", $"{deployment.Contract} at {deployment.Address} has {what}.",
                "The creation key was used for something else, or its transaction failed: start again with a new one."));
        }
    }

    /// <summary>More than this deployment can take: deposit (200 a byte), init code and calldata, and what constructors store.</summary>
    /// <remarks>Estimating would need the contracts before it to stand.</remarks>
    public static ulong GasLimit(Deployment deployment) =>
        2_000_000 + (200UL * (ulong)deployment.Created.RuntimeCode.Length) + (40UL * (ulong)deployment.InitCode.Length);
}
