using Commonhold.Age;
using Xunit;

namespace Commonhold.Tests.Age;

public sealed class TicketTests
{
    private static readonly List<KeyShare> Guardians = Ceremonies.Run(3, 5);
    private static readonly X25519Recipient Dataset = Guardians[0].Key.Recipient;

    [Fact]
    public async Task A_ticket_opens_its_file_and_the_guardians_open_the_same()
    {
        using var member = X25519Identity.Generate();
        using var recipient = new TicketRecipient(Dataset);
        var file = await Sample.EncryptAsync(Sample.Bytes(200_000), null, recipient, member.Recipient);

        // The validator gets 32 bytes and the file.
        using var ticket = Ticket.FromSecret(recipient.Ticket.Secret);
        Assert.Equal(Sample.Bytes(200_000), await Sample.DecryptAsync(file, ticket.For(Dataset)));
        Assert.Equal(Sample.Bytes(200_000), await Sample.DecryptAsync(file, member));

        // What the ticket proves: the same share opens by the guardians too.
        var share = ticket.Share.ToArray();
        var answers = Guardians.Skip(2).Select(g => g.Answer(share)).ToList();
        var identity = new ThresholdIdentity(Guardians[0].Key).For(share, answers);
        Assert.Equal(Sample.Bytes(200_000), await Sample.DecryptAsync(file, identity));
    }

    [Fact]
    public async Task A_ticket_opens_no_other_file()
    {
        using var first = new TicketRecipient(Dataset);
        using var second = new TicketRecipient(Dataset);
        var file = await Sample.EncryptAsync([1], null, first);
        await Sample.EncryptAsync([2], null, second);
        Assert.Equal(AgeErrors.TicketMismatch, await RefusalAsync(file, second.Ticket.For(Dataset)));
    }

    [Fact]
    public async Task A_stanza_for_another_dataset_is_refused()
    {
        using var other = X25519Identity.Generate();
        using var recipient = new TicketRecipient(other.Recipient);
        var file = await Sample.EncryptAsync([1], null, recipient);
        Assert.Equal(AgeErrors.OtherDataset, await RefusalAsync(file, recipient.Ticket.For(Dataset)));
    }

    [Fact]
    public void A_share_copied_from_another_file_is_refused()
    {
        using var victim = new TicketRecipient(Dataset);
        using var thief = new TicketRecipient(Dataset);
        using var key = FileKey.Generate();
        var stolen = victim.Wrap(key);
        var own = thief.Wrap(key);
        // The thief's file carries the victim's stanza; the thief has only the ticket of its own.
        var copied = AgeHeader.Parse(HeaderWriter.Write([stolen], key));
        Assert.Equal(AgeErrors.TicketMismatch, Assert.Throws<AgeException>(() => thief.Ticket.For(Dataset).Unwrap(copied)).Code);
        // The same share twice is refused even with the right ticket.
        var twice = AgeHeader.Parse(HeaderWriter.Write([own, own], key));
        Assert.Equal(AgeErrors.TicketMismatch, Assert.Throws<AgeException>(() => thief.Ticket.For(Dataset).Unwrap(twice)).Code);
    }

    [Fact]
    public async Task A_recipient_added_later_breaks_the_header_under_the_ticket()
    {
        using var recipient = new TicketRecipient(Dataset);
        var file = await Sample.EncryptAsync([1, 2, 3], null, recipient);
        var text = System.Text.Encoding.Latin1.GetString(file);
        var forged = text.Replace("\n---", "\n-> grease\n\n---", StringComparison.Ordinal);
        Assert.Equal(AgeErrors.HeaderMac, await RefusalAsync(System.Text.Encoding.Latin1.GetBytes(forged), recipient.Ticket.For(Dataset)));
    }

    [Fact]
    public async Task A_ticket_recipient_encrypts_one_file_only()
    {
        using var recipient = new TicketRecipient(Dataset);
        Assert.Throws<InvalidOperationException>(() => recipient.Ticket);
        await Sample.EncryptAsync([1], null, recipient);
        await Assert.ThrowsAsync<InvalidOperationException>(() => Sample.EncryptAsync([1], null, recipient));
    }

    private static async Task<string> RefusalAsync(byte[] file, IAgeIdentity identity) =>
        (await Assert.ThrowsAsync<AgeException>(() => Sample.DecryptAsync(file, identity))).Code;
}
