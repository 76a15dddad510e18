using Commonhold.Ethereum;
using Commonhold.Validator.State;
using Dapper;
using Microsoft.Data.Sqlite;

namespace Commonhold.Validator.Uniqueness.Clusters;

/// <summary>Evidence, proofs and the clusters that follow from them, in the state's database.</summary>
internal sealed class ClusterStore(SqliteConnection connection)
{
    public const string Schema =
        """
        CREATE TABLE IF NOT EXISTS cluster_members (
            account INTEGER PRIMARY KEY, proved INTEGER NOT NULL, cluster INTEGER NOT NULL) STRICT;
        CREATE INDEX IF NOT EXISTS cluster_members_of ON cluster_members (cluster, proved DESC, account);
        CREATE TABLE IF NOT EXISTS cluster_links (
            first INTEGER NOT NULL, second INTEGER NOT NULL, kind INTEGER NOT NULL, shared INTEGER NOT NULL,
            of_first INTEGER NOT NULL, of_second INTEGER NOT NULL, PRIMARY KEY (first, second, kind)) STRICT, WITHOUT ROWID;
        CREATE INDEX IF NOT EXISTS cluster_links_of_second ON cluster_links (second);
        CREATE TABLE IF NOT EXISTS cluster_claims (
            kind TEXT NOT NULL, digest BLOB NOT NULL, account INTEGER NOT NULL, PRIMARY KEY (kind, digest, account)) STRICT, WITHOUT ROWID;
        """;

    /// <summary>An account of which nothing is known is a cluster of its own, and not stored.</summary>
    public (AccountNumber Cluster, bool IsProved) Find(AccountNumber account) =>
        connection.QuerySingleOrDefault<(long Cluster, long Proved)?>(
            "SELECT cluster, proved FROM cluster_members WHERE account = @account", new { account = (long)account.Value }) is { } row
            ? (new AccountNumber((uint)row.Cluster), row.Proved != 0)
            : (account, false);

    /// <summary>The accounts of a cluster, proved ones first, then by number.</summary>
    public IReadOnlyList<(AccountNumber Account, bool IsProved)> Members(AccountNumber cluster)
    {
        List<(AccountNumber, bool)> members = [.. connection.Query<(long Account, long Proved)>(
            "SELECT account, proved FROM cluster_members WHERE cluster = @cluster ORDER BY proved DESC, account", new { cluster = (long)cluster.Value })
            .Select(m => (new AccountNumber((uint)m.Account), m.Proved != 0))];
        return members.Count == 0 ? [(cluster, false)] : members;
    }

    public AccountNumber Root(AccountNumber cluster) =>
        connection.ExecuteScalar<long?>(
            "SELECT account FROM cluster_members WHERE cluster = @cluster ORDER BY proved DESC, account LIMIT 1",
            new { cluster = (long)cluster.Value }) is { } root ? new AccountNumber((uint)root) : cluster;

    public void Put(AccountNumber account, bool isProved, AccountNumber cluster) => connection.Execute(
        """
        INSERT INTO cluster_members (account, proved, cluster) VALUES (@account, @isProved, @cluster)
        ON CONFLICT (account) DO UPDATE SET proved = excluded.proved, cluster = excluded.cluster
        """,
        new { account = (long)account.Value, isProved, cluster = (long)cluster.Value });

    /// <summary>Of the same evidence given again, the most rows count.</summary>
    public void Add(ClusterEvidence link) => connection.Execute(
        """
        INSERT INTO cluster_links (first, second, kind, shared, of_first, of_second) VALUES (@first, @second, @kind, @shared, @ofFirst, @ofSecond)
        ON CONFLICT (first, second, kind) DO UPDATE SET
            shared = MAX(shared, excluded.shared), of_first = MAX(of_first, excluded.of_first), of_second = MAX(of_second, excluded.of_second)
        """,
        new
        {
            first = (long)link.First.Value,
            second = (long)link.Second.Value,
            kind = (int)link.Kind,
            shared = link.Shared,
            ofFirst = link.OfFirst,
            ofSecond = link.OfSecond,
        });

    public IReadOnlyList<ClusterEvidence> Links(AccountNumber account) =>
        [.. connection.Query<(long First, long Second, long Kind, long Shared, long OfFirst, long OfSecond)>(
            """
            SELECT first, second, kind, shared, of_first, of_second FROM cluster_links WHERE first = @account
            UNION ALL SELECT first, second, kind, shared, of_first, of_second FROM cluster_links WHERE second = @account
            """,
            new { account = (long)account.Value })
            .Select(l => new ClusterEvidence(
                new AccountNumber((uint)l.First), new AccountNumber((uint)l.Second), (LinkKind)l.Kind, (int)l.Shared, (int)l.OfFirst, (int)l.OfSecond))];

    /// <summary>Writes down that an account proved an identity.</summary>
    /// <returns>The other accounts that did.</returns>
    public IReadOnlyList<AccountNumber> Claim(AccountNumber account, string kind, Bytes32 digest)
    {
        var claim = new { kind, digest = digest.ToArray(), account = (long)account.Value };
        connection.Execute("INSERT INTO cluster_claims (kind, digest, account) VALUES (@kind, @digest, @account) ON CONFLICT DO NOTHING", claim);
        return [.. connection.Query<long>(
            "SELECT account FROM cluster_claims WHERE kind = @kind AND digest = @digest AND account <> @account", claim).Select(a => new AccountNumber((uint)a))];
    }
}
