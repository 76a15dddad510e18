using System.Security.Cryptography;
using System.Text;
using Commonhold.Client;
using Commonhold.Ethereum;
using Commonhold.Exports.Reddit;
using Microsoft.IdentityModel.JsonWebTokens;
using Microsoft.IdentityModel.Tokens;

namespace Commonhold.Validator.Ownership.Online;

/// <summary>A fresh sign-in with an identity that the export links to the account (OpenID Connect Core §3.1.3.7).</summary>
/// <remarks>The ID token must be signed with a key of an issuer that the policy pins, for the dataset's own client, now, and with a nonce
/// that binds it to wallet, DAO and file; issuer and subject must stand in the original <c>linked_identities.csv</c>. With keys pinned
/// in the policy nothing is fetched. Only RS256 and ES256 count: <c>none</c>, and HMAC with a public key for its secret, do not.</remarks>
internal sealed class OpenIdProof(EvidenceFetcher fetcher, EvidenceOptions options, ReadOnlyMemory<byte> validatorsKey, TimeProvider time)
    : OnlineProof(fetcher, options, EvidenceItem.OpenId)
{
    public const string LinkKind = "identity";

    private const string Proves = "That whoever holds the wallet signed in just now with an identity that the export's files link to the account.";
    private const string DoesNotProve = "That the platform wrote those files: they are not signed, and whoever makes up an export can make up its links.";
    private static readonly TimeSpan Skew = TimeSpan.FromMinutes(2);
    private static readonly TimeSpan MaxAge = TimeSpan.FromHours(1);

    private readonly KeySets _keys = new(fetcher, time);
    private readonly JsonWebTokenHandler _handler = new() { MaximumTokenSizeInBytes = 16 * 1024 };

    protected override async Task<ProofResult> CheckAsync(EvidenceItem item, ProofContext context, CancellationToken cancellationToken)
    {
        if (!Bytes32.TryParse(item.Text("salt"), out Bytes32 salt))
            return Failed("evidence.salt_invalid", "The evidence has no valid salt.", "Make the evidence with the client.");
        string token = item.Text("idToken");
        if (Parse(token) is not { } unverified)
            return Invalid("it is not a signed token with RS256 or ES256");
        if (context.Policy.Sources.OpenId.FirstOrDefault(s => s.Issuer == unverified.Issuer) is not { } source)
            return Failed("evidence.issuer_unknown", "The ID token is of an issuer that the dataset's policy does not name.", "Sign in with the client.");

        IReadOnlyList<SecurityKey> keys;
        if (source.Keys is { } pinned)
            keys = KeySets.Parse(pinned.GetRawText());
        else if (HostOf(source.KeysUrl!) is { Count: > 0 } hosts)
            keys = await _keys.FetchAsync(source.KeysUrl!, hosts, unverified.Kid, cancellationToken).ConfigureAwait(false);
        else
            return NotAllowed(source.KeysUrl!);

        if (await ProblemAsync(token, source, keys, context.Now).ConfigureAwait(false) is { } problem)
            return problem;
        if (!Claim(unverified, "nonce").Equals(new EvidenceCommitment(context.Registry, context.Terms.Owner, context.Terms.CiphertextDigest, salt).Nonce, StringComparison.Ordinal))
            return Failed("evidence.nonce_mismatch", "The ID token was made for another wallet or another file.", "Sign in again, for this file.");
        return Compare(source, unverified.Subject, context);
    }

    private ProofResult Compare(OpenIdSource source, string subject, ProofContext context)
    {
        if (context.Bundle.Find(EvidenceItem.OriginalFiles) is null)
            return NotChecked("The file that lists the account's linked identities was not given.");
        if (!OriginalFiles.Read(context.Bundle, context.Reading).TryGet(out RedditOriginals? originals, out Refusal? refusal))
            return ProofResult.Failed(Name, refusal);
        if (!originals.Identities.Contains(new LinkedIdentity(source.LinkedAs, subject)))
            return Failed("evidence.identity_not_linked", "The export does not link the account to the identity that signed in.", "Sign in with an identity that you had linked when you asked for the export.");
        // Neither the identity nor its provider is named: the report is public.
        return ProofResult.Passed(
            Name, EvidenceLevel.OpenId, "An identity that the export links to the account signed in, for this wallet and this file.", Proves, DoesNotProve,
            links: [new ClusterLink(LinkKind, Link(source.Issuer, subject))]);
    }

    private Bytes32 Link(string issuer, string subject) => Bytes32.FromSpan(
        HMACSHA256.HashData(validatorsKey.Span, [.. "openid"u8, 0, .. Encoding.UTF8.GetBytes(issuer), 0, .. Encoding.UTF8.GetBytes(subject)]));

    /// <summary>What the token says of itself, before anything of it is believed.</summary>
    private static JsonWebToken? Parse(string token)
    {
        try
        {
            JsonWebToken read = new(token);
            bool isPlain = !read.IsEncrypted && read.Alg is SecurityAlgorithms.RsaSha256 or SecurityAlgorithms.EcdsaSha256
                && !read.TryGetHeaderValue("crit", out object? _); // RFC 7515 §4.1.11: we understand no extension.
            return isPlain && read.Subject is { Length: > 0 and <= 255 } ? read : null;
        }
        catch (Exception e) when (e is ArgumentException or SecurityTokenException or System.Text.Json.JsonException)
        {
            return null;
        }
    }

    private async Task<ProofResult?> ProblemAsync(string token, OpenIdSource source, IReadOnlyList<SecurityKey> keys, DateTimeOffset now)
    {
        TokenValidationResult result = await _handler.ValidateTokenAsync(token, new TokenValidationParameters
        {
            ClockSkew = Skew,
            IssuerSigningKeys = keys,
            // Ours, because the library's own reads the machine's clock.
            LifetimeValidator = (notBefore, expires, _, _) => expires > (now - Skew).UtcDateTime && !(notBefore > (now + Skew).UtcDateTime),
            RequireExpirationTime = true,
            RequireSignedTokens = true,
            ValidAlgorithms = [SecurityAlgorithms.RsaSha256, SecurityAlgorithms.EcdsaSha256],
            ValidAudience = source.ClientId,
            ValidIssuer = source.Issuer,
        }).ConfigureAwait(false);
        if (!result.IsValid)
        {
            return result.Exception switch
            {
                SecurityTokenInvalidLifetimeException or SecurityTokenNoExpirationException => Expired(),
                SecurityTokenInvalidAudienceException => Invalid("it was made for another client than the dataset's"),
                _ => Invalid("no key of its issuer signed it"),
            };
        }

        JsonWebToken verified = (JsonWebToken)result.SecurityToken;
        // Core §3.1.3.7: with more than one audience, or an authorized party, that party must be us.
        string party = Claim(verified, "azp");
        if ((verified.Audiences.Count() > 1 || party.Length > 0) && party != source.ClientId)
            return Invalid("it was made for another client than the dataset's");
        return verified.TryGetPayloadValue("iat", out long issued) && issued <= (now + Skew).ToUnixTimeSeconds() && issued >= (now - MaxAge).ToUnixTimeSeconds()
            ? null
            : Expired();
    }

    private static string Claim(JsonWebToken token, string name) => token.TryGetPayloadValue(name, out string? value) ? value ?? "" : "";

    private ProofResult Invalid(string why) => Failed("evidence.token_invalid", $"The ID token does not count: {why}.", "Sign in with the client.");

    // No lie, only late: a contribution may wait longer than a token lives.
    private ProofResult Expired() => NotChecked("evidence.token_expired", "The ID token is no longer, or not yet, valid; sign in again for a new one.");
}
