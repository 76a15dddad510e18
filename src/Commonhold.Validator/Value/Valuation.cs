using Commonhold.Client;

namespace Commonhold.Validator.Value;

/// <summary>What a cell gained by this export.</summary>
internal sealed record CellGain(CellName Cell, int NewRows, long Points);

/// <summary>What an export earns, and why.</summary>
/// <param name="Earned">For this export: V(old ∪ new) less what was paid; 0 when it brings nothing new.</param>
/// <param name="Total">Of the account so far, this export included.</param>
/// <param name="Rows">Valued rows in the export.</param>
/// <param name="NewRows">Of those, how many the account had not contributed before.</param>
/// <param name="Contradictions">Rows that stood in another community or quarter before.</param>
/// <param name="Kinds">By kind of file, most points first: fit for the report.</param>
/// <param name="Cells">The cells that gained most, with their communities: for the member's eyes only.</param>
internal sealed record Valuation(
    Points Earned,
    Points Total,
    int Rows,
    int NewRows,
    int Contradictions,
    IReadOnlyList<ValuePart> Kinds,
    IReadOnlyList<CellGain> Cells)
{
    public const int TopCells = 10;

    /// <summary>Why the export cannot be taken on top of the earlier ones; null when it can.</summary>
    public Refusal? Refusal =>
        Contradictions > 0
            ? new Refusal(
                "contribution.contradiction",
                $"{Contradictions:N0} rows stand in another community or quarter than before.",
                "Contribute the export as Reddit sent it.")
        : NewRows == 0 && Earned == Points.Zero
            ? new Refusal(
                "contribution.nothing_new",
                $"All {Rows:N0} rows were contributed before.",
                "Ask Reddit for a newer export; only what is new earns points.")
        : null;
}
