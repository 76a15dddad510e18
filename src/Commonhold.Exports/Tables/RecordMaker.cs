using System.Buffers.Text;
using Commonhold.Exports.Tables.Definitions;
using Commonhold.Exports.Tables.Transforms;

namespace Commonhold.Exports.Tables;

/// <summary>Makes the record of a row as validators see it: key, place, time, quality, text.</summary>
internal sealed class RecordMaker(ExportLimits limits)
{
    private const int MaxPlaceBytes = 256;
    private readonly RowKey _key = new();
    private byte[] _text = new byte[4096];

    public PlaceTable Places { get; } = new(limits.MaxPlaces, MaxPlaceBytes);

    public int PlaceOf(RowBuffer row)
    {
        if (row.Table.Place is not { } rule)
            return 0;
        var value = row[rule.Field];
        if (rule.IsDomain && !UrlText.TryHost(value, out value))
            return 0;

        // A place of which the name is too long is told by its beginning, cut between characters.
        if (value.Length > MaxPlaceBytes)
        {
            var cut = MaxPlaceBytes;
            while ((value[cut] & 0xC0) == 0x80)
                cut--;
            value = value[..cut];
        }

        return Places.Find(value);
    }

    public static DateTimeOffset? TimeOf(RowBuffer row) =>
        row.Table.Time is >= 0 and var at && !row[at].IsEmpty ? new DateTimeOffset(row.Ticks(at), TimeSpan.Zero) : null;

    public ExportRecord Make(RowBuffer row, int place, DateTimeOffset? time)
    {
        var table = row.Table;
        return new ExportRecord
        {
            Kind = table.Kind,
            Key = _key.Of(row),
            Place = place == 0 ? [] : Places[place],
            PlaceId = place,
            Time = time,
            Quality = QualityOf(row),
            Text = Joined(row, table.Text),
            IdNumber = table.IdNumber >= 0 && Utf8Parser.TryParse(row[table.IdNumber], out ulong id, out var used) && used == row[table.IdNumber].Length ? id : null,
        };
    }

    private byte QualityOf(RowBuffer row)
    {
        var rule = row.Table.Quality;
        foreach (var condition in rule.ZeroIf)
        {
            if (condition.Holds(row[condition.Field]))
                return 0;
        }

        return rule.Text.Count == 0 ? rule.Flat : (byte)Math.Min(byte.MaxValue, rule.Flat + TextQuality.Of(Joined(row, rule.Text)));
    }

    // Fields that belong together, one a line.
    private ReadOnlySpan<byte> Joined(RowBuffer row, IReadOnlyList<int> fields)
    {
        if (fields.Count == 0)
            return [];
        if (fields.Count == 1)
            return row[fields[0]];
        if (_text.Length < row.Length + fields.Count)
            _text = new byte[Math.Max(_text.Length * 2, row.Length + fields.Count)];
        var length = 0;
        foreach (var field in fields)
        {
            if (length > 0)
                _text[length++] = (byte)'\n';
            row[field].CopyTo(_text.AsSpan(length));
            length += row[field].Length;
        }

        return _text.AsSpan(0, length);
    }
}
