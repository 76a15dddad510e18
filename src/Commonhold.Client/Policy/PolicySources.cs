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
/// <param name="Subjects">Texts, one of which the subject must contain; empty: any subject.</param>
public sealed record EmailSource(string Platform, string Domain, IReadOnlyList<string> Senders, IReadOnlyList<string> Subjects, IReadOnlyList<PinnedDkimKey> Keys);

/// <param name="Selector">The <c>s=</c> of the signature.</param>
/// <param name="Record">The key record as DNS gave it: <c>v=DKIM1; k=rsa; p=…</c>.</param>
/// <param name="NotBefore">Unix seconds; the key is believed for signatures made from here …</param>
/// <param name="NotAfter">… to here.</param>
public sealed record PinnedDkimKey(string Selector, string Record, ulong NotBefore, ulong NotAfter);

/// <summary>Where a one-time code may stand.</summary>
/// <param name="Hosts">The only hosts that are asked, as <c>host</c> or <c>host:port</c>.</param>
/// <param name="ProfileUrl">The account's public page, with <c>{account}</c> in it.</param>
/// <param name="Insecure">Plain HTTP and private addresses are allowed: for trials on one machine alone.</param>
public sealed record AccountCodeSource(string Platform, IReadOnlyList<string> Hosts, string ProfileUrl, bool Insecure = false);

/// <summary>OAuth 2 sign-in at a platform (authorization code with PKCE).</summary>
/// <param name="AccountField">The field of the identity answer that names the account.</param>
public sealed record SignInSource(
    string Platform, string AuthorizeUrl, string TokenUrl, string IdentityUrl, string ClientId, string Scope, string AccountField, bool Insecure = false);

/// <summary>Hosts from which a provider's one-time download links lead to exports.</summary>
public sealed record DownloadSource(string Platform, IReadOnlyList<string> Hosts, bool Insecure = false);

/// <summary>An OpenID Connect provider whose subjects stand in exports as linked identities.</summary>
/// <param name="LinkedAs">What <c>linked_identities.csv</c> calls it.</param>
/// <param name="Keys">Its JSON Web Key Set, pinned; null: fetched from the issuer.</param>
public sealed record OpenIdSource(string Issuer, string ClientId, string LinkedAs, JsonElement? Keys = null, bool Insecure = false);

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
    Converters = [typeof(SnakeCaseEnum<EvidenceLevel>)])]
[JsonSerializable(typeof(ContributionPolicy))]
internal sealed partial class PolicyJson : JsonSerializerContext;
