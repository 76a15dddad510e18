using System.Security.Cryptography;
using Commonhold.Age;
using Commonhold.Ethereum;

namespace Commonhold.Client;

/// <summary>The proofs that travel beside one contribution: an age file to one validator, whose SHA-256 the member signs.</summary>
/// <remarks>Holds what must never reach a buyer (e-mails, addresses, tokens), so its text exists only in memory that is wiped when it
/// is disposed. Bound to one file by its digest and, through the member's signature, to one owner.</remarks>
public sealed class EvidenceBundle : IDisposable
{
    public const int CurrentVersion = 1;

    /// <summary>Bytes of the age file.</summary>
    public const int MaxBytes = 256 * 1024;

    /// <summary>Bytes of the JSON inside: what is left after the age header and its tags.</summary>
    public const int MaxJsonBytes = MaxBytes - (4 * 1024);

    /// <summary>Items in one bundle.</summary>
    public const int MaxItems = 8;

    /// <param name="items">Disposed with the bundle.</param>
    public EvidenceBundle(Bytes32 ciphertextDigest, IReadOnlyList<EvidenceItem> items) => (CiphertextDigest, Items) = (ciphertextDigest, items);

    public Bytes32 CiphertextDigest { get; }

    public IReadOnlyList<EvidenceItem> Items { get; }

    /// <summary>The first item of a type; null when there is none.</summary>
    public EvidenceItem? Find(string type) => Items.FirstOrDefault(item => item.Type == type);

    public static EvidenceBundle None(Bytes32 ciphertextDigest) => new(ciphertextDigest, []);

    /// <summary>What the member signs: zero for no evidence.</summary>
    public static Bytes32 DigestOf(ReadOnlySpan<byte> sealedEvidence) =>
        sealedEvidence.IsEmpty ? Bytes32.Zero : Bytes32.FromSpan(SHA256.HashData(sealedEvidence));

    /// <returns>Refused as <c>evidence.too_large</c>.</returns>
    public Result<byte[]> Seal(X25519Recipient validator)
    {
        using SecretBuffer json = new(MaxJsonBytes);
        return EvidenceJson.Write(this, json) is { } refusal ? refusal : AgeFile.Seal(json.Written, validator);
    }

    /// <summary>Opens evidence that anybody may have sent. The caller disposes it.</summary>
    /// <returns>Refused as <c>evidence.too_large</c>, <c>evidence.digest_mismatch</c>, <c>evidence.unreadable</c>, <c>evidence.invalid</c> or <c>evidence.mismatch</c>.</returns>
    public static Result<EvidenceBundle> Open(ReadOnlySpan<byte> sealedEvidence, Bytes32 evidenceDigest, Bytes32 ciphertextDigest, X25519Identity validator)
    {
        if (sealedEvidence.Length > MaxBytes)
            return new Refusal("evidence.too_large", $"The evidence has {sealedEvidence.Length} bytes; evidence has at most {MaxBytes}.");
        if (DigestOf(sealedEvidence) != evidenceDigest)
            return new Refusal("evidence.digest_mismatch", $"The evidence has the digest {DigestOf(sealedEvidence)}; {evidenceDigest} was signed.", "Send the evidence that you signed.");
        try
        {
            using SecretBytes json = AgeFile.Open(sealedEvidence, validator);
            return EvidenceJson.Read(json.Span, ciphertextDigest);
        }
        catch (AgeException e)
        {
            return new Refusal("evidence.unreadable", $"The evidence cannot be opened: {e.Message}", "Seal it to the validator that the ticket goes to.");
        }
    }

    public void Dispose()
    {
        foreach (EvidenceItem item in Items)
            item.Dispose();
    }
}
