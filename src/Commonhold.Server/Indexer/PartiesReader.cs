using Commonhold.Age;
using Commonhold.Client.Contracts;
using Commonhold.Ethereum;

namespace Commonhold.Server.Indexer;

/// <summary>Reads who the validators and guardians are, the dataset's key and its policy, at one block.</summary>
internal sealed class PartiesReader(Dao dao, EthereumNode node)
{
    public async Task<Parties> ReadAsync(Bytes32 block, CancellationToken cancellationToken)
    {
        var at = BlockReference.Hash(block);
        var (validators, threshold) = (dao.Registry.Validators(), dao.Registry.Threshold());
        var policy = dao.Registry.PolicyDigest();
        var (active, latest) = (dao.Guardians.ActiveEpoch(), dao.Guardians.LatestEpoch());
        var answers = await node.CallManyAsync(
            [.. new ContractCall[] { validators, threshold, active, latest, policy }.Select(call => new CallRequest(call.To, call.Data))], at, cancellationToken);
        var activeEpoch = active.Decode(Data(answers[2]));
        var latestEpoch = latest.Decode(Data(answers[3]));
        var shown = activeEpoch != 0 ? activeEpoch : latestEpoch;
        GuardianRegistry.Epoch? epoch = null;
        if (shown != 0)
        {
            var call = dao.Guardians.EpochAt(shown);
            epoch = call.Decode(await node.CallAsync(new CallRequest(call.To, call.Data), at, cancellationToken));
        }

        return new Parties(
            activeEpoch == 0 ? null : new DatasetKey(activeEpoch, new X25519Recipient(epoch!.Recipient.AsSpan()).ToString()),
            latestEpoch, epoch?.Guardians ?? [], epoch?.Threshold ?? 0,
            validators.Decode(Data(answers[0])), (uint)threshold.Decode(Data(answers[1])), policy.Decode(Data(answers[4])));
    }

    private static ReadOnlySpan<byte> Data(CallOutcome outcome) => outcome.Revert is { } revert ? throw revert : outcome.Data.Span;
}
