using System.Buffers.Binary;
using System.Security.Cryptography;
using Commonhold.Ethereum;

namespace Commonhold.Client;

/// <summary>Binds what a third party is asked to repeat (a code on a page, a PKCE verifier, a nonce) to one wallet, one DAO and one file.</summary>
/// <remarks>SHA-256(purpose ‖ chainId as 8 bytes ‖ registry ‖ owner ‖ ciphertextDigest ‖ salt). The salt is random and known to the member
/// and to the one validator: without it, whoever reads the code on somebody's profile would find the wallet, and so the points and the
/// votes, by trying the owners and digests that are public on chain.</remarks>
public readonly record struct EvidenceCommitment(CommonholdDomain Registry, Address Owner, Bytes32 CiphertextDigest, Bytes32 Salt)
{
    private const string CodePrefix = "commonhold-";

    /// <summary>130 bits: enough that nobody finds another wallet and file with the same code, and short enough for a profile.</summary>
    private const int CodeLength = 26;

    /// <summary>The commitment that this member makes for this file: always the same, so that a program that was closed while the member
    /// put the code on the page prints the same code again; unknown to others, since only the member can sign.</summary>
    public static EvidenceCommitment For(MemberKey member, CommonholdDomain registry, Bytes32 ciphertextDigest)
    {
        ReadOnlySpan<byte> purpose = "commonhold-evidence-salt"u8;
        // Signatures are deterministic (RFC 6979), and no message that is signed elsewhere begins like this one.
        Bytes32 digest = Keccak256.Hash([.. purpose, .. registry.Separator.AsSpan(), .. ciphertextDigest.AsSpan()]);
        byte[] signature = member.Account.Sign(digest).ToArray();
        return new EvidenceCommitment(registry, member.Address, ciphertextDigest, Bytes32.FromSpan(SHA256.HashData([.. purpose, .. signature])));
    }

    public static Bytes32 NewSalt() => Bytes32.FromSpan(RandomNumberGenerator.GetBytes(32));

    /// <summary>What the member puts on the page: <c>commonhold-</c> and 26 letters and digits of base32 (RFC 4648 §6, lower case).</summary>
    public string AccountCode => CodePrefix + Base32(Digest("commonhold-account-code"u8).AsSpan())[..CodeLength];

    /// <summary>The <c>code_verifier</c> of RFC 7636: 43 characters.</summary>
    public string CodeVerifier => Base64Url(Digest("commonhold-code-verifier"u8).AsSpan());

    /// <summary>RFC 7636 §4.2, <c>S256</c>.</summary>
    public string CodeChallenge => Base64Url(SHA256.HashData(System.Text.Encoding.ASCII.GetBytes(CodeVerifier)));

    /// <summary>The <c>nonce</c> of an OpenID Connect request.</summary>
    public string Nonce => Base64Url(Digest("commonhold-openid-nonce"u8).AsSpan());

    private Bytes32 Digest(ReadOnlySpan<byte> purpose)
    {
        using IncrementalHash hash = IncrementalHash.CreateHash(HashAlgorithmName.SHA256);
        Span<byte> chainId = stackalloc byte[8];
        BinaryPrimitives.WriteUInt64BigEndian(chainId, Registry.ChainId);
        hash.AppendData(purpose);
        hash.AppendData(chainId);
        hash.AppendData(Registry.VerifyingContract.ToArray());
        hash.AppendData(Owner.ToArray());
        hash.AppendData(CiphertextDigest.AsSpan());
        hash.AppendData(Salt.AsSpan());
        return Bytes32.FromSpan(hash.GetHashAndReset());
    }

    private static string Base64Url(ReadOnlySpan<byte> bytes) => System.Buffers.Text.Base64Url.EncodeToString(bytes);

    private static string Base32(ReadOnlySpan<byte> bytes)
    {
        const string Letters = "abcdefghijklmnopqrstuvwxyz234567";
        return string.Create((bytes.Length * 8 + 4) / 5, bytes.ToArray(), (text, source) =>
        {
            for (int i = 0, bits = 0, held = 0, next = 0; i < text.Length; i++)
            {
                if (bits < 5)
                {
                    held = (held << 8) | (next < source.Length ? source[next] : 0);
                    next++;
                    bits += 8;
                }

                text[i] = Letters[(held >> (bits - 5)) & 31];
                bits -= 5;
            }
        });
    }
}
