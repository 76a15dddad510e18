using System.Text.Json;
using System.Text.Json.Serialization;

namespace Commonhold.Client;

/// <summary>Whom a dataset believes about accounts: everything that a proof is held against is pinned here, by vote.</summary>
public sealed record PolicySources(
    IReadOnlyList<EmailSource> Email,
    IReadOnlyList<AccountCodeSource> AccountCode,
    IReadOnlyList<SignInSource> SignIn,
    IReadOnlyList<DownloadSource> Download,
    IReadOnlyList<OpenIdSource> OpenId)
{
    public static PolicySources None { get; } = new([], [], [], [], []);
}

/// <summary>A provider's "your data is ready" e-mail, and the DKIM keys that may have signed it.</summary>
/// <param name="Platform">Of the export: <c>reddit</c>.</param>
/// <param name="Domain">The signing domain, the <c>d=</c> of the signature: <c>redditmail.com</c>.</param>
/// <param name="Senders">Addresses that <c>From</c> may have, in small letters.</param>
/// <param name="Subjects">The whole subject of this very message, in each form it has; <c>{account}</c> stands for the account. Needed:
/// a provider sends other messages too, and strangers' words stand in them.</param>
/// <param name="Accounts">How the message names the account: text with <c>{account}</c> and something beside it, as <c>u/{account}</c>.</param>
public sealed record EmailSource(
    string Platform, string Domain, IReadOnlyList<string> Senders, IReadOnlyList<string> Subjects, IReadOnlyList<string> Accounts, IReadOnlyList<PinnedDkimKey> Keys)
{
    /// <summary>Where the account stands in a subject or a pattern.</summary>
    public const string Placeholder = "{account}";

    internal bool IsPossible =>
        Senders.Count > 0 && Subjects.Count > 0 && Accounts.Count > 0
        && Accounts.All(a => a.Split(Placeholder).Length == 2 && a.Trim() != Placeholder);
}

/// <param name="Selector">The <c>s=</c> of the signature.</param>
/// <param name="Record">The key record as DNS gave it: <c>v=DKIM1; k=rsa; p=…</c>.</param>
/// <param name="NotBefore">Unix seconds; the key is believed for signatures made from here …</param>
/// <param name="NotAfter">… to here.</param>
/// <param name="Published">Where the key and its dates can be looked up, for those who vote on it.</param>
/// <param name="AcceptWeak">Take an RSA key of 1,024 to 2,047 bits: whoever can factor it can mint.</param>
public sealed record PinnedDkimKey(string Selector, string Record, ulong NotBefore, ulong NotAfter, string Published, bool AcceptWeak = false);

/// <summary>A public page on which the holder of an account, and nobody else, writes in one place: there a one-time code may stand.</summary>
/// <param name="Place">Its name, which evidence gives: <c>profile</c>, <c>post</c>.</param>
/// <param name="Url">With <c>{account}</c>, and <c>{post}</c> where the member must say which one; its host is the only one that is asked.</param>
/// <param name="Account">Where the page says whose it is: a JSON pointer (RFC 6901), or for HTML the name or property of a <c>meta</c> element.</param>
/// <param name="Code">Where the holder writes: likewise. The code is looked for there and nowhere else.</param>
/// <param name="Words">Where a member finds it: <c>the About text in Settings, Profile</c>.</param>
public sealed record AccountCodeSource(string Platform, string Place, string Url, PageFormat Format, string Account, string Code, string Words);

public enum PageFormat
{
    Json,
    Html,
}

/// <summary>OAuth 2 sign-in at a platform (authorization code with PKCE); each address names a host that may be asked for just that.</summary>
/// <param name="AccountField">A JSON pointer to the account's name in the identity answer.</param>
/// <param name="Issuer">What the platform calls itself in the <c>iss</c> of its answers (RFC 9207); null when it sends none.</param>
/// <param name="RedirectPort">Where the member's program waits for the answer (<see cref="Loopback"/>), for providers that want it on file; null: any free port.</param>
/// <param name="UsesBasic">The client names itself by HTTP Basic at the token address, with an empty secret unless the operator has one.</param>
/// <param name="RedirectPages">Pages of nodes (<see cref="RedirectPage"/>) that the provider has on file too, for members who sign in there; null: the member's own machine alone.</param>
public sealed record SignInSource(
    string Platform, string AuthorizeUrl, string TokenUrl, string IdentityUrl, string ClientId, string Scope, string AccountField,
    string? Issuer = null, bool UsesBasic = false, ushort? RedirectPort = null, IReadOnlyList<string>? RedirectPages = null)
{
    /// <summary>Whether an answer may come back to this address: the member's own machine, or a page that is named, to the letter.</summary>
    public bool TakesRedirect(string redirectUri) => Loopback.IsRedirect(redirectUri) || RedirectPages?.Contains(redirectUri, StringComparer.Ordinal) == true;

    internal bool IsPossible =>
        RedirectPages is null || (RedirectPages.Count is > 0 and <= RedirectPage.Most && RedirectPages.All(page => page is not null && RedirectPage.IsPossible(page))
            && RedirectPages.Distinct(StringComparer.Ordinal).Count() == RedirectPages.Count);
}

/// <summary>Hosts (<c>host</c> or <c>host:port</c>) from which a provider's one-time download links lead to exports, redirects included.</summary>
public sealed record DownloadSource(string Platform, IReadOnlyList<string> Hosts);

/// <summary>An OpenID Connect provider whose subjects stand in exports as linked identities.</summary>
/// <param name="Issuer">The <c>iss</c> of its ID tokens, to the letter.</param>
/// <param name="LinkedAs">What <c>linked_identities.csv</c> calls it.</param>
/// <param name="AuthorizeUrl">Where a member signs in.</param>
/// <param name="TokenUrl">Where the member's own program redeems the code.</param>
/// <param name="Keys">Its JSON Web Key Set, pinned; null: fetched from <paramref name="KeysUrl"/>.</param>
/// <param name="PublishedSecret">What some providers call the secret of an installed program: it stands in every copy of it and keeps nothing.</param>
/// <param name="RedirectPort">As in <see cref="SignInSource"/>.</param>
public sealed record OpenIdSource(
    string Issuer, string ClientId, string LinkedAs, string AuthorizeUrl, string TokenUrl, string? KeysUrl = null, JsonElement? Keys = null,
    string? PublishedSecret = null, ushort? RedirectPort = null);

[JsonSourceGenerationOptions(
    JsonSerializerDefaults.Web,
    AllowDuplicateProperties = false,
    AllowTrailingCommas = false,
    DefaultIgnoreCondition = JsonIgnoreCondition.WhenWritingNull,
    MaxDepth = 32,
    NumberHandling = JsonNumberHandling.Strict,
    PropertyNameCaseInsensitive = false,
    RespectNullableAnnotations = true,
    RespectRequiredConstructorParameters = true,
    UnmappedMemberHandling = JsonUnmappedMemberHandling.Disallow,
    WriteIndented = true,
    NewLine = "\n",
    Converters = [typeof(SnakeCaseEnum<EvidenceLevel>), typeof(SnakeCaseEnum<PageFormat>)])]
[JsonSerializable(typeof(ContributionPolicy))]
internal sealed partial class PolicyJson : JsonSerializerContext;
