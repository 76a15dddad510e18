namespace Commonhold.Ethereum;

/// <summary>Base of everything this library throws when the world, not the caller, is at fault.</summary>
/// <remarks>A caller's bug is an <see cref="ArgumentException"/>; malformed text given to <c>Parse</c> is a
/// <see cref="FormatException"/>.</remarks>
public abstract class EthereumException : Exception
{
    protected EthereumException(string message, Exception? innerException = null)
        : base(message, innerException)
    {
    }

    /// <summary>True when the same call may succeed later without anybody changing anything.</summary>
    public virtual bool IsTransient => false;
}
