namespace Commonhold.Ethereum;

/// <summary>Why a JSON-RPC call gave no result.</summary>
public enum RpcErrorKind
{
    /// <summary>No answer within the time allowed.</summary>
    Timeout,

    /// <summary>No connection, or one that broke before the answer was whole.</summary>
    Unreachable,

    /// <summary>The node asks for fewer requests (HTTP 429, or an error that says so).</summary>
    RateLimited,

    /// <summary>An answer that is not JSON-RPC, not of the expected shape, not about what was asked, or too large.</summary>
    InvalidResponse,

    /// <summary>The node failed: HTTP 5xx or an internal error.</summary>
    Server,

    /// <summary>The node understood and refused; the same request will be refused again.</summary>
    Rejected,
}

/// <summary>A JSON-RPC call failed.</summary>
public sealed class RpcException : EthereumException
{
    public RpcException(RpcErrorKind kind, string message, int? code = null, ReadOnlyMemory<byte> data = default, Exception? innerException = null)
        : base(message, innerException)
    {
        Kind = kind;
        Code = code;
        ErrorData = data;
    }

    public RpcErrorKind Kind { get; }

    /// <summary>The node's own error code, when it sent one.</summary>
    public int? Code { get; }

    /// <summary>The bytes that came with the node's error: revert data, when a contract refused.</summary>
    public ReadOnlyMemory<byte> ErrorData { get; }

    /// <summary>How long the node asks to wait (Retry-After), when it said so.</summary>
    public TimeSpan? RetryAfter { get; init; }

    public override bool IsTransient =>
        Kind is RpcErrorKind.Timeout or RpcErrorKind.Unreachable or RpcErrorKind.RateLimited or RpcErrorKind.Server;
}
