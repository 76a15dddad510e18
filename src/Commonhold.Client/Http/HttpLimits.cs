namespace Commonhold.Client;

/// <summary>How patient a client is, and how much it reads. The defaults fit a node on the other side of the world.</summary>
public sealed record HttpLimits
{
    /// <summary>For one request and its answer, blobs excepted.</summary>
    public TimeSpan RequestTimeout { get; init; } = TimeSpan.FromSeconds(30);

    /// <summary>How long a transfer may stand still before it is broken off and resumed.</summary>
    public TimeSpan TransferStall { get; init; } = TimeSpan.FromSeconds(60);

    /// <summary>Attempts in all for calls that may safely be repeated.</summary>
    public int Attempts { get; init; } = 4;

    /// <summary>The wait before the second attempt; it doubles from there.</summary>
    public TimeSpan FirstDelay { get; init; } = TimeSpan.FromMilliseconds(200);

    /// <summary>The longest wait, also when the server asks for more.</summary>
    public TimeSpan MaxDelay { get; init; } = TimeSpan.FromSeconds(10);

    /// <summary>Bytes of an ordinary answer.</summary>
    public long MaxResponseBytes { get; init; } = 64L * 1024 * 1024;

    /// <summary>Bytes of one PATCH of an upload.</summary>
    public int UploadChunkBytes { get; init; } = 4 * 1024 * 1024;
}
