using System.Buffers.Text;
using System.Globalization;

namespace Commonhold.Exports.Tables.Definitions;

/// <summary>Ids that hold the time at which they were given: whoever makes up a row must make up both alike.</summary>
internal sealed record IdTimeRule(int Field, bool IsSnowflake, int WithinSeconds, bool Refuses)
{
    // The first id of X that holds its time, of 2010-11-04; earlier ones were counted up.
    private const ulong FirstSnowflake = 29_700_859_247;
    private const long SnowflakeEpochMilliseconds = 1_288_834_974_657;

    public static IdTimeRule Read(Node node, Func<Node, int> placeOf)
    {
        node.Only("field", "as", "within", "onMismatch");
        return new IdTimeRule(
            placeOf(node.Get("field")),
            node.Get("as").OneOf("x-snowflake", "uuid-seconds") == "x-snowflake",
            (int)(node.Find("within")?.Number(0, 86400) ?? 1),
            node.Find("onMismatch")?.OneOf("refuse", "flag") != "flag");
    }

    /// <summary>Null when the id holds no time; else whether it is the row's, to the seconds that are allowed.</summary>
    public bool? Agrees(ReadOnlySpan<byte> id, long ticks)
    {
        long milliseconds;
        if (IsSnowflake)
        {
            if (!Utf8Parser.TryParse(id, out ulong number, out var used) || used != id.Length || number < FirstSnowflake)
                return null;
            milliseconds = (long)(number >> 22) + SnowflakeEpochMilliseconds;
        }
        else
        {
            // A UUID of version 8, whose layout is its maker's own; others are random.
            if (id.Length != 36 || id[14] != '8' || !uint.TryParse(id[..8], NumberStyles.AllowHexSpecifier, CultureInfo.InvariantCulture, out var seconds))
                return null;
            milliseconds = seconds * 1000L;
        }

        // Rows tell whole seconds, ids milliseconds.
        var row = (ticks - DateTime.UnixEpoch.Ticks) / TimeSpan.TicksPerSecond;
        return Math.Abs(row - (long)Math.Floor(milliseconds / 1000.0)) <= WithinSeconds;
    }
}
