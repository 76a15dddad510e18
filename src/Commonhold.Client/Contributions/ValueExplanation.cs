using System.Text.Json;
using Commonhold.Age;
using Commonhold.Ethereum;

namespace Commonhold.Client;

/// <summary>What every cell of a contribution earned, with the names of its communities: for the member alone.</summary>
/// <remarks>Travels as an age file to the recipient that the member put into the ticket; its digest stands in the signed report, so a node
/// that carries it can neither read nor change it.</remarks>
/// <param name="PaidBefore">What the account's cluster had been paid.</param>
/// <param name="WeightPermille">What the policy pays for the evidence level.</param>
/// <param name="Cells">Most points first.</param>
/// <param name="OtherCells">How many more cells there were, which together earned <paramref name="OtherPoints"/>.</param>
public sealed record ValueExplanation(
    int Version,
    Bytes32 CiphertextDigest,
    Points Points,
    Points PaidBefore,
    EvidenceLevel Level,
    ushort WeightPermille,
    IReadOnlyList<ExplainedCell> Cells,
    uint OtherCells,
    Points OtherPoints)
{
    public const int CurrentVersion = 1;

    /// <summary>Bytes of the age file.</summary>
    public const int MaxBytes = 256 * 1024;

    /// <summary>So many cells fit whatever their names.</summary>
    public const int MaxCells = 400;

    public byte[] Seal(X25519Recipient member) => AgeFile.Seal(JsonSerializer.SerializeToUtf8Bytes(this, WireJson.Default.ValueExplanation), member);

    /// <summary>Opens an explanation and holds it against the report.</summary>
    /// <returns>Refused as <c>explanation.digest_mismatch</c>, <c>explanation.unreadable</c> or <c>explanation.invalid</c>.</returns>
    public static Result<ValueExplanation> Open(ReadOnlySpan<byte> file, Report report, X25519Identity member)
    {
        if (file.Length > MaxBytes || Report.DigestOf(file) != report.ExplanationDigest)
            return new Refusal("explanation.digest_mismatch", "The explanation is not the one that the validator signed for.", "Ask another node.");
        try
        {
            using SecretBytes json = AgeFile.Open(file, member);
            return JsonSerializer.Deserialize(json.Span, WireJson.Default.ValueExplanation) is { Version: CurrentVersion } read && read.CiphertextDigest == report.CiphertextDigest
                ? read
                : new Refusal("explanation.invalid", "The explanation is of another version or another file.", "Update this program.");
        }
        catch (AgeException e)
        {
            return new Refusal("explanation.unreadable", $"The explanation cannot be opened: {e.Message}", "Use the key that contributed.");
        }
        catch (JsonException)
        {
            return new Refusal("explanation.invalid", "The explanation does not hold the JSON of an explanation.", "Tell the validator's operator.");
        }
    }
}

/// <summary>One cell: so many rows of one kind, in one place, in one quarter.</summary>
/// <param name="Kind">Of row: <c>comment</c>.</param>
/// <param name="Place">Community, domain or artist; empty when the kind has none.</param>
/// <param name="Quarter"><c>2019-Q1</c>; empty when the kind has no dates.</param>
/// <param name="Rows">In this export.</param>
/// <param name="NewRows">Of those, the rows that were not contributed before.</param>
/// <param name="Points">What they earned, before rounding and limits of the whole.</param>
public sealed record ExplainedCell(string Kind, string Place, string Quarter, ulong Rows, ulong NewRows, Points Points);
