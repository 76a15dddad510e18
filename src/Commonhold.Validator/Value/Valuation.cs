using Commonhold.Client;
using Commonhold.Ethereum;
using Commonhold.Validator.State;

namespace Commonhold.Validator.Value;

/// <summary>What an export earns, and why.</summary>
/// <param name="Earned">For this export; 0 when it brings nothing new.</param>
/// <param name="PaidBefore">What the account's cluster had been paid.</param>
/// <param name="Level">The evidence that came with it.</param>
/// <param name="WeightPermille">What the policy pays for that evidence.</param>
/// <param name="Rows">Valued rows in the export.</param>
/// <param name="NewRows">Of those, how many the cluster had not contributed before.</param>
/// <param name="Contradictions">Rows that stood in another community or quarter before.</param>
/// <param name="Kinds">By kind of record, most points first: fit for the report. They add up to what was earned, before limits and
/// re-weighting; for an account that proved itself just now, before what the pool had paid it is taken off.</param>
/// <param name="Gains">The cells that gained most, with their places, and the rest in one sum: for the member's eyes only.</param>
internal sealed record Valuation(
    Points Earned,
    Points PaidBefore,
    EvidenceLevel Level,
    ushort WeightPermille,
    int Rows,
    int NewRows,
    int Contradictions,
    IReadOnlyList<ValuePart> Kinds,
    CellGains Gains)
{
    /// <summary>Of the cluster so far, this export included.</summary>
    public Points Total => PaidBefore + Earned;

    /// <summary>What <see cref="ValueBook.Accept"/> writes: the ledger, the one that goes up in it, and the pool's cells.</summary>
    internal required ValueLedger Next { get; init; }

    internal AccountNumber? Closes { get; init; }

    internal IReadOnlyDictionary<ulong, long> PoolChanges { get; init; } = new Dictionary<ulong, long>();

    /// <summary>Why the export cannot be taken on top of the earlier ones; null when it can.</summary>
    public Refusal? Refusal =>
        Contradictions > 0
            ? new Refusal(
                "contribution.contradiction",
                $"{Contradictions:N0} rows stand in another community or quarter than before.",
                "Contribute the export as the provider sent it.")
        : NewRows == 0 && Earned == Points.Zero
            ? new Refusal(
                "contribution.nothing_new",
                $"All {Rows:N0} rows were contributed before.",
                "Ask the provider for a newer export; only what is new earns points.")
        : null;

    /// <summary>What the member is told, sealed, and nobody else.</summary>
    public ValueExplanation Explain(Bytes32 ciphertextDigest) => new(
        ValueExplanation.CurrentVersion, ciphertextDigest, Earned, PaidBefore, Level, WeightPermille, Gains.Top, Gains.OtherCells, Gains.OtherPoints);
}

/// <param name="OtherCells">Cells that gained and are not among <paramref name="Top"/>.</param>
/// <param name="OtherPoints">Theirs, and what rounding each cell down left over.</param>
internal sealed record CellGains(IReadOnlyList<ExplainedCell> Top, uint OtherCells, Points OtherPoints);
