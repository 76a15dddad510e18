using Commonhold.Ethereum;

namespace Commonhold.Client;

/// <summary>What a validator found about one contribution, as it signs it.</summary>
/// <param name="Points">What it earns; zero when refused.</param>
/// <param name="Nullifier">The keyed digest of the account it comes from; zero when the file was refused before it was known.</param>
/// <param name="ReportDigest">SHA-256 of the report's JSON bytes.</param>
public record Verdict(
    Address Owner,
    Bytes32 CiphertextDigest,
    ulong Size,
    Bytes32 EphemeralShare,
    Bytes32 Schema,
    uint KeyEpoch,
    bool Accepted,
    Points Points,
    Bytes32 Nullifier,
    Bytes32 ReportDigest) : ITypedMessage
{
    private static readonly Bytes32 TypeHash = Keccak256.Hash(
        "Verdict(address owner,bytes32 ciphertextDigest,uint64 size,bytes32 ephemeralShare,bytes32 schema,uint32 keyEpoch,bool accepted,uint256 points,bytes32 nullifier,bytes32 reportDigest)"u8);

    public Bytes32 StructHash()
    {
        WordWriter words = new(stackalloc byte[11 * 32]);
        words.Add(TypeHash);
        words.Add(Owner);
        words.Add(CiphertextDigest);
        words.Add(Size);
        words.Add(EphemeralShare);
        words.Add(Schema);
        words.Add(KeyEpoch);
        words.Add(Accepted);
        words.Add(Points.Value);
        words.Add(Nullifier);
        words.Add(ReportDigest);
        return words.Hash();
    }

    /// <summary>True when this verdict speaks about exactly these terms.</summary>
    public bool IsAbout(ContributionTerms terms) =>
        Owner == terms.Owner && CiphertextDigest == terms.CiphertextDigest && Size == terms.Size
        && EphemeralShare == terms.EphemeralShare && Schema == terms.Schema && KeyEpoch == terms.KeyEpoch;

    /// <summary>The leaf that an accepted verdict becomes at a place in a batch.</summary>
    public Leaf ToLeaf(uint index) =>
        new(index, Owner, CiphertextDigest, Size, EphemeralShare, Schema, KeyEpoch, Points, Nullifier);
}

/// <summary>A verdict with its validator's signature.</summary>
public record SignedVerdict(
    Address Owner,
    Bytes32 CiphertextDigest,
    ulong Size,
    Bytes32 EphemeralShare,
    Bytes32 Schema,
    uint KeyEpoch,
    bool Accepted,
    Points Points,
    Bytes32 Nullifier,
    Bytes32 ReportDigest,
    Signature Signature)
    : Verdict(Owner, CiphertextDigest, Size, EphemeralShare, Schema, KeyEpoch, Accepted, Points, Nullifier, ReportDigest)
{
    /// <summary>The validator who signed; null when the signature is of no key.</summary>
    public Address? Signer(CommonholdDomain registry) => registry.Recover(StructHash(), Signature);

    public static SignedVerdict From(Verdict verdict, Signature signature) =>
        new(verdict.Owner, verdict.CiphertextDigest, verdict.Size, verdict.EphemeralShare, verdict.Schema, verdict.KeyEpoch,
            verdict.Accepted, verdict.Points, verdict.Nullifier, verdict.ReportDigest, signature);
}

/// <summary>A signed verdict as it is posted: with its report.</summary>
/// <param name="Report">The report's JSON bytes, base64 on the wire; their SHA-256 is in the verdict.</param>
/// <param name="Explanation">A sealed <see cref="ValueExplanation"/> for the member, whose SHA-256 is in the report; absent for none, and in proposals of batches.</param>
public sealed record VerdictSubmission(
    Address Owner,
    Bytes32 CiphertextDigest,
    ulong Size,
    Bytes32 EphemeralShare,
    Bytes32 Schema,
    uint KeyEpoch,
    bool Accepted,
    Points Points,
    Bytes32 Nullifier,
    Bytes32 ReportDigest,
    Address Validator,
    Signature Signature,
    byte[] Report,
    byte[]? Explanation = null)
    : SignedVerdict(Owner, CiphertextDigest, Size, EphemeralShare, Schema, KeyEpoch, Accepted, Points, Nullifier, ReportDigest, Signature)
{
    public const int MaxReportBytes = 64 * 1024;

    /// <summary>True when the named validator signed, and the report is the one it signed over.</summary>
    public bool IsGenuine(CommonholdDomain registry) =>
        Report.Length <= MaxReportBytes && Client.Report.DigestOf(Report) == ReportDigest && this.IsSignedBy(Validator, Signature, registry);

    public static VerdictSubmission From(SignedVerdict verdict, Address validator, byte[] report, byte[]? explanation = null) =>
        new(verdict.Owner, verdict.CiphertextDigest, verdict.Size, verdict.EphemeralShare, verdict.Schema, verdict.KeyEpoch,
            verdict.Accepted, verdict.Points, verdict.Nullifier, verdict.ReportDigest, validator, verdict.Signature, report, explanation);

    /// <summary>The report that was signed over.</summary>
    public Result<Report> ReadReport() => Client.Report.Parse(Report);

    public SignedVerdict ToSigned() => SignedVerdict.From(this, Signature);
}
