using Commonhold.Validator.State;
using Dapper;
using Microsoft.Data.Sqlite;

namespace Commonhold.Validator.Uniqueness.IdTime;

/// <summary>The curve as this validator knows it: calibrated knots, and what proved accounts brought since.</summary>
/// <remarks>Trust: only proved accounts vote, each once for a stretch of ids (about a day), and a stretch has a knot when five voted:
/// the sample with the middle time, so that fewer than half of the voters cannot move it out of what the others say. Calibrated
/// knots win over the pool. Unproved accounts cost nothing to make, so they could bend the curve against honest members; they
/// do not vote. At most 32 votes of a stretch are kept.</remarks>
internal sealed class IdTimePool : IStateStore
{
    public const int FewestVotes = 5;
    public const int MostVotes = 32;

    public const string Schema =
        """
        CREATE TABLE IF NOT EXISTS id_samples (
            series INTEGER NOT NULL, stretch INTEGER NOT NULL, voter INTEGER NOT NULL, id INTEGER NOT NULL, time INTEGER NOT NULL,
            PRIMARY KEY (series, stretch, voter)) STRICT, WITHOUT ROWID;
        """;

    private readonly SqliteConnection _connection;
    private readonly Dictionary<Stretch, IdSample> _knots = [];
    private readonly HashSet<Stretch> _changed = [];

    public IdTimePool(SqliteConnection connection)
    {
        _connection = connection;
        var stretches = connection.Query<(long Series, long Number)>(
            "SELECT series, stretch FROM id_samples GROUP BY series, stretch HAVING COUNT(*) >= @fewest", new { fewest = FewestVotes });
        foreach (var (series, number) in stretches)
            Refit(new Stretch((IdSeries)series, number));
        Current = Fit();
    }

    /// <summary>May be read on any thread; a newer one takes its place after a commit.</summary>
    public IdTimeCurve Current { get; private set; }

    /// <summary>Takes in the samples of an accepted export of a proved account. Inside a transaction.</summary>
    /// <param name="cluster">The root of the account's cluster: a person votes once.</param>
    public void Add(IEnumerable<IdSample> samples, AccountNumber cluster)
    {
        foreach (var sample in samples)
        {
            var stretch = Stretch.Of(sample);
            var added = _connection.Execute(
                """
                INSERT INTO id_samples (series, stretch, voter, id, time)
                SELECT @series, @stretch, @voter, @id, @time
                WHERE (SELECT COUNT(*) FROM id_samples WHERE series = @series AND stretch = @stretch) < @most
                ON CONFLICT DO NOTHING
                """,
                new
                {
                    series = (int)sample.Series,
                    stretch = stretch.Number,
                    voter = (long)cluster.Value,
                    id = (long)sample.Id,
                    time = sample.UnixSeconds,
                    most = MostVotes,
                });
            if (added > 0)
                _changed.Add(stretch);
        }
    }

    public void OnCommitted()
    {
        var isNew = false;
        foreach (var stretch in _changed)
            isNew |= Refit(stretch);
        _changed.Clear();
        if (isNew)
            Current = Fit();
    }

    public void OnRolledBack() => _changed.Clear();

    /// <returns>Whether the stretch has another knot than before.</returns>
    private bool Refit(Stretch stretch)
    {
        var votes = _connection.Query<(long Id, long Time)>(
            "SELECT id, time FROM id_samples WHERE series = @series AND stretch = @number ORDER BY time, id",
            new { series = (int)stretch.Series, number = stretch.Number }).AsList();
        if (votes.Count < FewestVotes)
            return false;
        var (id, time) = votes[votes.Count / 2];
        var knot = new IdSample(stretch.Series, (ulong)id, time);
        if (_knots.TryGetValue(stretch, out var known) && known == knot)
            return false;
        _knots[stretch] = knot;
        return true;
    }

    private IdTimeCurve Fit() => IdTimeCurve.Of(
    [
        .. IdTimeCurve.Calibrated.Knots,
        .. _knots.Values.Where(k => IdTimeCurve.Calibrated.Place(k.Series, k.Id, DateTimeOffset.FromUnixTimeSeconds(k.UnixSeconds)) == IdPlace.Unknown),
    ]);

    private readonly record struct Stretch(IdSeries Series, long Number)
    {
        // About a day of ids in 2019; later ids come faster, which only makes the stretches shorter.
        public static Stretch Of(IdSample sample) => new(sample.Series, (long)(sample.Id >> (sample.Series == IdSeries.RedditPosts ? 20 : 22)));
    }
}
