using Commonhold.Server.Storage;

namespace Commonhold.Server.Contributions;

/// <summary>How big the dataset is and how it grew. The one place that says what counts: a contribution that stands in a batch and was not
/// withdrawn; and a member is who has at least one such contribution.</summary>
internal sealed class DatasetLedger(Database database)
{
    /// <summary>SQL: the leaves <c>l</c> that are in the dataset. Whoever counts contributions or members for people counts these.</summary>
    public const string Leaves = "leaves l WHERE NOT EXISTS (SELECT 1 FROM withdrawals w WHERE w.batch_id = l.batch_id AND w.leaf_index = l.leaf_index)";

    private const int MostWeeks = 104;
    private const long Week = 7 * 86_400;

    // The epoch was a Thursday.
    private const long ToMonday = 3 * 86_400;

    public async Task<DatasetSize> SizeAsync(CancellationToken cancellationToken) => (await database.FindAsync<DatasetSize>($"""
        SELECT COUNT(*) AS Contributions, COALESCE(SUM(l.size), 0) AS Bytes, COUNT(DISTINCT l.owner) AS Members,
               (SELECT COUNT(*) FROM batches) AS Batches, (SELECT COUNT(*) FROM withdrawals) AS Withdrawn,
               (SELECT MIN(committed_at) FROM batches) AS FirstAt, (SELECT MAX(committed_at) FROM batches) AS LastAt
        FROM {Leaves}
        """, null, cancellationToken))!;

    /// <summary>What is in the dataset now by the week in which it was committed, added up; the last row equals <see cref="SizeAsync"/>.
    /// Only weeks that brought something, and the newest of them, since a chart holds no more.</summary>
    public async Task<IReadOnlyList<WeekOfGrowth>> GrowthAsync(CancellationToken cancellationToken)
    {
        var inWeeks = $"SELECT l.owner AS Owner, l.size AS Size, (SELECT (b.committed_at + {ToMonday}) / {Week} FROM batches b WHERE b.batch_id = l.batch_id) AS Week FROM {Leaves}";
        var weeks = await database.QueryAsync<WeekRow>(
            $"SELECT i.Week AS Week, COUNT(*) AS Contributions, SUM(i.Size) AS Bytes FROM ({inWeeks}) i GROUP BY i.Week ORDER BY i.Week", null, cancellationToken);
        var joined = (await database.QueryAsync<WeekRow>(
            $"SELECT f.Week AS Week, COUNT(*) AS Members FROM (SELECT i.Owner AS Owner, MIN(i.Week) AS Week FROM ({inWeeks}) i GROUP BY i.Owner) f GROUP BY f.Week",
            null, cancellationToken)).ToDictionary(w => w.Week, w => w.Members);
        var (contributions, bytes, members) = (0L, 0L, 0L);
        var growth = new List<WeekOfGrowth>(weeks.Count);
        foreach (var week in weeks)
        {
            (contributions, bytes, members) = (contributions + week.Contributions, bytes + week.Bytes, members + joined.GetValueOrDefault(week.Week));
            growth.Add(new WeekOfGrowth((week.Week * Week) - ToMonday, week.Contributions, contributions, bytes, members));
        }

        return [.. growth.TakeLast(MostWeeks)];
    }

    private sealed record WeekRow
    {
        public long Week { get; init; }
        public long Contributions { get; init; }
        public long Bytes { get; init; }
        public long Members { get; init; }
    }
}

/// <summary>What can be opened, without what was withdrawn.</summary>
internal sealed record DatasetSize
{
    public long Contributions { get; init; }
    public long Bytes { get; init; }
    public long Members { get; init; }
    public long Batches { get; init; }
    public long Withdrawn { get; init; }
    public long? FirstAt { get; init; }
    public long? LastAt { get; init; }
}

/// <param name="StartsAt">Monday, 00:00 UTC; Unix seconds.</param>
/// <param name="Contributions">All until the week's end.</param>
internal sealed record WeekOfGrowth(long StartsAt, long NewContributions, long Contributions, long Bytes, long Members);
