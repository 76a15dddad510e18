namespace Commonhold.Exports.Tables.Transforms;

/// <summary>Turns a source's value into a table's; false when it is no such value.</summary>
/// <param name="result">Stands in <paramref name="value"/>, in <paramref name="room"/>, or is a constant.</param>
internal delegate bool Transform(ReadOnlySpan<byte> value, TransformRoom room, out ReadOnlySpan<byte> result);

/// <summary>The closed list of transforms, by the names that definitions use.</summary>
internal static class TransformList
{
    private static readonly Dictionary<string, Transform> ByName = new(StringComparer.Ordinal)
    {
        ["trim"] = TextTransforms.Trim,
        ["lower"] = TextTransforms.Lower,
        ["tag"] = TextTransforms.Tag,
        ["device"] = DeviceClass.Of,
        ["last-segment"] = TextTransforms.LastSegment,
        ["before-colon"] = TextTransforms.BeforeColon,
        ["join-parts"] = TextTransforms.JoinParts,
        ["json"] = TextTransforms.Json,
        ["integer"] = NumberTransforms.Integer,
        ["number"] = NumberTransforms.Number,
        ["boolean"] = NumberTransforms.Boolean,
        ["duration-seconds"] = NumberTransforms.DurationSeconds,
        ["datetime"] = TimeTransforms.DateTime,
        ["unix-seconds"] = TimeTransforms.UnixSeconds,
        ["unix-milliseconds"] = TimeTransforms.UnixMilliseconds,
        ["unix-microseconds"] = TimeTransforms.UnixMicroseconds,
        ["webkit-microseconds"] = TimeTransforms.WebKitMicroseconds,
        ["x-datetime"] = TimeTransforms.XDateTime,
        ["date-mdy"] = TimeTransforms.MonthDayYear,
        ["date-dmy"] = TimeTransforms.DayMonthYear,
        ["url"] = UrlText.Clean,
        ["domain"] = UrlText.Domain,
    };

    public static IReadOnlyCollection<string> Names => ByName.Keys;

    public static Transform? Find(string name) => ByName.GetValueOrDefault(name);
}

/// <summary>Two rooms that transforms in a row use in turn, so that one can read what the other wrote.</summary>
internal sealed class TransformRoom
{
    private readonly byte[][] _rooms = [new byte[256], new byte[256]];
    private int _current;

    public Cells.CellScratch Cells { get; } = new();

    /// <summary>At least so many bytes, in which the last result does not stand.</summary>
    public Span<byte> Take(int bytes)
    {
        _current ^= 1;
        if (_rooms[_current].Length < bytes)
            _rooms[_current] = new byte[Math.Max(bytes, _rooms[_current].Length * 2)];
        return _rooms[_current];
    }
}
