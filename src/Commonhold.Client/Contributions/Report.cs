using System.Security.Cryptography;
using System.Text.Json;
using System.Text.Json.Serialization;
using Commonhold.Ethereum;

namespace Commonhold.Client;

/// <summary>Why a verdict is what it is: four results with their reasons, and every check by name. Holds no content of the file.</summary>
/// <param name="Refusal">Set when the contribution was refused.</param>
/// <param name="PolicyDigest">The policy that it was judged by.</param>
/// <param name="Level">The evidence level that proofs reached.</param>
/// <param name="PaidBefore">What the account had been paid for, in points, when this was decided, whoever paid it.</param>
/// <param name="Findings">The four results.</param>
/// <param name="Checks">The single checks below them, in the order in which they were made.</param>
/// <param name="Value">Points by kind of row.</param>
/// <param name="ExplanationDigest">SHA-256 of the sealed <see cref="ValueExplanation"/>; zero when the member asked for none.</param>
public sealed record Report(
    int Version,
    Bytes32 CiphertextDigest,
    Address Validator,
    ulong Time,
    bool Accepted,
    Points Points,
    [property: JsonIgnore(Condition = JsonIgnoreCondition.Never)] Refusal? Refusal,
    Bytes32 PolicyDigest,
    EvidenceLevel Level,
    Points PaidBefore,
    Findings Findings,
    IReadOnlyList<CheckResult> Checks,
    IReadOnlyList<ValuePart> Value,
    Bytes32 ExplanationDigest)
{
    public const int CurrentVersion = 2;

    public static Bytes32 DigestOf(ReadOnlySpan<byte> json) => Bytes32.FromSpan(SHA256.HashData(json));

    public byte[] ToJsonBytes() => JsonSerializer.SerializeToUtf8Bytes(this, WireJson.Default.Report);

    /// <summary>Reads a report that somebody else wrote; hold its digest against the signed verdict first.</summary>
    /// <returns>Refused as <c>report.invalid</c>.</returns>
    public static Result<Report> Parse(ReadOnlySpan<byte> json)
    {
        try
        {
            return JsonSerializer.Deserialize(json, WireJson.Default.Report) is { Version: CurrentVersion } report
                ? report
                : new Refusal("report.invalid", $"The report is not of version {CurrentVersion}.", "Update this program.");
        }
        catch (JsonException e)
        {
            return new Refusal("report.invalid", $"The report cannot be read: {e.Message}");
        }
    }
}

/// <summary>The four results of a verdict.</summary>
/// <param name="Ownership">Is it the contributor's own account?</param>
/// <param name="Authenticity">Is it what the platform exported?</param>
/// <param name="Uniqueness">Was it not contributed before, by anybody?</param>
/// <param name="Quality">Is there something in it that is worth paying for?</param>
public sealed record Findings(Finding Ownership, Finding Authenticity, Finding Uniqueness, Finding Quality)
{
    public const string OwnershipName = "ownership";
    public const string AuthenticityName = "authenticity";
    public const string UniquenessName = "uniqueness";
    public const string QualityName = "quality";

    /// <summary>A file that was refused before any of the four could be looked at.</summary>
    public static Findings NotChecked(string reason) =>
        new(Finding.NotChecked(reason), Finding.NotChecked(reason), Finding.NotChecked(reason), Finding.NotChecked(reason));

    /// <summary>By name, in the order in which people ask.</summary>
    [JsonIgnore]
    public IReadOnlyList<(string Name, Finding Finding)> Named =>
        [(OwnershipName, Ownership), (AuthenticityName, Authenticity), (UniquenessName, Uniqueness), (QualityName, Quality)];
}

/// <summary>One of the four results, in words for a member.</summary>
/// <param name="Reason">Why, in one sentence or two.</param>
/// <param name="Proves">What follows from it.</param>
/// <param name="DoesNotProve">What does not follow from it, though one might think so.</param>
/// <param name="Evidence">Figures, never content.</param>
public sealed record Finding(
    CheckOutcome Outcome, string Reason, string Proves, string DoesNotProve, IReadOnlyDictionary<string, string>? Evidence = null)
{
    public static Finding NotChecked(string reason) => new(CheckOutcome.NotChecked, reason, "Nothing.", "Anything: it was not checked.");
}

/// <summary>One named check: <c>passed</c>, <c>failed</c> or <c>not_checked</c>, with the reason and figures, never content.</summary>
public sealed record CheckResult(string Name, CheckOutcome Outcome, string Reason, IReadOnlyDictionary<string, string>? Evidence = null);

public enum CheckOutcome
{
    Passed,
    Failed,
    NotChecked,
}

/// <summary>What one part of the file added to the points, and over how many rows.</summary>
public sealed record ValuePart(string Name, ulong Rows, ulong NewRows, Points Points);
