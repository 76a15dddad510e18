using System.Security.Cryptography;
using Commonhold.Age;
using Commonhold.Client;
using Commonhold.Ethereum;
using Commonhold.Exports;
using Commonhold.Exports.Reddit;

namespace Commonhold.ServerTests.Hostile;

/// <summary>An encrypted contribution whose maker still holds its ephemeral secret, so that everything about it can be bent.</summary>
internal sealed record HostileFile(Secp256k1Key Owner, byte[] Age, Bytes32 Share, byte[] Secret)
{
    public Bytes32 Digest { get; } = Bytes32.FromSpan(SHA256.HashData(Age));

    /// <summary>Encrypts as the client does, whatever the plaintext is.</summary>
    public static async Task<HostileFile> SealAsync(byte[] plaintext, X25519Recipient dataset, Secp256k1Key? owner = null)
    {
        using TicketRecipient recipient = new(dataset);
        using var own = X25519Identity.Generate();
        MemoryStream file = new();
        await AgeFile.EncryptAsync(new MemoryStream(plaintext), file, [recipient, own.Recipient]);
        return new HostileFile(owner ?? Secp256k1Key.Generate(), file.ToArray(), Bytes32.FromSpan(recipient.Ticket.Share), recipient.Ticket.Secret.ToArray());
    }

    /// <summary>An honest export of an account of its own, cleaned and encrypted.</summary>
    public static async Task<HostileFile> HonestAsync(HostileWorld world, int account, Secp256k1Key? owner = null) =>
        await SealAsync(await CleanedAsync(account), world.World.Dataset.Recipient, owner);

    public static async Task<byte[]> CleanedAsync(int account)
    {
        MemoryStream original = new(), cleaned = new();
        await SampleExports.Plan(account + 1)[account].WriteAsync(original);
        original.Position = 0;
        new RedditFormat().TryClean(ExportSource.Open(original), cleaned).OrThrow();
        return cleaned.ToArray();
    }

    /// <summary>Other bytes under a digest of their own.</summary>
    public HostileFile WithAge(byte[] age) => new(Owner, age, Share, Secret);

    public HostileFile Flipped(Index at)
    {
        var age = Age.ToArray();
        age[at] ^= 1;
        return WithAge(age);
    }

    public byte[] Ticket(X25519Recipient to, Bytes32? digest = null)
    {
        using var ticket = Commonhold.Age.Ticket.FromSecret(Secret);
        return TicketFile.Seal(ticket, digest ?? Digest, to);
    }

    public ContributionTerms Terms(ulong deadline = 4_000_000_000) =>
        new(Owner.Address, Digest, (ulong)Age.Length, Share, Schema.Hash(Schema.RedditExport), 1, deadline, Bytes32.Zero);

    public ContributionSubmission Submission(
        HostileWorld world, ContributionTerms? terms = null, Secp256k1Key? signer = null, CommonholdDomain? domain = null, byte[]? ticket = null,
        Address? validator = null) => ContributionSubmission.From(
            (terms ?? Terms()).Signed(signer ?? Owner, domain ?? world.World.Registry), domain ?? world.World.Registry, validator ?? world.Validator.Address,
            ticket ?? Ticket(world.Validator.Identity.Recipient));
}
