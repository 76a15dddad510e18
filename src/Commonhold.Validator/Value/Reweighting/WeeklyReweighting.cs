using System.Globalization;
using Commonhold.Client;
using Commonhold.Validator.Uniqueness.Clusters;
using Microsoft.Data.Sqlite;

namespace Commonhold.Validator.Value.Reweighting;

/// <summary>Re-weighs once a week while the policy says so, and leaves the report beside the state.</summary>
internal sealed class WeeklyReweighting(ReweightingBook book, AccountClusters clusters, ReadOnlyMemory<byte> validatorsKey, string directory, TimeProvider time)
{
    /// <summary>Inside a transaction.</summary>
    /// <param name="isOn">The policy's <c>reweighting</c>. Off: what an earlier policy had kept is forgotten.</param>
    /// <returns>The report's file when it was made now; null when nothing was due.</returns>
    public string? RunIfDue(bool isOn, CancellationToken cancellationToken = default)
    {
        if (!isOn)
        {
            if (book.HasAnything)
                book.Forget();
            return null;
        }

        var week = WeekOf(time.GetUtcNow());
        return book.LastWeek == week ? null : Run(week, cancellationToken);
    }

    /// <summary>Re-weighs now, due or not, in the state of a validator that may be running beside.</summary>
    /// <returns>The report's file.</returns>
    /// <exception cref="CommonholdException">There is no state.</exception>
    public static string RunIn(string directory, ReadOnlyMemory<byte> validatorsKey, TimeProvider time, CancellationToken cancellationToken = default)
    {
        var path = Path.Combine(directory, "validator.db");
        if (!File.Exists(path))
            throw new CommonholdException(new Refusal("validator.no_state", $"There is no validator's state in {directory}.", "Name its directory: --state DIR."));
        using SqliteConnection connection = new(new SqliteConnectionStringBuilder { DataSource = path, Mode = SqliteOpenMode.ReadWrite, Pooling = false, DefaultTimeout = 30 }.ToString());
        connection.Open();
        using var transaction = connection.BeginTransaction();
        var report = new WeeklyReweighting(new ReweightingBook(connection), new AccountClusters(new ClusterStore(connection)), validatorsKey, directory, time)
            .Run(WeekOf(time.GetUtcNow()), cancellationToken);
        transaction.Commit();
        return report;
    }

    private string Run(string week, CancellationToken cancellationToken)
    {
        var report = book.Reweigh(week, account => clusters.IsProved(account) ? clusters.RootOf(account) : null, validatorsKey.Span, cancellationToken);
        var path = Path.Combine(directory, $"reweighting-{week}.json");
        File.WriteAllBytes(path + ".part", report.ToJsonBytes());
        File.Move(path + ".part", path, overwrite: true);
        return path;
    }

    private static string WeekOf(DateTimeOffset now) =>
        string.Create(CultureInfo.InvariantCulture, $"{ISOWeek.GetYear(now.UtcDateTime)}-W{ISOWeek.GetWeekOfYear(now.UtcDateTime):00}");
}
