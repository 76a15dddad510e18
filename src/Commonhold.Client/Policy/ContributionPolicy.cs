using System.Security.Cryptography;
using System.Text.Json;
using Commonhold.Ethereum;

namespace Commonhold.Client;

/// <summary>What a dataset asks of a contribution and how it weighs the evidence: the document whose SHA-256 the registry holds.</summary>
/// <remarks>Guarantee: a member, a validator and a co-signer who hold the same digest hold the same bytes, so they judge alike; only a
/// vote changes it. Strict: an unknown, missing or repeated field is refused, because a rule that a program does not understand is
/// a rule that it would not keep. Nothing in it is secret.</remarks>
/// <param name="Schema">The one schema that the dataset takes: <c>reddit-export-v1</c>.</param>
/// <param name="Required">Results (<see cref="Findings"/>) and single checks that must have passed, by name. One that was not made
/// is a refusal like one that failed.</param>
/// <param name="MinimumLevel">A contribution below is refused.</param>
/// <param name="RefuseFailedProofs">True: evidence that was given and proved false refuses the contribution. False: it counts as not given.</param>
/// <param name="Reweighting">Weekly re-weighting by task value; off unless a vote turned it on.</param>
/// <param name="Descriptor">The Frictionless Data Package descriptor of a generic dataset; null for the built-in formats.</param>
public sealed record ContributionPolicy(
    int Version,
    string Schema,
    IReadOnlyList<string> Required,
    EvidenceLevel MinimumLevel,
    EvidenceWeights Weights,
    PolicyThresholds Thresholds,
    bool RefuseFailedProofs,
    bool Reweighting,
    PolicySources Sources,
    JsonElement? Descriptor = null)
{
    public const int CurrentVersion = 1;

    /// <summary>Bytes of the document; DKIM records, key sets and a descriptor fit many times over.</summary>
    public const int MaxBytes = 256 * 1024;

    private const int MostEntries = 64;
    private const int LongestText = 4096;

    /// <summary>What a DAO has that decides nothing else: everything but ownership required, proofs weighed, no source pinned.</summary>
    public static ContributionPolicy Standard(string schema) => new(
        CurrentVersion, schema, [Findings.AuthenticityName, Findings.UniquenessName, Findings.QualityName], EvidenceLevel.Structure,
        new EvidenceWeights(0, 250, 700, 800, 850, 1000, 900), PolicyThresholds.Standard, RefuseFailedProofs: true, Reweighting: false, PolicySources.None);

    /// <summary>For trying things out: an export without a proof earns half.</summary>
    public static ContributionPolicy Trial(string schema) => Standard(schema) with { Weights = new EvidenceWeights(0, 500, 800, 900, 1000, 1000, 1000) };

    /// <summary>The digest of a document as its bytes stand.</summary>
    public static Bytes32 DigestOf(ReadOnlySpan<byte> json) => Bytes32.FromSpan(SHA256.HashData(json));

    /// <summary>The same policy always has the same bytes. A document written by hand has a digest of its own.</summary>
    public byte[] ToJsonBytes() => JsonSerializer.SerializeToUtf8Bytes(this, PolicyJson.Default.ContributionPolicy);

    /// <summary>Reads a document that anybody may have written.</summary>
    /// <returns>Refused as <c>policy.too_large</c>, <c>policy.invalid</c> or <c>policy.impossible</c>.</returns>
    public static Result<ContributionPolicy> Parse(ReadOnlySpan<byte> json)
    {
        if (json.Length > MaxBytes)
            return new Refusal("policy.too_large", $"The policy has {json.Length} bytes; a policy has at most {MaxBytes}.");
        try
        {
            return JsonSerializer.Deserialize(json, PolicyJson.Default.ContributionPolicy) is not { } policy
                ? new Refusal("policy.invalid", "The policy is null.")
                : policy.Check() is { } refusal ? refusal : policy;
        }
        catch (JsonException e)
        {
            return new Refusal("policy.invalid", $"The policy cannot be read: {e.Message}", "`commonhold dao policy` prints one to start from.");
        }
    }

    /// <summary>Reads a document and holds it against the digest that the registry has.</summary>
    /// <returns>Refused as <see cref="Parse(ReadOnlySpan{byte})"/>, or as <c>policy.digest_mismatch</c>.</returns>
    public static Result<ContributionPolicy> Parse(ReadOnlySpan<byte> json, Bytes32 digest) =>
        DigestOf(json) == digest
            ? Parse(json)
            : new Refusal("policy.digest_mismatch", $"The policy has the digest {DigestOf(json)}; the registry has {digest}.", "Ask another node.");

    /// <summary>Null, or what cannot be meant.</summary>
    private Refusal? Check()
    {
        if (Version != CurrentVersion)
            return Impossible($"Its version is {Version}; this program knows {CurrentVersion}.");
        if (Schema.Length is 0 or > 64)
            return Impossible($"A schema's name has 1 to 64 characters, not {Schema.Length}.");
        if (!Enum.IsDefined(MinimumLevel) || !Weights.IsPossible)
            return Impossible("Weights are 0 to 1000 per mille.");
        if (!Thresholds.IsPossible)
            return Impossible("A threshold lies outside its range.");
        if (Required.Count > MostEntries || Required.Distinct(StringComparer.Ordinal).Count() != Required.Count)
            return Impossible($"Required names {Required.Count} checks, or one twice; at most {MostEntries} are possible.");
        int[] counts = [Sources.Email.Count, Sources.AccountCode.Count, Sources.SignIn.Count, Sources.Download.Count, Sources.OpenId.Count,
            .. Sources.Email.Select(e => e.Keys.Count)];
        if (counts.Any(count => count > MostEntries))
            return Impossible($"A list of sources has more than {MostEntries} entries.");
        if (Texts().FirstOrDefault(text => text.Length is 0 or > LongestText) is { } text)
            return Impossible($"A text has 1 to {LongestText} characters, not {text.Length}.");
        if (Sources.AccountCode.Where(a => a.Format == PageFormat.Json).SelectMany(a => (string[])[a.Account, a.Code])
            .Concat(Sources.SignIn.Select(s => s.AccountField)).FirstOrDefault(p => !p.StartsWith('/')) is { } pointer)
            return Impossible($"'{pointer}' is no JSON pointer: it begins with a stroke.");
        if (!Sources.SignIn.All(s => s.IsPossible))
            return Impossible($"Redirect pages are 1 to {RedirectPage.Most} different addresses like https://commons.example{RedirectPage.Path}, written as a browser shows them; without any, leave them out.");
        if (Sources.OpenId.Any(o => o.Keys is null == o.KeysUrl is null))
            return Impossible("An OpenID issuer has either its keys or the address of its keys.");
        if (!Sources.Email.All(e => e.IsPossible))
            return Impossible($"An e-mail source needs senders, whole subjects, and patterns with one {EmailSource.Placeholder} and something beside it.");
        if (Descriptor is not null && PolicyFormat.Of(this).Refusal is { } undescribed)
            return undescribed;
        return Sources.Email.SelectMany(e => e.Keys).Any(key => key.NotAfter < key.NotBefore) ? Impossible("A key's window ends before it begins.") : null;
    }

    private IEnumerable<string> Texts() =>
    [
        .. Required,
        .. Sources.Email.SelectMany(e => (string[])[e.Platform, e.Domain, .. e.Senders, .. e.Subjects, .. e.Accounts, .. e.Keys.SelectMany(k => (string[])[k.Selector, k.Record, k.Published])]),
        .. Sources.AccountCode.SelectMany(a => (string[])[a.Platform, a.Place, a.Url, a.Account, a.Code, a.Words]),
        .. Sources.SignIn.SelectMany(s => (string[])[s.Platform, s.AuthorizeUrl, s.TokenUrl, s.IdentityUrl, s.ClientId, s.Scope, s.AccountField, .. Given(s.Issuer)]),
        .. Sources.Download.SelectMany(d => (string[])[d.Platform, .. d.Hosts]),
        .. Sources.OpenId.SelectMany(o => (string[])[o.Issuer, o.ClientId, o.LinkedAs, o.AuthorizeUrl, o.TokenUrl, .. Given(o.KeysUrl, o.PublishedSecret)]),
    ];

    private static IEnumerable<string> Given(params string?[] texts) => texts.OfType<string>();

    private static Refusal Impossible(string detail) => new("policy.impossible", detail);
}
