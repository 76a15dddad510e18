namespace Commonhold.Client;

/// <summary>The world failed: a network, a disk, another party. What we expect to be refused is a <see cref="Client.Refusal"/>.</summary>
public class CommonholdException : Exception
{
    public CommonholdException(string message, bool isTransient = false, Exception? innerException = null)
        : base(message, innerException) => IsTransient = isTransient;

    public CommonholdException(Refusal refusal, bool isTransient = false, Exception? innerException = null)
        : base(refusal.Detail, innerException)
    {
        Refusal = refusal;
        IsTransient = isTransient;
    }

    /// <summary>True when the same call may succeed later without anybody changing anything.</summary>
    public bool IsTransient { get; }

    /// <summary>The refusal behind it, when the other side gave one.</summary>
    public Refusal? Refusal { get; }
}
