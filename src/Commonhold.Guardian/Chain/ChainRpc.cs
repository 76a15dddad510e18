using System.Globalization;
using System.Text.Json;
using System.Text.Json.Nodes;
using Commonhold.Client.Contracts;
using Commonhold.Ethereum;

namespace Commonhold.Guardians.Chain;

/// <summary>The chain node's answers as values. Whatever goes wrong is <c>guardian.chain_unavailable</c>: nothing is assumed.</summary>
internal sealed class ChainRpc(JsonRpcClient rpc)
{
    public static JsonRpcRequest BlockRequest(string tag) => new("eth_getBlockByNumber", tag, false);

    public static string Quantity(ulong number) => "0x" + number.ToString("x", CultureInfo.InvariantCulture);

    public async Task<IReadOnlyList<JsonElement>> BatchAsync(
        IReadOnlyList<JsonRpcRequest> requests, CancellationToken cancellationToken)
    {
        try
        {
            var outcomes = await rpc.BatchAsync(requests, cancellationToken);
            return [.. outcomes.Select(outcome => outcome.Result)];
        }
        catch (RpcException e)
        {
            throw Unavailable(e.Message, e);
        }
    }

    /// <summary>Null when the node does not have the block.</summary>
    public async Task<BlockPoint?> BlockAsync(string tag, CancellationToken cancellationToken) =>
        ReadBlock((await BatchAsync([BlockRequest(tag)], cancellationToken))[0]);

    /// <summary>Calls at one block, named by its hash: a node that no longer has it on its chain must refuse (EIP-1898).</summary>
    public async Task<IReadOnlyList<byte[]>> CallAsync(
        Bytes32 block, IReadOnlyList<ContractCall> calls, CancellationToken cancellationToken)
    {
        var answers = await BatchAsync(
            [.. calls.Select(call => new JsonRpcRequest(
                "eth_call",
                new JsonObject { ["to"] = call.To.ToString(), ["data"] = Hex.Encode(call.Data.Span) },
                new JsonObject { ["blockHash"] = block.ToString(), ["requireCanonical"] = true }))],
            cancellationToken);
        return [.. answers.Select(answer => answer.ValueKind == JsonValueKind.String && Hex.TryDecode(answer.GetString(), out var data)
            ? data
            : throw Unavailable("it answers a call with something that is not data"))];
    }

    public async Task<T> CallAsync<T>(Bytes32 block, ContractCall<T> call, CancellationToken cancellationToken) =>
        Decode(call, (await CallAsync(block, [call], cancellationToken))[0]);

    public static T Decode<T>(ContractCall<T> call, byte[] answer)
    {
        try
        {
            return call.Decode(answer);
        }
        catch (Exception e) when (e is EthereumException or OverflowException)
        {
            throw Unavailable(e.Message, e);
        }
    }

    public static BlockPoint? ReadBlock(JsonElement block)
    {
        if (block.ValueKind == JsonValueKind.Null)
            return null;
        try
        {
            return new BlockPoint(
                ReadQuantity(block.GetProperty("number")),
                Bytes32.Parse(block.GetProperty("hash").GetString() ?? ""),
                ReadQuantity(block.GetProperty("timestamp")));
        }
        catch (Exception e) when (e is FormatException or InvalidOperationException or KeyNotFoundException or OverflowException)
        {
            throw Unavailable("it describes a block in a way that cannot be read", e);
        }
    }

    public static ulong ReadQuantity(JsonElement quantity)
    {
        var text = quantity.GetString();
        if (text is not { Length: > 2 and <= 18 } || !text.StartsWith("0x", StringComparison.Ordinal)
            || !ulong.TryParse(text.AsSpan(2), NumberStyles.AllowHexSpecifier, CultureInfo.InvariantCulture, out var value))
            throw new FormatException("Not a quantity of the execution API.");
        return value;
    }

    public static GuardianException Unavailable(string reason, Exception? inner = null) => new(
        ReleaseCodes.ChainUnavailable, $"This guardian cannot read its chain node: {reason}",
        "Ask the other guardians, or again later.", inner, isTransient: true);
}
