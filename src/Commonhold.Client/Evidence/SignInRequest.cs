using System.Buffers.Text;
using System.Security.Cryptography;

namespace Commonhold.Client;

/// <summary>What came back from a sign-in, once it was found to be the answer to what was asked.</summary>
/// <param name="Code">The authorization code: worth a token to whoever has the verifier too.</param>
/// <param name="Issuer">Who answered (RFC 9207); null when the provider does not say.</param>
public sealed record SignInAnswer(string Code, string? Issuer)
{
    /// <remarks>Not the record's own: the code is secret while it lives.</remarks>
    public override string ToString() => nameof(SignInAnswer);
}

/// <summary>A sign-in in the member's own browser: authorization code with PKCE (RFC 6749 §4.1, RFC 7636), back to loopback (RFC 8252).</summary>
/// <remarks>The challenge commits to wallet, DAO and file, the state is random: an answer to anything else is thrown away.</remarks>
public sealed class SignInRequest
{
    private readonly string _state = Base64Url.EncodeToString(RandomNumberGenerator.GetBytes(16));
    private readonly string? _issuer;

    private SignInRequest(string authorizeUrl, string clientId, string scope, EvidenceCommitment commitment, string redirectUri, string? issuer, string? nonce)
    {
        (_issuer, RedirectUri) = (issuer, redirectUri);
        (string, string?)[] parameters =
        [
            ("response_type", "code"), ("client_id", clientId), ("redirect_uri", redirectUri), ("scope", scope), ("state", _state),
            ("code_challenge", commitment.CodeChallenge), ("code_challenge_method", "S256"), ("nonce", nonce),
        ];
        Url = authorizeUrl + (authorizeUrl.Contains('?', StringComparison.Ordinal) ? '&' : '?')
            + string.Join('&', parameters.Where(p => p.Item2 is not null).Select(p => $"{p.Item1}={Uri.EscapeDataString(p.Item2!)}"));
    }

    /// <summary>For the member's browser.</summary>
    public string Url { get; }

    public string RedirectUri { get; }

    /// <summary>At the platform itself; a validator redeems the code.</summary>
    public static SignInRequest For(SignInSource source, EvidenceCommitment commitment, string redirectUri) =>
        new(source.AuthorizeUrl, source.ClientId, source.Scope, commitment, redirectUri, source.Issuer, nonce: null);

    /// <summary>With a linked identity; the member's own program redeems the code for an ID token.</summary>
    public static SignInRequest For(OpenIdSource source, EvidenceCommitment commitment, string redirectUri) =>
        new(source.AuthorizeUrl, source.ClientId, "openid", commitment, redirectUri, source.Issuer, commitment.Nonce);

    /// <summary>Reads the query with which the browser came back.</summary>
    /// <returns>Refused as <c>evidence.sign_in_not_ours</c>, <c>evidence.issuer_mixed_up</c> or <c>evidence.sign_in_denied</c>.</returns>
    public Result<SignInAnswer> Read(string query)
    {
        Dictionary<string, string> given = [];
        foreach (string pair in query.TrimStart('?').Split('&', StringSplitOptions.RemoveEmptyEntries))
        {
            int equals = pair.IndexOf('=', StringComparison.Ordinal);
            string name = Uri.UnescapeDataString(equals < 0 ? pair : pair[..equals]);
            if (!given.TryAdd(name, equals < 0 ? "" : Uri.UnescapeDataString(pair[(equals + 1)..].Replace('+', ' '))))
                return NotOurs();
        }

        if (!given.TryGetValue("state", out string? state) || !CryptographicOperations.FixedTimeEquals(
            System.Text.Encoding.UTF8.GetBytes(state), System.Text.Encoding.UTF8.GetBytes(_state)))
            return NotOurs();
        string? issuer = given.GetValueOrDefault("iss");
        // RFC 9207 §2.4. An issuer that the policy does not expect is checked by nobody, so it is not taken for right.
        if (issuer is not null && issuer != _issuer)
            return new Refusal("evidence.issuer_mixed_up", "The answer came from another provider than the one that was asked.", "Close the page and sign in again from the address that is printed.");
        if (given.TryGetValue("error", out string? error))
            return new Refusal("evidence.sign_in_denied", $"The provider did not sign you in ({Plain(error)}).", "Sign in and allow it, or contribute without this proof.");
        return given.GetValueOrDefault("code") is { Length: > 0 and <= 4096 } code ? new SignInAnswer(code, issuer) : NotOurs();
    }

    private static Refusal NotOurs() =>
        new("evidence.sign_in_not_ours", "What came back is not the answer to this sign-in.", "Sign in again from the address that is printed.");

    private static string Plain(string error) => new([.. error.Take(40).Select(c => char.IsAsciiLetterOrDigit(c) || c == '_' ? c : '?')]);
}
