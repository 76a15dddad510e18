namespace Commonhold.Age;

/// <summary>Encrypts to a passphrase. It must be a file's only recipient.</summary>
public sealed class ScryptRecipient : IAgeRecipient, IDisposable
{
    /// <summary>As <c>age</c> does: 2^18 iterations, about a second, 256 MiB.</summary>
    public const int DefaultWorkFactor = 18;

    private readonly SecretBytes passphrase;
    private readonly int workFactor;

    /// <param name="passphrase">Any text that is not empty.</param>
    /// <param name="workFactor">Base-2 logarithm of the scrypt cost, 1 to 22.</param>
    public ScryptRecipient(ReadOnlySpan<char> passphrase, int workFactor = DefaultWorkFactor)
    {
        if (passphrase.IsEmpty) throw new ArgumentException("The passphrase is empty.", nameof(passphrase));
        ArgumentOutOfRangeException.ThrowIfLessThan(workFactor, 1);
        ArgumentOutOfRangeException.ThrowIfGreaterThan(workFactor, ScryptIdentity.DefaultMaxWorkFactor);
        this.passphrase = ScryptStanza.Encode(passphrase);
        this.workFactor = workFactor;
    }

    public Stanza Wrap(FileKey key) => ScryptStanza.Write(passphrase.Span, workFactor, key);

    public void Dispose() => passphrase.Dispose();
}

/// <summary>Opens files that were encrypted to a passphrase.</summary>
public sealed class ScryptIdentity : IAgeIdentity, IDisposable
{
    /// <summary>As <c>age</c> does: a file may ask for up to 2^22 iterations (4 GiB), not more.</summary>
    public const int DefaultMaxWorkFactor = 22;

    private readonly SecretBytes passphrase;
    private readonly int maxWorkFactor;

    /// <param name="passphrase">The text.</param>
    /// <param name="maxWorkFactor">The most that a file may cost; lower it where files are hostile.</param>
    public ScryptIdentity(ReadOnlySpan<char> passphrase, int maxWorkFactor = DefaultMaxWorkFactor)
    {
        this.passphrase = ScryptStanza.Encode(passphrase);
        this.maxWorkFactor = maxWorkFactor;
    }

    public FileKey? Unwrap(AgeHeader header)
    {
        if (header.Stanzas[0].Type != ScryptStanza.Type) return null;
        var stanza = ScryptStanza.Read(header.Stanzas[0]);
        if (stanza.WorkFactor <= maxWorkFactor) return stanza.TryUnwrap(passphrase.Span);
        throw new AgeException(
            AgeErrors.WorkFactor, $"The file asks for scrypt work factor {stanza.WorkFactor}; at most {maxWorkFactor} is allowed.",
            "Whoever wrote it may want to exhaust this machine.");
    }

    public void Dispose() => passphrase.Dispose();
}
