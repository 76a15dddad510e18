using System.Numerics;
using Commonhold.Ethereum;
using Commonhold.Server.Operations;

namespace Commonhold.Server.Relay;

/// <summary>The one sender of the relayer's account: brings queued operations on chain, some at a time.</summary>
/// <remarks>Guarantee: whatever moment the process dies, no operation is lost and none has its effect twice. A transaction is signed and
/// written down with its nonce before it is sent; after a restart the same bytes are sent again, which the chain knows by their hash.
/// Flow: look for receipts → send again what the chain forgot, dearer when it takes long → simulate, sign, write down, send what is queued.</remarks>
internal sealed class RelaySender(
    EthereumNode node, Relayer relayer, RelaySimulator simulator, Outbox outbox, RelayLedger ledger, NodeOptions options,
    TimeProvider time, ILogger<RelaySender> log) : BackgroundService
{
    private ulong _chainId;

    protected override async Task ExecuteAsync(CancellationToken stoppingToken)
    {
        if (relayer.Key is null)
            return;
        while (!stoppingToken.IsCancellationRequested)
        {
            var filled = outbox.Filled.Next;
            var inFlight = 0;
            try
            {
                inFlight = await StepAsync(relayer.Key, stoppingToken);
            }
            catch (OperationCanceledException) when (stoppingToken.IsCancellationRequested)
            {
                return;
            }
            catch (EthereumException problem)
            {
                log.LogWarning("The relayer waits for the chain: {Reason}", problem.Message);
            }
            catch (Exception problem)
            {
                log.LogError(problem, "Relaying failed; it is tried again.");
            }

            try
            {
                // While something is on its way its receipt is looked for; otherwise the next wish wakes us.
                await Pulse.WaitAsync(filled, inFlight > 0 ? options.Indexing.PollInterval / 2 : TimeSpan.FromSeconds(5), time, stoppingToken);
            }
            catch (OperationCanceledException)
            {
                return;
            }
        }
    }

    /// <summary>One round; returns how many operations are on their way.</summary>
    internal async Task<int> StepAsync(Secp256k1Key key, CancellationToken cancellationToken)
    {
        if (_chainId == 0)
            _chainId = await node.ChainIdAsync(cancellationToken);
        foreach (var sent in await ledger.SentAsync(cancellationToken))
            await SettleAsync(key, sent, cancellationToken);
        var inFlight = await ledger.CountSentAsync(cancellationToken);
        var queued = await ledger.QueuedAsync(options.Relay.MaxInFlight - inFlight, cancellationToken);
        if (queued.Count == 0)
            return inFlight;

        var fees = await node.SuggestFeesAsync(cancellationToken);
        var nonce = Math.Max((long)await node.TransactionCountAsync(key.Address, BlockReference.Latest, cancellationToken), await ledger.NextNonceAsync(cancellationToken));
        var balance = await simulator.BalanceAsync(cancellationToken);
        foreach (var operation in queued)
        {
            // One that starts over may have been mined after all; simulated again it would seem refused.
            if (await SettledAsync(operation, await ledger.AttemptsAsync(operation.Id, cancellationToken), startsOver: true, cancellationToken))
                continue;
            if (!(await simulator.EstimateAsync(operation.ToCall(), cancellationToken)).TryGet(out var gas, out var refusal))
            {
                if (refusal.Code == "relay.unfunded")
                {
                    log.LogError("{Refusal}", refusal.ToString());
                    break; // Not the operation's fault: it stays queued until there is gas.
                }

                await ledger.FailAsync(operation.Id, refusal.ToString(), cancellationToken);
                continue;
            }

            var limit = RelaySimulator.Limit(gas, operation.ToCall());
            balance -= RelaySimulator.Price(operation.ToCall(), limit, fees);
            if (balance < 0)
            {
                log.LogError("{Refusal}", RelaySimulator.Unfunded(key.Address).ToString());
                break; // It stays queued until there is gas.
            }

            var signed = Sign(key, operation, nonce++, fees, limit);
            await ledger.RecordAsync(operation.Id, signed, fees, limit, cancellationToken);
            await node.BroadcastAsync(signed, cancellationToken);
            inFlight++;
        }

        return inFlight;
    }

    private async Task SettleAsync(Secp256k1Key key, SentOperation sent, CancellationToken cancellationToken)
    {
        if (await SettledAsync(sent.Operation, sent.Attempts, startsOver: false, cancellationToken))
            return;

        var newest = sent.Attempts[^1];
        if ((long)await node.TransactionCountAsync(key.Address, BlockReference.Latest, cancellationToken) > newest.Nonce)
        {
            // Either one of its transactions was mined since we looked, or its nonce went to something else, e.g. after a reorganisation, and
            // the operation starts over. Contracts refuse a second effect.
            if (!await SettledAsync(sent.Operation, sent.Attempts, startsOver: false, cancellationToken))
                await ledger.RequeueAsync(sent.Operation.Id, cancellationToken);
            return;
        }

        if (time.GetUtcNow().ToUnixTimeSeconds() - newest.SignedAt >= options.Relay.BumpAfter.TotalSeconds)
        {
            var suggested = await node.SuggestFeesAsync(cancellationToken);
            // Nodes take a replacement only when both fees are at least a tenth higher.
            var fees = new FeeSuggestion(
                BigInteger.Max(suggested.MaxPriorityFeePerGas, (newest.PriorityFee * 9 / 8) + 1), BigInteger.Max(suggested.MaxFeePerGas, (newest.Fee * 9 / 8) + 1));
            var dearer = Sign(key, sent.Operation, newest.Nonce, fees, (ulong)newest.GasLimit);
            await ledger.RecordAsync(sent.Operation.Id, dearer, fees, (ulong)newest.GasLimit, cancellationToken);
            await node.BroadcastAsync(dearer, cancellationToken);
            return;
        }

        // Cheap when the node has it; needed when we or the node died between writing down and sending.
        await node.BroadcastAsync(
            new SignedTransaction(Hex.Decode(newest.Raw), newest.TransactionHash, key.Address, (ulong)newest.Nonce), cancellationToken);
    }

    /// <summary>Enters what the chain says of an operation's transactions; false when it knows none of them.</summary>
    /// <param name="startsOver">Asked for again after a failure: a transaction that reverted then says nothing about now.</param>
    private async Task<bool> SettledAsync(OperationRow operation, IReadOnlyList<AttemptRow> attempts, bool startsOver, CancellationToken cancellationToken)
    {
        foreach (var attempt in attempts)
        {
            if (await node.ReceiptAsync(attempt.TransactionHash, cancellationToken) is not { } receipt)
                continue;
            if (receipt.Succeeded)
                await ledger.MinedAsync(operation.Id, attempt.TransactionHash, (long)receipt.BlockNumber, cancellationToken);
            else if (startsOver)
                continue;
            else
                await ledger.FailAsync(operation.Id, $"relay.reverted: the transaction {attempt.TransactionHash} was mined and reverted.", cancellationToken);
            return true;
        }

        return false;
    }

    private SignedTransaction Sign(Secp256k1Key key, OperationRow operation, long nonce, FeeSuggestion fees, ulong gas)
    {
        var call = operation.ToCall();
        return new Eip1559Transaction(_chainId, (ulong)nonce, fees.MaxPriorityFeePerGas, fees.MaxFeePerGas, gas, call.To, call.Value, call.Data).Sign(key);
    }
}
