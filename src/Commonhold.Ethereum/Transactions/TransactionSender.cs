using System.Numerics;

namespace Commonhold.Ethereum;

/// <summary>Sends one account's transactions and sees each of them through to its receipt.</summary>
/// <remarks>Guarantee: a call returns the receipt of a transaction that succeeded, or throws; calls may run at the same time
/// and get nonces of their own; what is stuck is replaced at a higher fee under the same nonce, so it happens at most once.
/// Trust: the node's word on receipts. Flow: estimate (reverts show here, before anything is paid) → nonce and broadcast under a
/// lock → poll; broadcast again what may have been lost, replace what is stuck → receipt. While the node is away, polling
/// goes on. Depth of confirmation is for the reader of the chain to choose.</remarks>
public sealed class TransactionSender : IDisposable
{
    private const int NonceAttempts = 16;

    private readonly EthereumNode _node;
    private readonly Secp256k1Key _key;
    private readonly TransactionSenderOptions _options;
    private readonly TimeProvider _time;
    private readonly NonceLedger _nonces = new();
    private readonly SemaphoreSlim _lock = new(1);
    private ulong? _chainId;

    /// <param name="key">Stays the caller's to dispose, after the sender.</param>
    public TransactionSender(EthereumNode node, Secp256k1Key key, TransactionSenderOptions? options = null, TimeProvider? time = null)
    {
        _node = node;
        _key = key;
        _options = options ?? new TransactionSenderOptions();
        _time = time ?? TimeProvider.System;
    }

    public Address Address => _key.Address;

    /// <param name="onBroadcast">Told the hash of the first transaction, and of each that replaces it.</param>
    /// <exception cref="ContractRevertException">The contract refuses, or has refused when the transaction was mined.</exception>
    /// <exception cref="RpcException">The node refused the transaction, or could not be asked before anything was sent.</exception>
    /// <exception cref="TransactionUnconfirmedException">It was sent, and not mined in time.</exception>
    public async Task<TransactionReceipt> SendAsync(
        TransactionRequest request, Action<Bytes32>? onBroadcast, CancellationToken cancellationToken)
    {
        _chainId ??= await _node.ChainIdAsync(cancellationToken);
        ulong gasLimit = request.GasLimit ?? WithMargin(await _node.EstimateGasAsync(ToCall(request, null), cancellationToken));
        FeeSuggestion fees = Cap(await _node.SuggestFeesAsync(cancellationToken));

        TransactionAttempts attempts = await BroadcastFirstAsync(request, gasLimit, fees, cancellationToken);
        attempts.OnBroadcast = onBroadcast;
        onBroadcast?.Invoke(attempts.Latest.Hash);
        TransactionReceipt receipt;
        try
        {
            receipt = await WaitAsync(attempts, cancellationToken);
            await EndAsync(() => _nonces.Used(attempts.Nonce));
        }
        catch
        {
            await EndAsync(() => _nonces.Release(attempts.Nonce));
            throw;
        }

        return receipt.Succeeded ? receipt : throw await RevertReasonAsync(request, gasLimit, receipt, cancellationToken);
    }

    /// <inheritdoc cref="SendAsync(TransactionRequest, Action{Bytes32}, CancellationToken)"/>
    public Task<TransactionReceipt> SendAsync(TransactionRequest request, CancellationToken cancellationToken) =>
        SendAsync(request, null, cancellationToken);

    /// <summary>Calls a contract's function by a transaction.</summary>
    /// <inheritdoc cref="SendAsync(TransactionRequest, Action{Bytes32}, CancellationToken)"/>
    public Task<TransactionReceipt> SendAsync(Address contract, AbiFunction function, AbiValue[] arguments, CancellationToken cancellationToken) =>
        SendAsync(new TransactionRequest(contract, function.EncodeCall(arguments)), cancellationToken);

    public void Dispose() => _lock.Dispose();

    private async Task<TransactionAttempts> BroadcastFirstAsync(
        TransactionRequest request, ulong gasLimit, FeeSuggestion fees, CancellationToken cancellationToken)
    {
        await _lock.WaitAsync(cancellationToken);
        var taken = new List<ulong>();
        try
        {
            for (int attempt = 1; ; attempt++)
            {
                ulong nonce = _nonces.Take(await _node.TransactionCountAsync(Address, BlockReference.Pending, cancellationToken));
                taken.Add(nonce);
                var transaction = new Eip1559Transaction(
                    _chainId!.Value, nonce, fees.MaxPriorityFeePerGas, fees.MaxFeePerGas, gasLimit, request.To, request.ValueWei, request.Data);
                var attempts = new TransactionAttempts(transaction, transaction.Sign(_key), _time.GetTimestamp());
                try
                {
                    await _node.BroadcastOnceAsync(attempts.Latest, cancellationToken);
                    taken.Remove(nonce);
                    return attempts;
                }
                catch (RpcException e) when (IsTaken(e) && attempt < NonceAttempts)
                {
                    // Another process with this key was faster, or the node's pending count lags: the next one, then.
                }
                catch (RpcException e) when (e.IsTransient || e.Kind == RpcErrorKind.InvalidResponse)
                {
                    // It may have arrived. From here on only its receipt, or the end of patience, settles it.
                    attempts.NeedsBroadcast = true;
                    taken.Remove(nonce);
                    return attempts;
                }
            }
        }
        finally
        {
            taken.ForEach(_nonces.Release);
            _lock.Release();
        }
    }

    private async Task<TransactionReceipt> WaitAsync(TransactionAttempts attempts, CancellationToken cancellationToken)
    {
        long start = _time.GetTimestamp();
        EthereumException? last = null;
        while (_time.GetElapsedTime(start) < _options.GiveUpAfter)
        {
            try
            {
                if (await LookAsync(attempts, cancellationToken) is { } receipt)
                    return receipt;
                await PushAsync(attempts, cancellationToken);
            }
            catch (RpcException e)
            {
                // The transaction is out; a node that is away for a while changes nothing about that.
                last = e;
            }

            await Task.Delay(_options.PollInterval, _time, cancellationToken);
        }

        throw new TransactionUnconfirmedException(
            $"Transaction {attempts.Latest.Hash} (nonce {attempts.Nonce}) was not mined within {_options.GiveUpAfter}.", attempts.Nonce, attempts.Hashes, last);
    }

    private async Task<TransactionReceipt?> LookAsync(TransactionAttempts attempts, CancellationToken cancellationToken)
    {
        foreach (Bytes32 hash in attempts.Hashes.Reverse())
        {
            if (await _node.ReceiptAsync(hash, cancellationToken) is { } receipt)
                return receipt;
        }

        // Receipts may lag behind counts at providers with many nodes, so one such look proves nothing yet.
        bool nonceUsed = await _node.TransactionCountAsync(Address, BlockReference.Latest, cancellationToken) > attempts.Nonce;
        attempts.LooksWithoutReceipt = nonceUsed ? attempts.LooksWithoutReceipt + 1 : 0;
        return attempts.LooksWithoutReceipt < 10
            ? null
            : throw new TransactionUnconfirmedException(
                $"Nonce {attempts.Nonce} of {Address} was used by a transaction that was not sent from here.", attempts.Nonce, attempts.Hashes);
    }

    /// <summary>Broadcasts again what may be lost, and replaces what is stuck.</summary>
    private async Task PushAsync(TransactionAttempts attempts, CancellationToken cancellationToken)
    {
        if (attempts.LooksWithoutReceipt > 0)
            return;

        if (_time.GetElapsedTime(attempts.LatestAt) >= _options.SpeedUpAfter)
        {
            attempts.LatestAt = _time.GetTimestamp();
            attempts.NeedsBroadcast = true;
            FeeSuggestion fees = attempts.Bump(await _node.SuggestFeesAsync(cancellationToken), _options.FeeBumpPercent);
            // At the limit of what may be paid the newest one is only announced again, should the pool have dropped it.
            if (_options.MaxFeePerGas is not { } limit || fees.MaxFeePerGas <= limit)
                attempts.Replace(fees, _key);
        }

        if (!attempts.NeedsBroadcast)
            return;

        try
        {
            await _node.BroadcastAsync(attempts.Latest, cancellationToken);
            attempts.NeedsBroadcast = false;
        }
        catch (RpcException e) when (e.Kind == RpcErrorKind.Rejected)
        {
            // Underpriced: the next replacement bids from here. Nonce too low: the next look finds the receipt.
            attempts.NeedsBroadcast = false;
            throw;
        }
    }

    private async Task<ContractRevertException> RevertReasonAsync(
        TransactionRequest request, ulong gasLimit, TransactionReceipt receipt, CancellationToken cancellationToken)
    {
        // Receipts do not carry the reason; running the call again on the state nearby usually finds it.
        BlockReference[] places = receipt.BlockNumber > 0 ? [receipt.BlockNumber, receipt.BlockNumber - 1] : [receipt.BlockNumber];
        foreach (BlockReference place in places)
        {
            try
            {
                await _node.CallAsync(ToCall(request, gasLimit), place, cancellationToken);
            }
            catch (ContractRevertException e)
            {
                return _node.Errors.ToException(e.RevertData, receipt.TransactionHash);
            }
            catch (RpcException)
            {
                // The reason is a courtesy; that the transaction reverted is known without it.
                break;
            }
        }

        string gas = receipt.GasUsed == gasLimit ? " It used all of its gas." : "";
        return new ContractRevertException(null, [], default, receipt.TransactionHash, $"Transaction {receipt.TransactionHash} reverted; the node cannot say why.{gas}");
    }

    private async Task EndAsync(Action settle)
    {
        await _lock.WaitAsync(CancellationToken.None);
        settle();
        _lock.Release();
    }

    private CallRequest ToCall(TransactionRequest request, ulong? gasLimit) => new(request.To, request.Data, Address, request.ValueWei, gasLimit);

    private ulong WithMargin(ulong gas) => checked(gas + (gas * (ulong)_options.GasMarginPercent / 100));

    private FeeSuggestion Cap(FeeSuggestion fees) =>
        _options.MaxFeePerGas is { } limit
            ? new FeeSuggestion(BigInteger.Min(fees.MaxPriorityFeePerGas, limit), BigInteger.Min(fees.MaxFeePerGas, limit))
            : fees;

    private static bool IsTaken(RpcException e) => RpcErrors.IsNonceTooLow(e) || RpcErrors.IsUnderpricedReplacement(e);
}
