using System.Text.Json;

namespace Commonhold.Ethereum;

/// <summary>What nodes' errors mean. Codes are not standardised beyond JSON-RPC's own, so texts count too; the lists
/// name what geth, anvil, erigon, nethermind, besu and the large providers send.</summary>
internal static class RpcErrors
{
    public static RpcException Classify(JsonElement error)
    {
        int? code = error.TryGetProperty("code", out JsonElement c) && c.ValueKind == JsonValueKind.Number && c.TryGetInt32(out int number) ? number : null;
        string message = error.TryGetProperty("message", out JsonElement m) && m.ValueKind == JsonValueKind.String ? m.GetString()! : "no message";
        bool hasData = error.TryGetProperty("data", out JsonElement data);
        return new RpcException(KindOf(code, message), $"The node answered: {message}", code, hasData ? RevertData(data) : default);
    }

    /// <summary>A contract refused, or ended in any other way that ends nothing but the call; the node is fine.</summary>
    public static bool IsRevert(RpcException e) =>
        e.Kind == RpcErrorKind.Rejected
        && (e.Code == 3 || !e.ErrorData.IsEmpty
            || Says(
                e.Message, "revert", "VM Exception", "EVM error", "invalid opcode", "stack underflow", "stack limit reached", "out of gas", "OutOfGas",
                "invalid jump", "write protection", "return data out of bounds", "call depth"));

    /// <summary>The range or the result of eth_getLogs was too large for this node.</summary>
    public static bool IsLogLimit(RpcException e) =>
        e.Kind is RpcErrorKind.Timeout
        || e.Code == -32005
        || (e.Kind is not (RpcErrorKind.Unreachable or RpcErrorKind.RateLimited)
            && Says(
                e.Message, "more than", "too many results", "too many logs", "exceed", "limit", "range", "too large", "too wide", "timeout",
                "timed out", "response size"));

    public static bool IsAlreadyKnown(RpcException e) =>
        Says(e.Message, "already known", "already imported", "known transaction", "AlreadyKnown", "already exists", "already in mempool");

    public static bool IsNonceTooLow(RpcException e) =>
        Says(e.Message, "nonce too low", "OldNonce", "nonce is too low", "nonce has already been used", "nonce below current");

    public static bool IsUnderpricedReplacement(RpcException e) =>
        Says(e.Message, "replacement transaction underpriced", "gas price too low to replace", "ReplacementNotAllowed", "underpriced to replace", "fee too low to replace");

    private static RpcErrorKind KindOf(int? code, string message)
    {
        if (Says(message, "rate limit", "too many requests", "request limit", "capacity exceeded", "compute units", "throttle") || code is 429)
            return RpcErrorKind.RateLimited;
        // -32603 is "internal error", but geth and anvil also use it for reverts and refused transactions.
        if (code == -32603 && Says(message, "internal", "unavailable", "database", "busy", "header not found"))
            return RpcErrorKind.Server;
        // A load balancer's other node has not seen the block yet.
        if (Says(message, "service unavailable", "temporarily unavailable", "header not found", "request timed out"))
            return RpcErrorKind.Server;

        return RpcErrorKind.Rejected;
    }

    /// <summary>Nodes put revert data as text, in an object under <c>data</c>, or after a word such as "Reverted".</summary>
    private static byte[] RevertData(JsonElement data)
    {
        for (int depth = 0; depth < 4 && data.ValueKind == JsonValueKind.Object && data.TryGetProperty("data", out JsonElement inner); depth++)
            data = inner;
        if (data.ValueKind != JsonValueKind.String)
            return [];

        string text = data.GetString()!;
        int start = text.IndexOf("0x", StringComparison.Ordinal);
        return start >= 0 && Hex.TryDecode(text[start..], out byte[]? bytes) ? bytes : [];
    }

    private static bool Says(string message, params ReadOnlySpan<string> phrases)
    {
        foreach (string phrase in phrases)
        {
            if (message.Contains(phrase, StringComparison.OrdinalIgnoreCase))
                return true;
        }

        return false;
    }
}
