using System.Diagnostics;
using Commonhold.Validator.Uniqueness.Owners;
using Microsoft.Data.Sqlite;

namespace Commonhold.Benchmarks;

/// <summary>The index of row keys at 10⁸ keys: build, memory, bytes and lookups, beside SQLite's own b-tree of a fiftieth of that in
/// one run. Goal: ≤ 10 µs a lookup on average, hits and misses.</summary>
/// <remarks>Keys come as exports bring them: 100 rows an account, scattered over the whole range; every hit is held to its account.
/// Lookups are in processor time, so that a busy machine changes little, and by the clock beside it.
/// Cold means that the kernel was told to forget the files; then the disk is measured, and the index by how often it asks it.</remarks>
internal sealed class IndexFigure(long keys) : IFigure
{
    private const long RowsOfAccount = 100;
    private const int Batch = 100_000;
    private const double GoalMicroseconds = 10;

    public string Name => "index";

    public string Description => "index of row keys: build, memory and lookups beside SQLite's b-tree (--keys N, 100,000,000 if not given)";

    public Task<FigureResult> RunAsync(TextWriter log, CancellationToken cancellationToken) => Task.Run(() => Run(log, cancellationToken), cancellationToken);

    private FigureResult Run(TextWriter log, CancellationToken cancellationToken)
    {
        var folder = Directory.CreateTempSubdirectory("commonhold-index-").FullName;
        try
        {
            var details = new Dictionary<string, double> { ["keys"] = keys };
            GC.Collect();
            var resident = Machine.ResidentMemory();
            Machine.ForgetPeakMemory();
            using var connection = Connect(Path.Combine(folder, "index.db"), OwnerStore.Schema);
            using var map = OwnerMap.Open(new OwnerStore(connection, folder, "rows"));
            var clock = Stopwatch.StartNew();
            for (var first = 0L; first < keys; first += Batch)
            {
                cancellationToken.ThrowIfCancellationRequested();
                Add(connection, map, first, Math.Min(Batch, keys - first));
                if (first % (100 * Batch) == 0)
                    log.WriteLine($"index: {first:N0} keys after {clock.Elapsed.TotalSeconds:0} s, {map.Files} files");
            }

            details["buildSeconds"] = clock.Elapsed.TotalSeconds;
            details["peakMemoryMiB"] = Machine.PeakMemory() - resident;
            details["files"] = map.Files;
            map.Settle();
            Look(map, "warm", 200_000, details);
            map.Forget();
            Look(map, "cold", 2_000, details);
            clock.Restart();
            map.Compact();
            details["compactSeconds"] = clock.Elapsed.TotalSeconds;
            details["bytesOfKey"] = (double)map.FileBytes / map.Count;
            Look(map, "compactWarm", 200_000, details);
            GC.Collect();
            details["steadyMemoryMiB"] = Machine.ResidentMemory() - resident;
            details["wrong"] = Wrong(map);

            var peer = SqliteFigures(Path.Combine(folder, "peer.db"), keys / 50, details, cancellationToken);
            var worst = Math.Max(details["warmHit"], details["warmMiss"]);
            return new FigureResult(
                Name, "µs a lookup", worst, peer, worst / peer, $"≤ {GoalMicroseconds} µs, nothing wrong",
                worst <= GoalMicroseconds && details["wrong"] == 0 && map.Count == keys, details);
        }
        finally
        {
            Directory.Delete(folder, recursive: true);
        }
    }

    /// <summary>SplitMix64 of a number: the key of the n-th row, at random access.</summary>
    private static ulong Key(long n)
    {
        var z = ((ulong)n + 1) * 0x9E3779B97F4A7C15;
        z = (z ^ (z >> 30)) * 0xBF58476D1CE4E5B9;
        z = (z ^ (z >> 27)) * 0x94D049BB133111EB;
        return z ^ (z >> 31);
    }

    private static uint Account(long n) => (uint)(n / RowsOfAccount) + 1;

    private static void Add(SqliteConnection connection, OwnerMap map, long first, long count)
    {
        using (var transaction = connection.BeginTransaction())
        {
            var rows = new ulong[RowsOfAccount];
            for (var n = first; n < first + count; n += RowsOfAccount)
            {
                for (var i = 0; i < rows.Length; i++)
                    rows[i] = Key(n + i);
                map.Put(rows, Account(n));
            }

            transaction.Commit();
        }

        map.OnCommitted();
    }

    private void Look(OwnerMap map, string name, int lookups, Dictionary<string, double> details)
    {
        foreach (var (kind, offset) in new[] { ("Hit", 0L), ("Miss", long.MaxValue / 2) })
        {
            var (clock, processor) = (Stopwatch.StartNew(), Environment.CpuUsage.TotalTime);
            for (var i = 0; i < lookups; i++)
            {
                var n = offset + (long)(Key(~i) % (ulong)keys);
                if (map.Find([Key(n)])[0] != (offset == 0 ? Account(n) : 0))
                    throw new InvalidOperationException($"key {n} has another account");
            }

            details[name + kind] = (Environment.CpuUsage.TotalTime - processor).TotalMicroseconds / lookups;
            details[name + kind + "Clock"] = clock.Elapsed.TotalMicroseconds / lookups;
        }

        // As an export asks: its 100 rows at once, in order.
        var batches = lookups / 100;
        var asked = new ulong[100];
        var (batched, used) = (Stopwatch.StartNew(), Environment.CpuUsage.TotalTime);
        for (var i = 0; i < batches; i++)
        {
            for (var j = 0; j < asked.Length; j++)
                asked[j] = Key((long.MaxValue / 3) + (i * 100L) + j);
            Array.Sort(asked);
            map.Find(asked);
        }

        details[name + "Export"] = (Environment.CpuUsage.TotalTime - used).TotalMicroseconds / (batches * 100);
        details[name + "ExportClock"] = batched.Elapsed.TotalMicroseconds / (batches * 100);
    }

    private double Wrong(OwnerMap map)
    {
        var wrong = 0;
        var step = Math.Max(1, keys / 1_000_000);
        var rows = new List<(ulong Key, uint Account)>();
        for (var n = 0L; n < keys; n += step)
            rows.Add((Key(n), Account(n)));
        rows.Sort();
        var found = map.Find([.. rows.Select(r => r.Key)]);
        for (var i = 0; i < found.Length; i++)
            wrong += found[i] == rows[i].Account ? 0 : 1;
        return wrong;
    }

    private static SqliteConnection Connect(string path, string schema)
    {
        var connection = new SqliteConnection($"Data Source={path};Pooling=False");
        connection.Open();
        using var command = connection.CreateCommand();
        command.CommandText = "PRAGMA journal_mode = WAL; PRAGMA synchronous = FULL;" + schema;
        command.ExecuteNonQuery();
        return connection;
    }

    /// <summary>What the same keys cost in a table of SQLite, as the state had them before.</summary>
    /// <returns>Microseconds a lookup.</returns>
    private static double SqliteFigures(string path, long keys, Dictionary<string, double> details, CancellationToken cancellationToken)
    {
        using var connection = Connect(path, "CREATE TABLE authored (key INTEGER PRIMARY KEY, account INTEGER NOT NULL) STRICT;");
        var clock = Stopwatch.StartNew();
        using var insert = connection.CreateCommand();
        insert.CommandText = "INSERT INTO authored VALUES ($key, $account)";
        var (key, account) = (insert.Parameters.Add("$key", SqliteType.Integer), insert.Parameters.Add("$account", SqliteType.Integer));
        for (var first = 0L; first < keys; first += Batch)
        {
            cancellationToken.ThrowIfCancellationRequested();
            using var transaction = connection.BeginTransaction();
            insert.Transaction = transaction;
            for (var n = first; n < Math.Min(keys, first + Batch); n++)
            {
                (key.Value, account.Value) = ((long)Key(n), (long)Account(n));
                insert.ExecuteNonQuery();
            }

            transaction.Commit();
        }

        details["sqliteKeys"] = keys;
        details["sqliteBuildSeconds"] = clock.Elapsed.TotalSeconds;
        using var find = connection.CreateCommand();
        find.CommandText = "SELECT account FROM authored WHERE key = $key";
        var asked = find.Parameters.Add("$key", SqliteType.Integer);
        const int Lookups = 100_000;
        var used = Environment.CpuUsage.TotalTime;
        for (var i = 0; i < Lookups; i++)
        {
            asked.Value = (long)Key((long)(Key(~i) % (ulong)keys));
            if (find.ExecuteScalar() is not long)
                throw new InvalidOperationException("SQLite lost a key.");
        }

        var microseconds = (Environment.CpuUsage.TotalTime - used).TotalMicroseconds / Lookups;
        details["sqliteHit"] = microseconds;
        details["sqliteBytesOfKey"] = (double)(new FileInfo(path).Length + new FileInfo(path + "-wal").Length) / keys;
        return microseconds;
    }
}
