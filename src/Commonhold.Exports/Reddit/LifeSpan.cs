namespace Commonhold.Exports.Reddit;

/// <summary>Holds every dated row against the account's life: registration ≤ date ≤ export, give or take the skew.</summary>
internal sealed class LifeSpan(DateTimeOffset registeredAt, DateTimeOffset exportedAt, ExportLimits limits)
{
    private readonly DateTimeOffset _first = registeredAt - limits.DateSkew;
    private readonly DateTimeOffset _last = exportedAt + limits.DateSkew;
    private long _checked;
    private string? _failure = registeredAt > exportedAt
        ? $"The account was registered {registeredAt:u}, after its export of {exportedAt:u}."
        : exportedAt - limits.DateSkew > limits.Now
        ? $"The export is dated {exportedAt:u}, which is to come."
        : null;

    public void Take(string file, long row, DateTimeOffset date)
    {
        _checked++;
        if (date < _first || date > _last)
            _failure ??= $"{file}, row {row:N0} is dated {date:u}, outside {registeredAt:u} to {exportedAt:u}.";
    }

    public StructureCheck Conclude() => _failure is null
        ? new StructureCheck("dates", CheckOutcome.Passed, $"{_checked:N0} dates lie between registration and export.")
        : new StructureCheck("dates", CheckOutcome.Failed, _failure, new ExportRefusal(
            "export.date_out_of_life", _failure, "Download the export from Reddit again and pass it unopened."));
}
