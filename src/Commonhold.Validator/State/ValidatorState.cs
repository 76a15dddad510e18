using System.Runtime.InteropServices;
using Commonhold.Ethereum;
using Commonhold.Validator.Uniqueness;
using Commonhold.Validator.Value;
using Dapper;
using Microsoft.Data.Sqlite;

namespace Commonhold.Validator.State;

/// <summary>What a validator remembers: its verdicts, the accounts it has seen, the batches it knows. No content, no names.</summary>
/// <remarks>Guarantee: a verdict and what follows from it are one transaction on disk before anybody hears of it, so that a
/// validator killed at any moment gives the same verdict again and pays nothing twice. One process owns the file.</remarks>
internal sealed class ValidatorState : IDisposable
{
    private readonly SqliteConnection _connection;

    private ValidatorState(SqliteConnection connection) => _connection = connection;

    public static ValidatorState Open(string directory)
    {
        // Who contributed which account is nobody else's business on this machine.
        if (OperatingSystem.IsWindows())
            Directory.CreateDirectory(directory);
        else
            Directory.CreateDirectory(directory, UnixFileMode.UserRead | UnixFileMode.UserWrite | UnixFileMode.UserExecute);
        string path = Path.Combine(directory, "validator.db");
        SqliteConnection connection = new(new SqliteConnectionStringBuilder { DataSource = path, Pooling = false }.ToString());
        connection.Open();
        // FULL: a commit is on the disk when it returns, also in WAL mode.
        connection.Execute("PRAGMA journal_mode = WAL; PRAGMA synchronous = FULL; PRAGMA busy_timeout = 5000;");
        connection.Execute(Schema);
        return new ValidatorState(connection);
    }

    public StateTransaction Begin() => new(_connection.BeginTransaction(), []);

    /// <summary>Owners of comparable rows.</summary>
    public RowKeyIndex Rows { get; } = new();

    /// <summary>Sketches of texts.</summary>
    public NearDuplicateIndex Texts { get; } = new();

    public Clusters Clusters { get; } = new();

    /// <summary>Ids beside times.</summary>
    public IdTimePool Ids { get; } = new();

    /// <summary>A fact that must stay what it was when it was first seen.</summary>
    public string Pin(string name, string value)
    {
        _connection.Execute("INSERT INTO pins (name, value) VALUES (@name, @value) ON CONFLICT DO NOTHING", new { name, value });
        return _connection.ExecuteScalar<string>("SELECT value FROM pins WHERE name = @name", new { name })!;
    }

    /// <summary>The JSON of the verdict given to this owner for this file.</summary>
    public byte[]? FindVerdict(Bytes32 digest, Address owner) =>
        _connection.ExecuteScalar<byte[]?>(
            "SELECT submission FROM verdicts WHERE digest = @digest AND owner = @owner",
            new { digest = digest.ToArray(), owner = owner.ToArray() });

    public void AddVerdict(Bytes32 digest, Address owner, byte[] submission, bool isAccepted) =>
        _connection.Execute(
            "INSERT INTO verdicts (digest, owner, submission, accepted) VALUES (@digest, @owner, @submission, @isAccepted)",
            new { digest = digest.ToArray(), owner = owner.ToArray(), submission, isAccepted });

    public bool HasAccepted(Bytes32 digest) =>
        _connection.ExecuteScalar<long>("SELECT COUNT(*) FROM verdicts WHERE digest = @digest AND accepted", new { digest = digest.ToArray() }) > 0;

    public bool HasShare(Bytes32 share) =>
        _connection.ExecuteScalar<long>("SELECT COUNT(*) FROM shares WHERE share = @share", new { share = share.ToArray() }) > 0;

    public void AddShare(Bytes32 share) => _connection.Execute("INSERT INTO shares (share) VALUES (@share)", new { share = share.ToArray() });

    public bool HasContent(string content) =>
        _connection.ExecuteScalar<long>("SELECT COUNT(*) FROM contents WHERE content = @content", new { content }) > 0;

    public void AddContent(string content) => _connection.Execute("INSERT INTO contents (content) VALUES (@content)", new { content });

    public AccountRow? FindAccount(Bytes32 nullifier) =>
        _connection.QuerySingleOrDefault<AccountRow>(
            "SELECT id, owner, ledger FROM accounts WHERE nullifier = @nullifier", new { nullifier = nullifier.ToArray() });

    /// <returns>The account's number here.</returns>
    public long PutAccount(Bytes32 nullifier, Address owner, AccountLedger ledger) =>
        _connection.ExecuteScalar<long>(
            """
            INSERT INTO accounts (nullifier, owner, ledger) VALUES (@nullifier, @owner, @ledger)
            ON CONFLICT (nullifier) DO UPDATE SET ledger = excluded.ledger
            RETURNING id
            """,
            new { nullifier = nullifier.ToArray(), owner = owner.ToArray(), ledger = ledger.ToBytes() });

    /// <summary>Which of these authored rows belong to other accounts: the keys, and how many for each account.</summary>
    public (RowKeySet Keys, IReadOnlyList<SharedRows> Shared) FindAuthored(RowKeySet authored, Bytes32 nullifier)
    {
        List<ulong> keys = [];
        Dictionary<Bytes32, int> shared = [];
        foreach (string part in Lists(authored.Keys))
        {
            IEnumerable<(long Key, byte[] Nullifier)> rows = _connection.Query<(long, byte[])>(
                $"SELECT a.key, b.nullifier FROM authored a JOIN accounts b ON b.id = a.account WHERE a.key IN ({part})");
            foreach ((long key, byte[] other) in rows)
            {
                Bytes32 owner = Bytes32.FromSpan(other);
                if (owner == nullifier)
                    continue;
                keys.Add((ulong)key);
                CollectionsMarshal.GetValueRefOrAddDefault(shared, owner, out _)++;
            }
        }

        return (RowKeySet.From(CollectionsMarshal.AsSpan(keys)), [.. shared.Select(s => new SharedRows(s.Key, s.Value))]);
    }

    public void AddAuthored(RowKeySet authored, long account)
    {
        using SqliteCommand insert = _connection.CreateCommand();
        insert.CommandText = "INSERT INTO authored (key, account) VALUES ($key, $account) ON CONFLICT DO NOTHING";
        SqliteParameter key = insert.Parameters.Add("$key", SqliteType.Integer);
        insert.Parameters.AddWithValue("$account", account);
        foreach (ulong value in authored.Keys)
        {
            key.Value = (long)value;
            insert.ExecuteNonQuery();
        }
    }

    public BatchRow? FindBatch(Bytes32 structHash) =>
        _connection.QuerySingleOrDefault<BatchRow>(
            "SELECT previous, manifest FROM batches WHERE struct_hash = @hash", new { hash = structHash.ToArray() });

    public void AddBatch(Bytes32 structHash, Bytes32 previous, byte[] manifest) =>
        _connection.Execute(
            "INSERT INTO batches (struct_hash, previous, manifest) VALUES (@hash, @previous, @manifest) ON CONFLICT DO NOTHING",
            new { hash = structHash.ToArray(), previous = previous.ToArray(), manifest });

    public void Dispose() => _connection.Dispose();

    // The keys are our own numbers, so they can stand in the text; a parameter for each would exceed SQLite's limit.
    private static List<string> Lists(ReadOnlySpan<ulong> keys)
    {
        List<string> lists = [];
        for (int i = 0; i < keys.Length; i += 1000)
        {
            ReadOnlySpan<ulong> part = keys.Slice(i, Math.Min(1000, keys.Length - i));
            lists.Add(string.Join(',', part.ToArray().Select(k => (long)k)));
        }

        return lists;
    }

    private const string Schema =
        """
        CREATE TABLE IF NOT EXISTS pins (name TEXT PRIMARY KEY, value TEXT NOT NULL) STRICT;
        CREATE TABLE IF NOT EXISTS verdicts (
            digest BLOB NOT NULL, owner BLOB NOT NULL, submission BLOB NOT NULL, accepted INTEGER NOT NULL,
            PRIMARY KEY (digest, owner)) STRICT;
        CREATE TABLE IF NOT EXISTS shares (share BLOB PRIMARY KEY) STRICT;
        CREATE TABLE IF NOT EXISTS contents (content TEXT PRIMARY KEY) STRICT;
        CREATE TABLE IF NOT EXISTS accounts (
            id INTEGER PRIMARY KEY, nullifier BLOB NOT NULL UNIQUE, owner BLOB NOT NULL, ledger BLOB NOT NULL) STRICT;
        CREATE TABLE IF NOT EXISTS authored (key INTEGER PRIMARY KEY, account INTEGER NOT NULL REFERENCES accounts) STRICT;
        CREATE TABLE IF NOT EXISTS batches (struct_hash BLOB PRIMARY KEY, previous BLOB NOT NULL, manifest BLOB NOT NULL) STRICT;
        """;

    internal sealed record AccountRow(long Id, byte[] Owner, byte[] Ledger);

    internal sealed record BatchRow(byte[] Previous, byte[] Manifest);
}
