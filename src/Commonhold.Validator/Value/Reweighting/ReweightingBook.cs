using System.Globalization;
using System.Runtime.InteropServices;
using System.Security.Cryptography;
using System.Text;
using Commonhold.Validator.State;
using Dapper;
using Microsoft.Data.Sqlite;

namespace Commonhold.Validator.Value.Reweighting;

/// <summary>Keeps the vectors of texts and the multipliers that follow from them, where the policy turned re-weighting on.</summary>
/// <remarks>
/// Off, nothing is kept here at all. On, up to sixteen vectors of each accepted export stay: no text, but whoever holds this state and a
/// text can tell whether it is among them; docs/threat-model.md says so. A vote that turns it off empties the table (<see cref="Forget"/>).
/// Multipliers change what later contributions are paid, never what was paid.
/// </remarks>
internal sealed class ReweightingBook(SqliteConnection connection)
{
    /// <summary>Texts that take part in a week at most, lowest row keys first: about ten seconds of work.</summary>
    public const int MostTexts = 25_000;

    public const string Schema =
        """
        CREATE TABLE IF NOT EXISTS texts_kept (row INTEGER PRIMARY KEY, account INTEGER NOT NULL, label INTEGER NOT NULL, vector BLOB NOT NULL) STRICT;
        CREATE TABLE IF NOT EXISTS multipliers (cluster INTEGER PRIMARY KEY, permille INTEGER NOT NULL) STRICT;
        CREATE TABLE IF NOT EXISTS reweightings (week TEXT PRIMARY KEY) STRICT;
        """;

    private const string Unproved = "unproved";

    /// <summary>The week of the last re-weighting; null before the first.</summary>
    public string? LastWeek => connection.ExecuteScalar<string?>("SELECT week FROM reweightings");

    public bool HasAnything => LastWeek is not null || connection.ExecuteScalar<long>("SELECT EXISTS (SELECT 1 FROM texts_kept)") != 0;

    /// <summary>Keeps the sample of an accepted export. Inside a transaction.</summary>
    public void Keep(AccountNumber account, IEnumerable<KeptText> texts)
    {
        foreach (var text in texts)
        {
            connection.Execute(
                "INSERT INTO texts_kept (row, account, label, vector) VALUES (@row, @account, @label, @vector) ON CONFLICT DO NOTHING",
                new { row = (long)text.Row, account = (long)account.Value, label = (long)text.Label, vector = MemoryMarshal.AsBytes(text.Vector.AsSpan()).ToArray() });
        }
    }

    /// <summary>Per mille of later contributions: of a proved cluster's root, or of everybody without a proof.</summary>
    public int MultiplierOf(AccountNumber root, bool isProved) => (int)(connection.ExecuteScalar<long?>(
        "SELECT permille FROM multipliers WHERE cluster = @cluster", new { cluster = isProved ? (long)root.Value : 0L }) ?? 1000);

    /// <summary>Re-weighting was turned off: nothing of it stays. Inside a transaction.</summary>
    public void Forget() => connection.Execute("DELETE FROM texts_kept; DELETE FROM multipliers; DELETE FROM reweightings;");

    /// <summary>Values all clusters by the task and sets the multipliers of the time to come. Inside a transaction.</summary>
    /// <param name="week">ISO week: <c>2026-W47</c>.</param>
    /// <param name="clusterOf">The root of an account's proved cluster; null when nothing is proved of it.</param>
    /// <param name="validatorsKey">Makes the pseudonyms.</param>
    public ReweightingReport Reweigh(
        string week, Func<AccountNumber, AccountNumber?> clusterOf, ReadOnlySpan<byte> validatorsKey, CancellationToken cancellationToken = default)
    {
        var texts = new LabelledTexts();

        // Row keys are keyed hashes, so the lowest are a fair sample; unsigned order is not needed for that.
        foreach (var (account, label, vector) in connection.Query<(long, long, byte[])>(
            "SELECT account, label, vector FROM texts_kept ORDER BY row LIMIT @most", new { most = MostTexts }, buffered: false))
            texts.Add(clusterOf(new AccountNumber((uint)account))?.Value ?? 0, (ulong)label, MemoryMarshal.Cast<byte, sbyte>(vector));

        var (clusters, tests, accuracy) = TaskValue.Of(texts, cancellationToken);
        connection.Execute("DELETE FROM multipliers; DELETE FROM reweightings; INSERT INTO reweightings (week) VALUES (@week);", new { week });
        foreach (var cluster in clusters)
            connection.Execute("INSERT INTO multipliers (cluster, permille) VALUES (@Cluster, @Multiplier)", new { Cluster = (long)cluster.Cluster, cluster.Multiplier });

        var named = new List<ReweightedCluster>();
        foreach (var cluster in clusters.OrderByDescending(c => c.Value).ThenBy(c => c.Cluster))
            named.Add(new ReweightedCluster(Pseudonym(cluster.Cluster, week, validatorsKey), cluster.Points, cluster.Value, cluster.Multiplier / 1000.0));
        return new ReweightingReport(
            ReweightingReport.CurrentVersion, week, TaskValue.Task, TaskValue.Neighbours, texts.Count, tests, accuracy,
            TaskValue.Least / 1000.0, TaskValue.Most / 1000.0, named);
    }

    private static string Pseudonym(uint cluster, string week, ReadOnlySpan<byte> validatorsKey) => cluster == 0
        ? Unproved
        : Convert.ToHexStringLower(HMACSHA256.HashData(
            validatorsKey, Encoding.ASCII.GetBytes($"reweighting {week} {cluster.ToString(CultureInfo.InvariantCulture)}")).AsSpan(0, 8));
}
