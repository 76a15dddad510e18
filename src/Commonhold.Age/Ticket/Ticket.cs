namespace Commonhold.Age;

/// <summary>The ephemeral secret r of one file's dataset stanza: it opens this one file, and proves that the dataset's
/// key will open it too and that its share was not copied from another file (design.md §3).</summary>
/// <remarks>Verifies: E = r·B for exactly one stanza of the header, and that the stanza unwraps under r·D to a key that
/// authenticates the whole header. Secret: whoever holds it reads the file; wiped when disposed.</remarks>
public sealed class Ticket : IDisposable
{
    public const int Size = 32;

    private readonly byte[] share = new byte[X25519Stanza.PointSize];

    private Ticket(SecretBytes ephemeral)
    {
        Ephemeral = ephemeral;
        if (Sodium.X25519Base(share, ephemeral.Span) != 0)
            throw new AgeException(AgeErrors.TicketMismatch, "The ticket is not a usable secret.");
    }

    /// <summary>E = r·B, the u-coordinate that the stanza must carry: 32 bytes.</summary>
    public ReadOnlySpan<byte> Share => share;

    /// <summary>The 32 secret bytes, to be sent encrypted to the validator only.</summary>
    public ReadOnlySpan<byte> Secret => Ephemeral.Span;

    internal SecretBytes Ephemeral { get; }

    /// <exception cref="AgeException"><c>age.ticket_mismatch</c> unless there are 32 bytes.</exception>
    public static Ticket FromSecret(ReadOnlySpan<byte> secret) => secret.Length == Size
        ? new Ticket(SecretBytes.CopyOf(secret))
        : throw new AgeException(AgeErrors.TicketMismatch, $"A ticket has {Size} bytes, not {secret.Length}.");

    /// <summary>An identity for the file that this ticket was made for; it throws for every other file.</summary>
    /// <param name="dataset">The dataset's recipient.</param>
    public IAgeIdentity For(X25519Recipient dataset) => new Identity(this, dataset);

    public void Dispose() => Ephemeral.Dispose();

    internal static Ticket Generate() => new(SecretBytes.Random(Size));

    private FileKey Unwrap(AgeHeader header, X25519Recipient dataset)
    {
        var own = header.Stanzas.Select(X25519Stanza.TryRead).OfType<X25519Stanza>()
            .Where(stanza => stanza.Share.AsSpan().SequenceEqual(share)).ToList();
        if (own.Count != 1)
        {
            throw Mismatch(own.Count == 0
                ? "The ticket belongs to another file: no stanza carries its share."
                : "More than one stanza carries the ticket's share.");
        }

        using var sharedSecret = new SecretBytes(X25519Stanza.PointSize);
        if (Sodium.X25519(sharedSecret.Span, Ephemeral.Span, dataset.Point) != 0)
            throw Mismatch("The dataset's recipient is a point of low order.");
        return own[0].TryUnwrap(dataset.Point, sharedSecret.Span)
            ?? throw new AgeException(
                AgeErrors.OtherDataset, "The file is not encrypted to this dataset: the ticket's stanza holds no file key for its recipient.",
                "Encrypt the file to the dataset's present recipient.");
    }

    private static AgeException Mismatch(string message) =>
        new(AgeErrors.TicketMismatch, message, "Encrypt the file to the dataset again and send the ticket of that file.");

    private sealed class Identity(Ticket ticket, X25519Recipient dataset) : IAgeIdentity
    {
        public FileKey? Unwrap(AgeHeader header) => ticket.Unwrap(header, dataset);
    }
}
