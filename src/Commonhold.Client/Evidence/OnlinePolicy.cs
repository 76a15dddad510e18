using System.Text.Json;

namespace Commonhold.Client;

/// <summary>Where the dataset's policy lets its validators go out for evidence. A part of the policy document: the vote decides it, and everybody
/// knows it. A validator goes nowhere that its own operator does not name as well.</summary>
/// <param name="Pages">Pages on which a member can put a code (<c>account_code</c>).</param>
/// <param name="SignIn">Who says which account of the platform somebody signed in with (<c>sign_in</c>).</param>
/// <param name="Identities">Who vouches for the identities that are linked to accounts of the platform (<c>openid</c>).</param>
/// <param name="DownloadHosts">Hosts of the provider's own download links (<c>fetched</c>).</param>
public sealed record OnlinePolicy(
    IReadOnlyList<AccountPage>? Pages = null,
    SignInProvider? SignIn = null,
    IReadOnlyList<IdentityProvider>? Identities = null,
    IReadOnlyList<string>? DownloadHosts = null);

/// <summary>A public page on which only the account's holder can write in one place.</summary>
/// <param name="Place">Its name: <c>profile</c>, <c>post</c>.</param>
/// <param name="Url">An https address with <c>{account}</c>, and <c>{post}</c> when the member must say which one.</param>
/// <param name="Format"><c>json</c> or <c>html</c>.</param>
/// <param name="Account">Where the page says whose it is: a JSON pointer (RFC 6901), or the name or property of a <c>meta</c> element.</param>
/// <param name="Code">Where the holder writes: likewise. The code is looked for there and nowhere else.</param>
/// <param name="Words">Where a member finds it, for people: <c>the “About” text in Settings › Profile</c>.</param>
public sealed record AccountPage(string Place, string Url, string Format, string Account, string Code, string? Words = null)
{
    public const string Json = "json";
    public const string Html = "html";
}

/// <summary>An OAuth 2 provider that tells the name of an account (RFC 6749, authorization code with PKCE).</summary>
/// <param name="Name">For people and for the operator's file of secrets: <c>reddit</c>.</param>
/// <param name="Issuer">What it calls itself in the <c>iss</c> of its answers (RFC 9207); null when it sends none.</param>
/// <param name="IdentityUrl">Answers JSON about the account whose token is shown.</param>
/// <param name="Account">A JSON pointer to the account's name in that.</param>
/// <param name="UsesBasic">The client names itself by HTTP Basic at the token endpoint, with an empty secret when the operator gives none; otherwise by <c>client_id</c>.</param>
public sealed record SignInProvider(
    string Name,
    string ClientId,
    string AuthorizationUrl,
    string TokenUrl,
    string IdentityUrl,
    string Account,
    string Scope,
    string? Issuer = null,
    bool UsesBasic = false);

/// <summary>An OpenID Connect issuer.</summary>
/// <param name="Name">For people: <c>google</c>.</param>
/// <param name="Issuer">The <c>iss</c> of its ID tokens, to the letter.</param>
/// <param name="LinkedAs">What the platform's export calls it in <c>issuer_id</c>.</param>
/// <param name="Keys">Its key set (RFC 7517), pinned; otherwise it is fetched from <paramref name="KeysUrl"/>.</param>
/// <param name="PublishedSecret">What some issuers call the secret of an installed program, which is in every copy of it and keeps nothing.</param>
public sealed record IdentityProvider(
    string Name,
    string Issuer,
    string ClientId,
    string AuthorizationUrl,
    string TokenUrl,
    IReadOnlyList<string> LinkedAs,
    string? KeysUrl = null,
    JsonElement? Keys = null,
    string? PublishedSecret = null);
