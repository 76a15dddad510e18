using System.Text.Json.Nodes;

namespace Commonhold.Ethereum;

/// <summary>One call: a method and its parameters, positional.</summary>
public sealed record JsonRpcRequest(string Method, params JsonNode?[] Parameters)
{
    /// <summary>Whether a call that may or may not have reached the node can be made again. Reads can; a signed transaction
    /// can too, because the chain knows it by its hash; anything else is left to the caller.</summary>
    public bool IsRepeatable =>
        Method == "eth_sendRawTransaction"
        || Method.StartsWith("net_", StringComparison.Ordinal)
        || Method.StartsWith("web3_", StringComparison.Ordinal)
        || (Method.StartsWith("eth_", StringComparison.Ordinal)
            && !Method.StartsWith("eth_send", StringComparison.Ordinal)
            && !Method.StartsWith("eth_new", StringComparison.Ordinal)
            && Method is not ("eth_getFilterChanges" or "eth_subscribe" or "eth_unsubscribe" or "eth_uninstallFilter"));
}

/// <summary>The outcome of one call of a batch: a result or an error.</summary>
public sealed class JsonRpcOutcome
{
    private readonly System.Text.Json.JsonElement _result;

    internal JsonRpcOutcome(System.Text.Json.JsonElement result) => _result = result;

    internal JsonRpcOutcome(RpcException error) => Error = error;

    public RpcException? Error { get; }

    /// <exception cref="RpcException">The call failed.</exception>
    public System.Text.Json.JsonElement Result => Error is null ? _result : throw Error;
}
