using Commonhold.Client;
using Commonhold.Ethereum;
using Commonhold.Validator.Uniqueness;
using Commonhold.Validator.Uniqueness.Clusters;
using Commonhold.Validator.Uniqueness.IdTime;
using Commonhold.Validator.Uniqueness.Owners;
using Commonhold.Validator.Uniqueness.Texts;
using Commonhold.Validator.Value;
using Commonhold.Validator.Value.Reweighting;
using Dapper;
using Microsoft.Data.Sqlite;

namespace Commonhold.Validator.State;

/// <summary>What a validator remembers: its verdicts, the accounts it has seen, the batches it knows. No content, no names.</summary>
/// <remarks>Guarantee: a verdict and what follows from it are one transaction on disk before anybody hears of it, so that a
/// validator killed at any moment gives the same verdict again and pays nothing twice. One process owns the file.</remarks>
internal sealed class ValidatorState : IDisposable
{
    private readonly SqliteConnection _connection;
    private readonly OwnerMap _rows;
    private readonly OwnerMap _bands;

    private ValidatorState(SqliteConnection connection, OwnerMap rows, OwnerMap bands)
    {
        (_connection, _rows, _bands) = (connection, rows, bands);
        Rows = new RowKeyIndex(rows);
        Clusters = new AccountClusters(new ClusterStore(connection));
        Texts = new NearDuplicateIndex(bands, Clusters);
        Ids = new IdTimePool(connection);
        Value = new ValueBook(connection);
        Reweighting = new ReweightingBook(connection);
    }

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
        try
        {
            connection.Execute(Schema);
            connection.Execute(OwnerStore.Schema + ClusterStore.Schema + IdTimePool.Schema + ValueBook.Schema + ReweightingBook.Schema);
            return new ValidatorState(
                connection, OwnerMap.Open(new OwnerStore(connection, directory, "rows")), OwnerMap.Open(new OwnerStore(connection, directory, "texts")));
        }
        catch
        {
            connection.Dispose();
            throw;
        }
    }

    public StateTransaction Begin() => new(_connection.BeginTransaction(), [_rows, _bands, Ids]);

    /// <summary>Owners of comparable rows.</summary>
    public RowKeyIndex Rows { get; }

    /// <summary>What was contributed and settled.</summary>
    public ValueBook Value { get; }

    /// <summary>Vectors of texts and what follows from them; empty unless the policy turned re-weighting on.</summary>
    public ReweightingBook Reweighting { get; }

    /// <summary>Sketches of texts.</summary>
    public NearDuplicateIndex Texts { get; }

    public AccountClusters Clusters { get; }

    /// <summary>Ids beside times.</summary>
    public IdTimePool Ids { get; }

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

    public void ReplaceVerdict(Bytes32 digest, Address owner, byte[] submission) => _connection.Execute(
        "UPDATE verdicts SET submission = @submission WHERE digest = @digest AND owner = @owner",
        new { digest = digest.ToArray(), owner = owner.ToArray(), submission });

    public bool HasAccepted(Bytes32 digest) =>
        _connection.ExecuteScalar<long>("SELECT COUNT(*) FROM verdicts WHERE digest = @digest AND accepted", new { digest = digest.ToArray() }) > 0;

    public bool HasShare(Bytes32 share) =>
        _connection.ExecuteScalar<long>("SELECT COUNT(*) FROM shares WHERE share = @share", new { share = share.ToArray() }) > 0;

    public void AddShare(Bytes32 share) => _connection.Execute("INSERT INTO shares (share) VALUES (@share)", new { share = share.ToArray() });

    /// <summary>The best evidence under which these contents were contributed; null when they were not.</summary>
    public EvidenceLevel? LevelOfContent(string content) =>
        (EvidenceLevel?)_connection.ExecuteScalar<long?>("SELECT level FROM contents WHERE content = @content", new { content });

    public void AddContent(string content, EvidenceLevel level) => _connection.Execute(
        "INSERT INTO contents (content, level) VALUES (@content, @level) ON CONFLICT (content) DO UPDATE SET level = MAX(level, excluded.level)",
        new { content, level = (long)level });

    /// <summary>Whom a proof has served: it serves nobody else, and no other account.</summary>
    public (Address Owner, Bytes32 Nullifier)? FindProof(Bytes32 proof) =>
        _connection.QuerySingleOrDefault<ProofRow>("SELECT owner, nullifier FROM proofs WHERE proof = @proof", new { proof = proof.ToArray() }) is { } row
            ? (Address.FromSpan(row.Owner), Bytes32.FromSpan(row.Nullifier))
            : null;

    public void AddProof(Bytes32 proof, Address owner, Bytes32 nullifier) => _connection.Execute(
        "INSERT INTO proofs (proof, owner, nullifier) VALUES (@proof, @owner, @nullifier) ON CONFLICT DO NOTHING",
        new { proof = proof.ToArray(), owner = owner.ToArray(), nullifier = nullifier.ToArray() });

    public AccountRow? FindAccount(Bytes32 nullifier) =>
        _connection.QuerySingleOrDefault<AccountRow>(
            "SELECT id, owner FROM accounts WHERE nullifier = @nullifier", new { nullifier = nullifier.ToArray() });

    /// <summary>Whose the account is from now on.</summary>
    /// <returns>The account's number here.</returns>
    public AccountNumber PutAccount(Bytes32 nullifier, Address owner) =>
        new(checked((uint)_connection.ExecuteScalar<long>(
            """
            INSERT INTO accounts (nullifier, owner) VALUES (@nullifier, @owner)
            ON CONFLICT (nullifier) DO UPDATE SET owner = excluded.owner
            RETURNING id
            """,
            new { nullifier = nullifier.ToArray(), owner = owner.ToArray() })));

    public BatchRow? FindBatch(Bytes32 structHash) =>
        _connection.QuerySingleOrDefault<BatchRow>(
            "SELECT previous, manifest, proved FROM batches WHERE struct_hash = @hash", new { hash = structHash.ToArray() });

    /// <param name="proved">Accounts that the batch's verdicts proved; empty for a batch whose verdicts were not seen.</param>
    public void AddBatch(Bytes32 structHash, Bytes32 previous, byte[] manifest, IEnumerable<Bytes32> proved) =>
        _connection.Execute(
            "INSERT INTO batches (struct_hash, previous, manifest, proved) VALUES (@hash, @previous, @manifest, @proved) ON CONFLICT DO NOTHING",
            new { hash = structHash.ToArray(), previous = previous.ToArray(), manifest, proved = proved.SelectMany(p => p.ToArray()).ToArray() });

    /// <summary>The nullifier of an account that is known here.</summary>
    public Bytes32 NullifierOf(AccountNumber account) => Bytes32.FromSpan(
        _connection.ExecuteScalar<byte[]>("SELECT nullifier FROM accounts WHERE id = @id", new { id = (long)account.Value })!);

    public void Dispose()
    {
        _rows.Dispose();
        _bands.Dispose();
        _connection.Dispose();
    }

    private const string Schema =
        """
        CREATE TABLE IF NOT EXISTS pins (name TEXT PRIMARY KEY, value TEXT NOT NULL) STRICT;
        CREATE TABLE IF NOT EXISTS verdicts (
            digest BLOB NOT NULL, owner BLOB NOT NULL, submission BLOB NOT NULL, accepted INTEGER NOT NULL,
            PRIMARY KEY (digest, owner)) STRICT;
        CREATE TABLE IF NOT EXISTS shares (share BLOB PRIMARY KEY) STRICT;
        CREATE TABLE IF NOT EXISTS contents (content TEXT PRIMARY KEY, level INTEGER NOT NULL) STRICT;
        CREATE TABLE IF NOT EXISTS proofs (proof BLOB PRIMARY KEY, owner BLOB NOT NULL, nullifier BLOB NOT NULL) STRICT;
        CREATE TABLE IF NOT EXISTS accounts (
            id INTEGER PRIMARY KEY, nullifier BLOB NOT NULL UNIQUE, owner BLOB NOT NULL) STRICT;
        CREATE TABLE IF NOT EXISTS batches (struct_hash BLOB PRIMARY KEY, previous BLOB NOT NULL, manifest BLOB NOT NULL, proved BLOB NOT NULL) STRICT;
        """;

    internal sealed record AccountRow(long Id, byte[] Owner)
    {
        public AccountNumber Number => new((uint)Id);
    }

    internal sealed record BatchRow(byte[] Previous, byte[] Manifest, byte[] Proved)
    {
        public IEnumerable<Bytes32> ProvedAccounts => Proved.Chunk(32).Select(p => Bytes32.FromSpan(p));
    }

    private sealed record ProofRow(byte[] Owner, byte[] Nullifier);
}
