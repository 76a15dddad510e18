using System.Numerics;
using System.Text.Json;
using System.Text.Json.Nodes;

namespace Commonhold.Ethereum;

/// <summary>An Ethereum node's reads, typed.</summary>
/// <remarks>Guarantee: values have the shape they claim, logs belong to what was asked for. Trust: the node's word on the
/// content; nothing here is proven. Reverts surface as <see cref="ContractRevertException"/>, everything else that goes
/// wrong as <see cref="RpcException"/>. Thread-safe.</remarks>
public sealed class EthereumNode
{
    private readonly AbiErrorSet _errors;
    private readonly LogScanner _scanner;

    /// <param name="errors">Custom errors to decode reverts by; Solidity's own are always known.</param>
    public EthereumNode(JsonRpcClient rpc, AbiErrorSet? errors = null, LogScanOptions? logScan = null)
    {
        Rpc = rpc;
        _errors = errors ?? AbiErrorSet.BuiltIn;
        _scanner = new LogScanner(rpc, logScan ?? new LogScanOptions());
    }

    /// <summary>For calls that have no typed form here.</summary>
    public JsonRpcClient Rpc { get; }

    internal AbiErrorSet Errors => _errors;

    public async Task<ulong> ChainIdAsync(CancellationToken cancellationToken) =>
        RpcReader.UInt64(await Rpc.CallAsync("eth_chainId", cancellationToken));

    /// <summary>The newest block's number.</summary>
    public async Task<ulong> BlockNumberAsync(CancellationToken cancellationToken) =>
        RpcReader.UInt64(await Rpc.CallAsync("eth_blockNumber", cancellationToken));

    /// <summary>The newest block that counts at a finality; null while the chain is too young to have one.</summary>
    public async Task<BlockHeader?> HeadAsync(Finality finality, CancellationToken cancellationToken)
    {
        if (finality.Depth == 0)
            return await BlockAsync(finality.Tag, cancellationToken);

        ulong newest = await BlockNumberAsync(cancellationToken);
        return newest < finality.Depth ? null : await BlockAsync(newest - finality.Depth, cancellationToken);
    }

    /// <summary>A block's header; null when the node has no such block.</summary>
    public async Task<BlockHeader?> BlockAsync(BlockReference at, CancellationToken cancellationToken)
    {
        JsonElement block = await Call(
            at.BlockHash is null ? "eth_getBlockByNumber" : "eth_getBlockByHash", cancellationToken, at.ToString(), false);
        if (block.ValueKind == JsonValueKind.Null)
            return null;

        BlockHeader header = RpcReader.Header(block);
        return (at.BlockHash is { } hash && hash != header.Hash) || (at.BlockNumber is { } number && number != header.Number)
            ? throw new RpcException(RpcErrorKind.InvalidResponse, $"The node answered with another block than {at}.")
            : header;
    }

    /// <summary>Reads a contract; what it returned is not decoded.</summary>
    /// <exception cref="ContractRevertException">The contract refused.</exception>
    public async Task<byte[]> CallAsync(CallRequest call, BlockReference at, CancellationToken cancellationToken) =>
        RpcReader.Bytes(await Revertible("eth_call", cancellationToken, ToJson(call), at.ToJson()));

    /// <summary>Reads a contract's function.</summary>
    /// <exception cref="ContractRevertException">The contract refused.</exception>
    /// <exception cref="AbiException">What came back is not what the function returns.</exception>
    public async Task<IReadOnlyList<AbiValue>> CallAsync(
        Address contract, AbiFunction function, AbiValue[] arguments, BlockReference at, CancellationToken cancellationToken) =>
        function.DecodeResult(await CallAsync(new CallRequest(contract, function.EncodeCall(arguments)), at, cancellationToken));

    /// <summary>Many reads at one block, in batches; a read that reverted is an exception in its place, not of the whole.</summary>
    public async Task<IReadOnlyList<CallOutcome>> CallManyAsync(
        IReadOnlyList<CallRequest> calls, BlockReference at, CancellationToken cancellationToken)
    {
        JsonRpcRequest[] requests = [.. calls.Select(c => new JsonRpcRequest("eth_call", ToJson(c), at.ToJson()))];
        IReadOnlyList<JsonRpcOutcome> outcomes = await Rpc.BatchAsync(requests, cancellationToken);
        return [.. outcomes.Select(o => o.Error is null ? new CallOutcome(RpcReader.Bytes(o.Result), null)
            : RpcErrors.IsRevert(o.Error) ? new CallOutcome(default, _errors.ToException(o.Error.ErrorData))
            : throw o.Error)];
    }

    /// <summary>Gas that a transaction would use on top of the pending state.</summary>
    /// <exception cref="ContractRevertException">It would revert.</exception>
    public async Task<ulong> EstimateGasAsync(CallRequest call, CancellationToken cancellationToken) =>
        RpcReader.UInt64(await Revertible("eth_estimateGas", cancellationToken, ToJson(call)));

    public async Task<byte[]> CodeAsync(Address account, BlockReference at, CancellationToken cancellationToken) =>
        RpcReader.Bytes(await Call("eth_getCode", cancellationToken, account.ToString(), at.ToJson()));

    /// <summary>Wei that an account owns.</summary>
    public async Task<BigInteger> BalanceAsync(Address account, BlockReference at, CancellationToken cancellationToken) =>
        RpcReader.UInt256(await Call("eth_getBalance", cancellationToken, account.ToString(), at.ToJson()));

    /// <summary>The nonce that an account's next transaction takes, as of a block (or <see cref="BlockReference.Pending"/>).</summary>
    public async Task<ulong> TransactionCountAsync(Address account, BlockReference at, CancellationToken cancellationToken) =>
        RpcReader.UInt64(await Call("eth_getTransactionCount", cancellationToken, account.ToString(), at.ToJson()));

    /// <summary>The transactions of a block that create contracts, whether they succeeded or not; none where the node has no such block.</summary>
    public async Task<IReadOnlyList<ContractCreation>> CreationsAsync(ulong block, CancellationToken cancellationToken)
    {
        JsonElement json = await Call("eth_getBlockByNumber", cancellationToken, ((BlockReference)block).ToString(), true);
        return json.ValueKind == JsonValueKind.Null ? [] : RpcReader.Creations(json);
    }

    /// <summary>Null until the transaction is mined.</summary>
    public async Task<TransactionReceipt?> ReceiptAsync(Bytes32 transactionHash, CancellationToken cancellationToken)
    {
        JsonElement json = await Call("eth_getTransactionReceipt", cancellationToken, transactionHash.ToString());
        if (json.ValueKind == JsonValueKind.Null)
            return null;

        TransactionReceipt receipt = RpcReader.Receipt(json);
        return receipt.TransactionHash == transactionHash
            ? receipt
            : throw new RpcException(RpcErrorKind.InvalidResponse, "The node answered with another transaction's receipt.");
    }

    /// <summary>A tip that the node suggests, and room for the base fee to double.</summary>
    public async Task<FeeSuggestion> SuggestFeesAsync(CancellationToken cancellationToken)
    {
        BlockHeader head = await BlockAsync(BlockReference.Latest, cancellationToken)
            ?? throw new RpcException(RpcErrorKind.InvalidResponse, "The node has no latest block.");
        BigInteger tip;
        try
        {
            tip = RpcReader.UInt256(await Call("eth_maxPriorityFeePerGas", cancellationToken));
        }
        catch (RpcException e) when (e.Kind == RpcErrorKind.Rejected)
        {
            // The method is common but not in the execution API's required set; 1 gwei is what most chains accept.
            tip = 1_000_000_000;
        }

        return new FeeSuggestion(tip, (2 * (head.BaseFeePerGas ?? 0)) + tip);
    }

    /// <summary>Logs of a range of blocks, both ends included, page by page in chain order. A page covers as many blocks as the
    /// node is willing to answer for, so that after each page a reader can commit and go on from <c>ToBlock + 1</c>.</summary>
    public IAsyncEnumerable<LogPage> LogsAsync(LogFilter filter, ulong fromBlock, ulong toBlock, CancellationToken cancellationToken) =>
        _scanner.ScanAsync(filter, fromBlock, toBlock, cancellationToken);

    /// <summary>Logs of one block by its hash, so that a reorganisation cannot slip another block in.</summary>
    public Task<IReadOnlyList<LogEntry>> LogsAsync(LogFilter filter, Bytes32 blockHash, CancellationToken cancellationToken) =>
        _scanner.OfBlockAsync(filter, blockHash, cancellationToken);

    /// <summary>Hands a signed transaction to the node; one that the node has already is a success, since its hash is its name.</summary>
    /// <exception cref="RpcException">Refused, or the node cannot be reached; then it may have arrived nevertheless.</exception>
    public async Task BroadcastAsync(SignedTransaction transaction, CancellationToken cancellationToken)
    {
        try
        {
            await Call("eth_sendRawTransaction", cancellationToken, Hex.Encode(transaction.Raw.Span));
        }
        catch (RpcException e) when (RpcErrors.IsAlreadyKnown(e))
        {
        }
        catch (RpcException e) when (RpcErrors.IsNonceTooLow(e))
        {
            // A repeated broadcast says this too, once the first has been mined.
            if (await ReceiptAsync(transaction.Hash, cancellationToken) is null)
                throw;
        }
    }

    /// <summary>One exchange without a second try: what it says about the nonce cannot be an echo of an earlier one.</summary>
    internal async Task BroadcastOnceAsync(SignedTransaction transaction, CancellationToken cancellationToken)
    {
        try
        {
            await Rpc.CallAsync(new JsonRpcRequest("eth_sendRawTransaction", Hex.Encode(transaction.Raw.Span)), _ => true, cancellationToken);
        }
        catch (RpcException e) when (RpcErrors.IsAlreadyKnown(e))
        {
        }
    }

    private Task<JsonElement> Call(string method, CancellationToken cancellationToken, params JsonNode?[] parameters) =>
        Rpc.CallAsync(new JsonRpcRequest(method, parameters), cancellationToken);

    private async Task<JsonElement> Revertible(string method, CancellationToken cancellationToken, params JsonNode?[] parameters)
    {
        try
        {
            return await Call(method, cancellationToken, parameters);
        }
        catch (RpcException e) when (RpcErrors.IsRevert(e))
        {
            throw _errors.ToException(e.ErrorData);
        }
    }

    private static JsonObject ToJson(CallRequest call)
    {
        var json = new JsonObject { ["data"] = Hex.Encode(call.Data.Span) };
        if (call.To is { } to)
            json["to"] = to.ToString();
        if (call.From is { } from)
            json["from"] = from.ToString();
        if (!call.ValueWei.IsZero)
            json["value"] = RpcReader.Quantity(call.ValueWei);
        if (call.GasLimit is { } gas)
            json["gas"] = RpcReader.Quantity(gas);
        return json;
    }
}

/// <summary>What one of many reads gave: bytes, or the contract's refusal.</summary>
public sealed record CallOutcome(ReadOnlyMemory<byte> Data, ContractRevertException? Revert);
