using System.Text.Json;
using System.Text.Json.Serialization;
using Commonhold.Client;

namespace Commonhold.Validator.Ownership.Online;

/// <summary>What the operator lets this validator go out for; without it a validator goes nowhere but to its node.</summary>
/// <param name="Hosts">Authorities (<c>host</c>, or <c>host:port</c> when the port is not 443). Only what the dataset's policy names as well is asked.</param>
/// <param name="Loopback">Authorities that may be asked without TLS and must be on this machine: for trials.</param>
/// <param name="ClientSecrets">By OAuth client id, for providers that give one that is really kept.</param>
/// <param name="RequestsPerMinute">To one host.</param>
/// <param name="MaxDownloadBytes">Of an export that a link leads to; it is held in memory.</param>
/// <param name="PatienceSeconds">How long a contribution waits for a host that does not answer, before that proof counts as not made.</param>
/// <param name="Contact">Goes into the <c>User-Agent</c>: where a provider can complain.</param>
internal sealed record EvidenceOptions(
    IReadOnlyList<string> Hosts,
    IReadOnlyList<string>? Loopback = null,
    IReadOnlyDictionary<string, string>? ClientSecrets = null,
    int RequestsPerMinute = 30,
    long MaxDownloadBytes = 256L * 1024 * 1024,
    int PatienceSeconds = 600,
    string? Contact = null)
{
    /// <summary>Goes nowhere.</summary>
    public static EvidenceOptions Off { get; } = new([]);

    /// <exception cref="CommonholdException">The file cannot be read, or says what it cannot mean (<c>evidence.options_invalid</c>).</exception>
    public static EvidenceOptions Load(string path)
    {
        try
        {
            using FileStream file = File.OpenRead(path);
            return JsonSerializer.Deserialize(file, EvidenceOptionsJson.Default.EvidenceOptions) is { } options && options.Problem() is var problem
                ? problem is null ? options : throw Invalid(path, problem)
                : throw Invalid(path, "it is null");
        }
        catch (JsonException e)
        {
            throw Invalid(path, e.Message);
        }
    }

    public FetchOptions ToFetchOptions() => new()
    {
        Loopback = Loopback ?? [],
        RequestsPerMinute = RequestsPerMinute,
        UserAgent = Contact is null ? "commonhold-validator/1" : $"commonhold-validator/1 ({Contact})",
    };

    /// <summary>Of the hosts that the policy names those that the operator names too.</summary>
    public IReadOnlyList<string> Allowed(params IEnumerable<string> namedByPolicy) => [.. namedByPolicy.Where(Hosts.Contains)];

    private string? Problem() =>
        Hosts.Concat(Loopback ?? []).FirstOrDefault(host => FetchUrl.AuthorityOf($"https://{host}/") != host) is { } host ? $"'{host}' is no host, or has capitals"
        : (Loopback ?? []).FirstOrDefault(h => !Hosts.Contains(h)) is { } loopback ? $"'{loopback}' is not among the hosts"
        : RequestsPerMinute is < 1 or > 60_000 ? "requestsPerMinute is 1 to 60000"
        : MaxDownloadBytes is < 1 or > 1L << 30 ? "maxDownloadBytes is at most 1 GiB"
        : PatienceSeconds is < 0 or > 7 * 86_400 ? "patienceSeconds is at most a week"
        : Contact?.Any(c => c is < ' ' or > '~' or '(' or ')' or '\\') == true ? "contact is plain ASCII without brackets"
        : null;

    private static CommonholdException Invalid(string path, string problem) =>
        new(new Refusal("evidence.options_invalid", $"{path} does not say what evidence to go out for: {problem}.", "docs/evidence.md shows such a file."));

    /// <remarks>Not the record's own: it would print the secrets.</remarks>
    public override string ToString() => $"EvidenceOptions({string.Join(", ", Hosts)})";
}

[JsonSourceGenerationOptions(
    JsonSerializerDefaults.Web,
    AllowDuplicateProperties = false,
    PropertyNameCaseInsensitive = false,
    ReadCommentHandling = JsonCommentHandling.Skip,
    RespectNullableAnnotations = true,
    RespectRequiredConstructorParameters = true,
    UnmappedMemberHandling = JsonUnmappedMemberHandling.Disallow)]
[JsonSerializable(typeof(EvidenceOptions))]
internal sealed partial class EvidenceOptionsJson : JsonSerializerContext;
