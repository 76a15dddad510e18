using System.Security.Cryptography;
using Commonhold.Age;
using Commonhold.Client;
using Commonhold.Ethereum;

namespace Commonhold.Tests.Client;

/// <summary>A buyer with a grant on a DAO in memory, and what its members sealed.</summary>
internal sealed class GrantWorld : IDisposable
{
    public FakeDao Dao { get; } = new();

    public X25519Identity Buyer { get; } = X25519Identity.Generate();

    public List<byte[]> Plaintexts { get; } = [];

    public static Bytes32 Digest(byte[] bytes) => Bytes32.FromSpan(SHA256.HashData(bytes));

    /// <param name="scope">Default: every batch so far.</param>
    public GrantTerms Terms(ulong? scope = null) => new(
        GrantMode.Raw, Pricing.Sale, 0, 0, 1000, scope ?? (ulong)Dao.Committed.Count, Address.Zero, Wei.Zero, Bytes32.FromSpan(Buyer.Recipient.Point), default, default, default);

    public void Commit(int count, Func<Leaf, Leaf>? change = null)
    {
        List<Leaf> leaves = [];
        for (int i = 0; i < count; i++)
        {
            byte[] plaintext = RandomNumberGenerator.GetBytes(200 + i);
            Plaintexts.Add(plaintext);
            using TicketRecipient dataset = new(Dao.Key.Recipient);
            byte[] file = AgeFile.Seal(plaintext, dataset);
            Bytes32 digest = Digest(file);
            Dao.Blobs[digest] = file;
            leaves.Add(new Leaf((uint)i, Address.Zero, digest, (ulong)file.Length, Bytes32.FromSpan(dataset.Ticket.Share), Dao.Info.Dataset.Schema, 1, new Points(1), digest));
        }

        Dao.Committed.Add(Dao.Propose(_ => [.. leaves.Select(change ?? (leaf => leaf))]));
    }

    /// <summary>The leaf's file with its file key wrapped wrongly: its member encrypted it so.</summary>
    public Bytes32 Misencrypted(Leaf leaf)
    {
        byte[] file = [.. Dao.Blobs[leaf.CiphertextDigest]];
        // The last character of the stanza's body; the one before it, because the last may have to be zero bits.
        int end = file.AsSpan().IndexOf("\n---"u8) - 2;
        file[end] = (byte)(file[end] == 'A' ? 'B' : 'A');
        Bytes32 digest = Digest(file);
        Dao.Blobs[digest] = file;
        return digest;
    }

    public void Dispose() => Buyer.Dispose();
}
