using System.Runtime.CompilerServices;
using System.Text.Json;
using System.Text.Json.Nodes;

namespace Commonhold.Ethereum;

/// <summary>How many blocks one eth_getLogs may cover.</summary>
public sealed record LogScanOptions
{
    /// <summary>Blocks of the first call. Default 2,000.</summary>
    public ulong FirstRange { get; init; } = 2_000;

    /// <summary>Blocks of a call at most. Default 50,000.</summary>
    public ulong MaxRange { get; init; } = 50_000;
}

/// <summary>Reads logs in ranges that follow the node's limits: halved when it complains, grown while it does not.</summary>
internal sealed class LogScanner(JsonRpcClient rpc, LogScanOptions options)
{
    private ulong _range = Math.Clamp(options.FirstRange, 1, options.MaxRange);

    /// <summary>Blocks that the next call will cover.</summary>
    internal ulong Range => Volatile.Read(ref _range);

    public async IAsyncEnumerable<LogPage> ScanAsync(
        LogFilter filter, ulong fromBlock, ulong toBlock, [EnumeratorCancellation] CancellationToken cancellationToken)
    {
        while (fromBlock <= toBlock)
        {
            ulong range = Range;
            ulong last = toBlock - fromBlock < range ? toBlock : fromBlock + range - 1;
            LogPage? page = await TryReadAsync(filter, fromBlock, last, cancellationToken);
            if (page is null)
            {
                // Halve what was asked, which near the head is less than the range.
                Volatile.Write(ref _range, (last - fromBlock + 1) / 2);
                continue;
            }

            // Growing is slower than shrinking, or every second call would fail.
            if (last - fromBlock + 1 == range)
                Volatile.Write(ref _range, Math.Min(options.MaxRange, range + Math.Max(1, range / 4)));
            yield return page;
            if (last == ulong.MaxValue)
                yield break;
            fromBlock = last + 1;
        }
    }

    public async Task<IReadOnlyList<LogEntry>> OfBlockAsync(LogFilter filter, Bytes32 blockHash, CancellationToken cancellationToken)
    {
        JsonObject query = ToJson(filter);
        query["blockHash"] = blockHash.ToString();
        JsonElement json = await rpc.CallAsync(new JsonRpcRequest("eth_getLogs", query), cancellationToken);
        return Read(json, log => log.BlockHash == blockHash && filter.Matches(log));
    }

    /// <summary>Null when the node wants a smaller range.</summary>
    private async Task<LogPage?> TryReadAsync(LogFilter filter, ulong first, ulong last, CancellationToken cancellationToken)
    {
        JsonObject query = ToJson(filter);
        query["fromBlock"] = RpcReader.Quantity(first);
        query["toBlock"] = RpcReader.Quantity(last);
        bool canShrink = first < last;
        try
        {
            JsonElement json = await rpc.CallAsync(
                new JsonRpcRequest("eth_getLogs", query), e => canShrink && RpcErrors.IsLogLimit(e), cancellationToken);
            return new LogPage(first, last, Read(json, log => log.BlockNumber >= first && log.BlockNumber <= last && filter.Matches(log)));
        }
        catch (RpcException e) when (canShrink && RpcErrors.IsLogLimit(e))
        {
            return null;
        }
    }

    private static LogEntry[] Read(JsonElement json, Predicate<LogEntry> belongs)
    {
        LogEntry[] logs = [.. RpcReader.Items(json).Select(RpcReader.Log).OrderBy(l => l.BlockNumber).ThenBy(l => l.LogIndex)];
        for (int i = 0; i < logs.Length; i++)
        {
            if (!belongs(logs[i]))
                throw new RpcException(RpcErrorKind.InvalidResponse, "The node returned a log that was not asked for.");
            if (i > 0 && logs[i].BlockNumber == logs[i - 1].BlockNumber
                && (logs[i].LogIndex == logs[i - 1].LogIndex || logs[i].BlockHash != logs[i - 1].BlockHash))
                throw new RpcException(RpcErrorKind.InvalidResponse, $"The node contradicts itself about block {logs[i].BlockNumber}.");
        }

        return logs;
    }

    private static JsonObject ToJson(LogFilter filter)
    {
        var query = new JsonObject();
        if (filter.Addresses.Count > 0)
            query["address"] = new JsonArray([.. filter.Addresses.Select(a => (JsonNode)a.ToString())]);
        if (filter.Topics.Count > 0)
            query["topics"] = new JsonArray([.. filter.Topics.Select(Position)]);
        return query;
    }

    private static JsonNode? Position(IReadOnlyList<Bytes32>? allowed) => allowed switch
    {
        null or { Count: 0 } => null,
        [var only] => only.ToString(),
        _ => new JsonArray([.. allowed.Select(topic => (JsonNode)topic.ToString())]),
    };
}
