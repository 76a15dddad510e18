namespace Commonhold.Ethereum;

/// <summary>Limits of a <see cref="JsonRpcClient"/>.</summary>
public sealed record JsonRpcOptions
{
    /// <summary>Time for one attempt, from connecting to the last byte. Default 30 s.</summary>
    public TimeSpan Timeout { get; init; } = TimeSpan.FromSeconds(30);

    /// <summary>Attempts at a call that may be repeated, the first included. Default 5.</summary>
    public int MaxAttempts { get; init; } = 5;

    /// <summary>Wait before the second attempt; each further wait is twice as long, with up to half of it random. Default 200 ms.</summary>
    public TimeSpan FirstDelay { get; init; } = TimeSpan.FromMilliseconds(200);

    /// <summary>The longest wait between attempts, whatever the node's Retry-After says. Default 10 s.</summary>
    public TimeSpan MaxDelay { get; init; } = TimeSpan.FromSeconds(10);

    /// <summary>Bytes of one HTTP answer at most; more is <see cref="RpcErrorKind.InvalidResponse"/>. Default 64 MiB.</summary>
    public int MaxResponseBytes { get; init; } = 64 << 20;

    /// <summary>Requests in one HTTP batch; longer batches are cut. Default 100.</summary>
    public int MaxBatch { get; init; } = 100;
}
