namespace Commonhold.Age;

/// <summary>Encrypts to a recipient and keeps the ephemeral secret of its stanza: the ticket (design.md §3).</summary>
/// <example><code>
/// using var dataset = new TicketRecipient(datasetRecipient);
/// await AgeFile.EncryptAsync(file, upload, [dataset, member]);
/// Send(AgeFile.Seal(dataset.Ticket.Secret, validator));
/// </code></example>
public sealed class TicketRecipient(X25519Recipient recipient) : IAgeRecipient, IDisposable
{
    private Ticket? ticket;

    public X25519Recipient Recipient => recipient;

    /// <summary>The ticket of the one file that was encrypted; wiped with this object.</summary>
    public Ticket Ticket => ticket ?? throw new InvalidOperationException("Nothing has been encrypted yet.");

    public Stanza Wrap(FileKey key)
    {
        // One ephemeral secret, one file: a share that is used twice would be refused as a copy.
        if (ticket is not null) throw new InvalidOperationException("A ticket recipient encrypts one file.");
        ticket = Ticket.Generate();
        return recipient.Wrap(key, ticket.Ephemeral, out _);
    }

    public void Dispose() => ticket?.Dispose();
}
