using System.Text;
using Commonhold.Exports.Csv;

namespace Commonhold.Exports.Reddit;

/// <summary>Takes the account and its life from the rows of <c>statistics.csv</c>.</summary>
internal sealed class StatisticsFile
{
    private const string Hint = "Pass the export as Reddit sent it.";
    private string? _name;
    private DateTimeOffset? _registered;
    private DateTimeOffset? _exported;

    /// <summary>Rows that cleaning leaves out.</summary>
    public List<DroppedItem> Private { get; } = [];

    /// <summary>Notes a row; true when cleaning keeps it.</summary>
    public bool Take(CsvReader reader, RedditHeader header)
    {
        var name = reader.Value(header.Position(RedditColumn.Statistic));
        var value = reader.Value(header.Position(RedditColumn.Value));
        if (name.SequenceEqual("account name"u8))
        {
            if (_name is not null || !IsAccountName(value))
                throw new ExportRefusedException("export.statistics", "statistics.csv gives no single valid account name.", Hint);
            _name = Encoding.ASCII.GetString(value);
        }
        else if (name.SequenceEqual("registration date"u8))
        {
            _registered = Date(value, "registration date");
        }
        else if (name.SequenceEqual("export time"u8))
        {
            _exported = Date(value, "export time");
        }

        if (name.Length <= 64 && RedditFiles.PublicStatistics.Contains(Encoding.UTF8.GetString(name)))
            return true;
        if (Private.Count < 64)
            Private.Add(new DroppedItem("statistics.csv", Zip.ZipFormat.Show(name).Trim('\''), 1,
                RedditFiles.Definition.PrivateStatistics.GetValueOrDefault(Encoding.UTF8.GetString(name)) ?? "not a row we know"));
        return false;
    }

    public ExportAccount Account()
    {
        if (_name is null || _registered is null || _exported is null)
            throw new ExportRefusedException(
                "export.statistics",
                $"statistics.csv has no {(_name is null ? "account name" : _registered is null ? "registration date" : "export time")}.",
                Hint);
        return new ExportAccount(RedditFormat.Platform, _name, _registered.Value, _exported.Value);
    }

    private static DateTimeOffset Date(ReadOnlySpan<byte> value, string row) =>
        RedditDate.TryParse(value, out var date)
            ? date
            : throw new ExportRefusedException("export.date", $"The {row} in statistics.csv is no date: {Zip.ZipFormat.Show(value)}.", Hint);

    private static bool IsAccountName(ReadOnlySpan<byte> name)
    {
        if (name.Length is 0 or > 32)
            return false;
        foreach (var b in name)
        {
            if (!char.IsAsciiLetterOrDigit((char)b) && b is not ((byte)'_' or (byte)'-'))
                return false;
        }

        return true;
    }
}
