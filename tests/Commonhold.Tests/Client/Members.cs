using System.Security.Cryptography;
using Commonhold.Age;
using Commonhold.Client;
using Commonhold.Ethereum;
using Commonhold.Exports;
using Commonhold.Exports.Reddit;

namespace Commonhold.Tests.Client;

/// <summary>Members for tests: they contribute honestly through the SDK, or by hand with something wrong.</summary>
internal static class Members
{
    public static async Task<byte[]> ExportAsync(int account = 0, int rows = 30, ulong seed = 1)
    {
        using MemoryStream zip = new();
        await SampleExports.Plan(account + 1, seed, rows)[account].WriteAsync(zip);
        return zip.ToArray();
    }

    public static byte[] Cleaned(byte[] export)
    {
        using MemoryStream cleaned = new();
        new RedditFormat().TryClean(ExportSource.Open(new MemoryStream(export)), cleaned).OrThrow();
        return cleaned.ToArray();
    }

    /// <summary>Encrypts, signs and submits by hand; <paramref name="spoil"/> changes the terms before they are signed.</summary>
    public static async Task<Bytes32> SubmitAsync(
        this FakeDao dao, MemberKey member, byte[] plaintext, X25519Recipient validator,
        Func<ContributionTerms, ContributionTerms>? spoil = null,
        Func<SignedContribution, SignedContribution>? spoilSigned = null,
        Func<byte[], byte[]>? spoilTicket = null,
        X25519Recipient? dataset = null,
        Secp256k1Key? signer = null,
        Func<EvidenceItem[]>? evidence = null)
    {
        using TicketRecipient recipient = new(dataset ?? dao.Key.Recipient);
        using MemoryStream file = new();
        await AgeFile.EncryptAsync(new MemoryStream(plaintext), file, [recipient, member.Recipient]);
        byte[] ciphertext = file.ToArray();
        Bytes32 digest = Bytes32.FromSpan(SHA256.HashData(ciphertext));
        ContributionTerms terms = new(
            member.Address, digest, (ulong)ciphertext.Length, Bytes32.FromSpan(recipient.Ticket.Share), dao.Info.Dataset.Schema, 1, FakeDao.ChainTime + 1000, Bytes32.Zero);
        byte[]? proofs = null;
        if (evidence is not null)
        {
            using EvidenceBundle bundle = new(digest, evidence());
            proofs = bundle.Seal(validator).Value;
            terms = terms with { EvidenceDigest = EvidenceBundle.DigestOf(proofs) };
        }

        terms = spoil?.Invoke(terms) ?? terms;
        SignedContribution signed = terms.Signed(signer ?? member.Account, dao.Info.RegistryDomain);
        signed = spoilSigned?.Invoke(signed) ?? signed;
        byte[] ticket = TicketFile.Seal(recipient.Ticket, digest, validator, member.Recipient);
        dao.Blobs[digest] = ciphertext;
        await dao.SubmitAsync(ContributionSubmission.From(signed, dao.Info.RegistryDomain, default, spoilTicket?.Invoke(ticket) ?? ticket, proofs), default);
        return signed.CiphertextDigest;
    }
}
