using System.Buffers;
using System.Text;
using System.Text.Json;
using Commonhold.Client;
using Commonhold.Ethereum;

namespace Commonhold.Validator.Ownership.Online;

/// <summary>A fresh sign-in at the platform: OAuth 2 authorization code with PKCE (RFC 6749 §4.1, RFC 7636), redeemed by the validator.</summary>
/// <remarks>The validator redeems the code itself, as the dataset's own client, with a verifier that it computes from wallet, DAO and file:
/// so neither a token that was given to another program, nor a code that was asked for by another wallet or for another file, is of any
/// use. A code that is refused proves nothing, for it may only be late. The token is used once, for the account's name, and forgotten. A platform that does not implement PKCE does not bind the
/// code, and a policy should not name it.</remarks>
internal sealed class SignInProof(EvidenceFetcher fetcher, EvidenceOptions options) : OnlineProof(fetcher, options, EvidenceItem.OAuth)
{
    private const int MaxAnswerBytes = 256 * 1024;
    private const string Json = "application/json";
    private const string Proves = "That whoever holds the wallet signed in to the account at the platform, for this file, just now.";
    private const string DoesNotProve = "That the export is the account's: nothing in it is signed by the platform.";

    private static readonly SearchValues<char> TokenCharacters =
        SearchValues.Create("ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz0123456789-._~+/=");

    protected override bool IsRepeatable => false;

    protected override async Task<ProofResult> CheckAsync(EvidenceItem item, ProofContext context, CancellationToken cancellationToken)
    {
        string platform = item.Text("platform");
        SignInSource? source = context.Policy.Sources.SignIn.FirstOrDefault(s => s.Platform == platform && s.Platform == context.Account.Platform);
        if (source is null)
            return NotChecked("The dataset's policy names no sign-in for such exports.");
        if (context.Account.Id is not { } account)
            return NotChecked("The export names no account that a sign-in could be compared with.");
        string issuer = item.Text("issuer");
        // RFC 9207 §2.4: an answer of another issuer than the one that was asked is thrown away, and so is one that names none though it should.
        if (issuer != (source.Issuer ?? ""))
            return Failed("evidence.issuer_mixed_up", "The sign-in did not come from the issuer that the policy names.", "Sign in again, from the address that the program prints.");
        string redirectUri = item.Text("redirectUri");
        if (!source.TakesRedirect(redirectUri))
            return Failed(
                "evidence.redirect_invalid", "The sign-in came back neither to the member's own machine (RFC 8252) nor to a page that the policy names.", "Sign in with the client, or on a page that the policy names.");
        if (!Bytes32.TryParse(item.Text("salt"), out Bytes32 salt))
            return Failed("evidence.salt_invalid", "The evidence has no valid salt.", "Make the evidence with the client.");
        if (HostOf(source.TokenUrl) is not { Count: > 0 } tokenHosts)
            return NotAllowed(source.TokenUrl);
        if (HostOf(source.IdentityUrl) is not { Count: > 0 } identityHosts)
            return NotAllowed(source.IdentityUrl);

        string verifier = new EvidenceCommitment(context.Registry, context.Terms.Owner, context.Terms.CiphertextDigest, salt).CodeVerifier;
        FetchedDocument redeemed = await Fetcher.FetchAsync(Redeem(source, tokenHosts, item.Text("code"), redirectUri, verifier), cancellationToken).ConfigureAwait(false);
        if (Token(redeemed) is not { } token)
            return NotChecked(
                "evidence.sign_in_refused", $"{tokenHosts[0]} gives no token for this sign-in{Error(redeemed)}: codes live for minutes, and serve once and for one file.");
        FetchedDocument identity = await Fetcher.FetchAsync(
            new FetchRequest(source.IdentityUrl, identityHosts, [Json], MaxAnswerBytes) { Authorization = "Bearer " + token }, cancellationToken).ConfigureAwait(false);
        return string.Equals(Text(identity, source.AccountField), account, StringComparison.OrdinalIgnoreCase)
            ? ProofResult.Passed(
                Name, EvidenceLevel.SignIn, "The account of the export was signed in to, for this wallet and this file.", Proves, DoesNotProve,
                evidence: new Dictionary<string, string> { ["platform"] = platform, ["host"] = identityHosts[0] })
            : Failed("evidence.other_account", "Somebody signed in to another account than the export is of.", "Sign in to the account that the export is of.");
    }

    private FetchRequest Redeem(SignInSource source, IReadOnlyList<string> hosts, string code, string redirectUri, string verifier)
    {
        List<KeyValuePair<string, string>> form =
        [
            new("grant_type", "authorization_code"), new("code", code), new("redirect_uri", redirectUri), new("code_verifier", verifier),
        ];
        string secret = Options.ClientSecrets?.GetValueOrDefault(source.ClientId) ?? "";
        if (!source.UsesBasic)
        {
            form.Add(new("client_id", source.ClientId));
            if (secret.Length > 0)
                form.Add(new("client_secret", secret));
        }

        return new FetchRequest(source.TokenUrl, hosts, [Json], MaxAnswerBytes)
        {
            AcceptsErrors = true,
            // RFC 6749 §2.3.1: both are form-encoded before they are joined.
            Authorization = source.UsesBasic
                ? "Basic " + Convert.ToBase64String(Encoding.UTF8.GetBytes($"{Uri.EscapeDataString(source.ClientId)}:{Uri.EscapeDataString(secret)}"))
                : null,
            Form = form,
        };
    }

    private static string? Token(FetchedDocument answer) =>
        answer.IsSuccess && string.Equals(Text(answer, "/token_type"), "bearer", StringComparison.OrdinalIgnoreCase)
        && Text(answer, "/access_token") is { Length: > 0 and <= 8192 } token && !token.AsSpan().ContainsAnyExcept(TokenCharacters)
            ? token
            : null;

    /// <summary>The code of RFC 6749 §5.2, when it looks like one: the rest of what a provider says may quote what was sent.</summary>
    private static string Error(FetchedDocument answer) =>
        Text(answer, "/error") is { Length: > 0 and <= 40 } error && error.All(c => char.IsAsciiLetterLower(c) || c == '_') ? $" ({error})" : "";

    private static string? Text(FetchedDocument answer, string pointer)
    {
        try
        {
            using JsonDocument json = JsonDocument.Parse(answer.Body);
            return JsonPointer.Find(json.RootElement, pointer);
        }
        catch (Exception e) when (e is JsonException or InvalidOperationException)
        {
            return null;
        }
    }
}
