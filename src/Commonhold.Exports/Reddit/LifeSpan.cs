namespace Commonhold.Exports.Reddit;

/// <summary>Holds every dated row against the account's life: registration ≤ date ≤ export, give or take the skew.</summary>
internal sealed class LifeSpan(ExportAccount account, TimeSpan skew)
{
    private readonly DateTimeOffset _first = account.RegisteredAt - skew;
    private readonly DateTimeOffset _last = account.ExportedAt + skew;
    private long _checked;
    private string? _failure = account.RegisteredAt > account.ExportedAt
        ? $"The account was registered {account.RegisteredAt:u}, after its export of {account.ExportedAt:u}."
        : null;

    public void Take(string file, long row, DateTimeOffset date)
    {
        _checked++;
        if (date < _first || date > _last)
            _failure ??= $"{file}, row {row:N0} is dated {date:u}, outside {account.RegisteredAt:u} to {account.ExportedAt:u}.";
    }

    public StructureCheck Conclude() => _failure is null
        ? new StructureCheck("dates", CheckOutcome.Passed, $"{_checked:N0} dates lie between registration and export.")
        : new StructureCheck("dates", CheckOutcome.Failed, _failure, new ExportRefusal(
            "export.date_out_of_life", _failure, "Download the export from Reddit again and pass it unopened."));
}
