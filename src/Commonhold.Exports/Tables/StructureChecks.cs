using Commonhold.Exports.Tables.Definitions;

namespace Commonhold.Exports.Tables;

/// <summary>What can be told from the rows alone: dates within the account's life, and ids that hold their own time.</summary>
internal sealed class StructureChecks(FormatDefinition format, ExportAccount account, ExportLimits limits)
{
    private readonly long _first = account.RegisteredAt is { } start ? (start - limits.DateSkew).UtcTicks : long.MinValue;
    private readonly long _last = (Earlier(account.ExportedAt, limits.Now) + limits.DateSkew)?.UtcTicks ?? long.MaxValue;
    private long _dates;
    private long _ids;
    private long _mismatches;
    private string? _dateFault = account.ExportedAt - limits.DateSkew > limits.Now
        ? $"The export is dated {account.ExportedAt:u}, which is to come."
        : null;

    private string? _idFault;

    public void Take(RowBuffer row, string file, long number)
    {
        var table = row.Table;
        if (table.Time < 0 || row[table.Time].IsEmpty)
            return;
        var ticks = row.Ticks(table.Time);
        _dates++;
        if (ticks < _first || ticks > _last)
            _dateFault ??= $"{file}, row {number:N0} is dated {new DateTime(ticks, DateTimeKind.Utc):u}, outside the account's life or to come.";
        if (table.IdTime is not { } rule || rule.Agrees(row[rule.Field], ticks) is not { } agrees)
            return;
        _ids++;
        if (agrees)
            return;
        _mismatches++;
        if (rule.Refuses)
            _idFault ??= $"{file}, row {number:N0} is dated {new DateTime(ticks, DateTimeKind.Utc):u}, which is not the time in its id.";
    }

    public IReadOnlyList<StructureCheck> Conclude() =>
        [Dates(), .. format.Tables.Any(t => t.IdTime is not null) ? [Ids()] : (StructureCheck[])[]];

    private StructureCheck Dates()
    {
        if (_dateFault is not null)
            return new StructureCheck("dates", CheckOutcome.Failed, _dateFault, new ExportRefusal(
                "export.date_out_of_life", _dateFault, "Pass the export as you received it."));
        return account.RegisteredAt is null && account.ExportedAt is null
            ? new StructureCheck("dates", CheckOutcome.NotChecked, limits.Now is null
                ? "The export does not say when the account began or when it was exported."
                : "No date is to come; the export does not say when the account began or when it was exported.")
            : new StructureCheck("dates", CheckOutcome.Passed, $"{_dates:N0} dates lie within the account's life.");
    }

    private static DateTimeOffset? Earlier(DateTimeOffset? one, DateTimeOffset? other) => one < other || other is null ? one : other;

    private StructureCheck Ids()
    {
        if (_idFault is not null)
            return new StructureCheck("id_time", CheckOutcome.Failed, _idFault, new ExportRefusal(
                "export.id_time", _idFault, "Pass the export as you received it."));
        return _ids == 0
            ? new StructureCheck("id_time", CheckOutcome.NotChecked, "No id holds its own time.")
            : new StructureCheck("id_time", CheckOutcome.Passed, $"{_ids - _mismatches:N0} of {_ids:N0} ids that hold a time hold their row's.");
    }
}
