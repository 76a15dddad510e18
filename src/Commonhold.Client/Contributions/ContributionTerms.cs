using System.Text;
using Commonhold.Ethereum;

namespace Commonhold.Client;

/// <summary>What a member signs over an encrypted file: whose it is, which bytes, for which key, until when.</summary>
/// <param name="Owner">The member.</param>
/// <param name="CiphertextDigest">SHA-256 of the age file; the contribution's id everywhere outside a batch.</param>
/// <param name="Size">Bytes of the age file.</param>
/// <param name="EphemeralShare">The X25519 share of the dataset's stanza.</param>
/// <param name="Schema">keccak256 of the schema's name.</param>
/// <param name="KeyEpoch">Which dataset key the file is encrypted to.</param>
/// <param name="Deadline">Unix seconds after which nobody may take it up.</param>
/// <param name="EvidenceDigest">SHA-256 of the <see cref="EvidenceBundle"/>'s age file; zero for none.</param>
public record ContributionTerms(
    Address Owner,
    Bytes32 CiphertextDigest,
    ulong Size,
    Bytes32 EphemeralShare,
    Bytes32 Schema,
    uint KeyEpoch,
    ulong Deadline,
    Bytes32 EvidenceDigest) : ITypedMessage
{
    private static readonly Bytes32 TypeHash = Keccak256.Hash(
        "Contribution(address owner,bytes32 ciphertextDigest,uint64 size,bytes32 ephemeralShare,bytes32 schema,uint32 keyEpoch,uint64 deadline,bytes32 evidenceDigest)"u8);

    public Bytes32 StructHash()
    {
        WordWriter words = new(stackalloc byte[9 * 32]);
        words.Add(TypeHash);
        words.Add(Owner);
        words.Add(CiphertextDigest);
        words.Add(Size);
        words.Add(EphemeralShare);
        words.Add(Schema);
        words.Add(KeyEpoch);
        words.Add(Deadline);
        words.Add(EvidenceDigest);
        return words.Hash();
    }

    public SignedContribution Signed(Secp256k1Key key, CommonholdDomain registry) =>
        new(Owner, CiphertextDigest, Size, EphemeralShare, Schema, KeyEpoch, Deadline, EvidenceDigest, this.Sign(key, registry));
}

/// <summary>Terms with the owner's signature.</summary>
public record SignedContribution(
    Address Owner,
    Bytes32 CiphertextDigest,
    ulong Size,
    Bytes32 EphemeralShare,
    Bytes32 Schema,
    uint KeyEpoch,
    ulong Deadline,
    Bytes32 EvidenceDigest,
    Signature Signature)
    : ContributionTerms(Owner, CiphertextDigest, Size, EphemeralShare, Schema, KeyEpoch, Deadline, EvidenceDigest)
{
    public bool IsSignedByOwner(CommonholdDomain registry) => this.IsSignedBy(Owner, Signature, registry);
}

/// <summary>What a member posts: the signed terms, and the ticket for one validator.</summary>
/// <param name="Validator">Whom the ticket is sealed to.</param>
/// <param name="Ticket">A <see cref="TicketFile"/>; base64 on the wire.</param>
/// <param name="ChainId">Of the domain that was signed for, with <paramref name="Registry"/>: what was meant for another DAO is told apart from
/// what somebody else signed. The signature binds both whether or not they are given.</param>
/// <param name="Evidence">A sealed <see cref="EvidenceBundle"/> for the same validator; base64 on the wire, absent for none.</param>
public sealed record ContributionSubmission(
    Address Owner,
    Bytes32 CiphertextDigest,
    ulong Size,
    Bytes32 EphemeralShare,
    Bytes32 Schema,
    uint KeyEpoch,
    ulong Deadline,
    Bytes32 EvidenceDigest,
    Signature Signature,
    Address Validator,
    byte[] Ticket,
    ulong? ChainId = null,
    Address? Registry = null,
    byte[]? Evidence = null)
    : SignedContribution(Owner, CiphertextDigest, Size, EphemeralShare, Schema, KeyEpoch, Deadline, EvidenceDigest, Signature)
{
    /// <summary>A ticket is a small age file; anything longer is no ticket.</summary>
    public const int MaxTicketBytes = 4096;

    public static ContributionSubmission From(SignedContribution contribution, CommonholdDomain registry, Address validator, byte[] ticket, byte[]? evidence = null) =>
        new(contribution.Owner, contribution.CiphertextDigest, contribution.Size, contribution.EphemeralShare, contribution.Schema,
            contribution.KeyEpoch, contribution.Deadline, contribution.EvidenceDigest, contribution.Signature, validator, ticket,
            registry.ChainId, registry.VerifyingContract, evidence);

    public SignedContribution ToSigned() =>
        new(Owner, CiphertextDigest, Size, EphemeralShare, Schema, KeyEpoch, Deadline, EvidenceDigest, Signature);
}

/// <summary>A kind of data, by name: <c>reddit-export-v1</c>.</summary>
public static class Schema
{
    public const string RedditExport = "reddit-export-v1";

    public static Bytes32 Hash(string name) => Keccak256.Hash(Encoding.UTF8.GetBytes(name));
}
