using Commonhold.Exports;
using Commonhold.Exports.Sources;
using Commonhold.Exports.Sources.Sqlite;
using FsCheck;
using FsCheck.Fluent;

namespace Commonhold.Tests.Exports.Sources;

public class SqliteRecordReaderTests
{
    [Fact]
    public void Whatever_SQLite_writes_is_read_as_SQLite_reads_it()
    {
        var value = Gen.Frequency<object?>(
            (2, Gen.Constant<object?>(null)),
            (4, Gen.Elements<object?>(0L, 1L, -1L, 127L, -128L, 32767L, 8388607L, -8388609L, 2147483647L, 1L << 40, long.MinValue, long.MaxValue)),
            (2, Gen.Elements<object?>(0.5, -1e300, 3.0, double.PositiveInfinity)),
            (4, Gen.Elements<object?>("", "a", "naïve 😀", "O'Hara", new string('é', 200))),
            (1, Gen.Choose(1, 20_000).Select(n => (object?)new string('x', n))),
            (2, Gen.Choose(0, 600).Select(n => (object?)Enumerable.Range(0, n).Select(i => (byte)i).ToArray())));
        var plans = from page in Gen.Elements(512, 1024, 4096, 65536)
                    from vacuum in Gen.Elements("NONE", "FULL", "INCREMENTAL")
                    from encoding in Gen.Elements("UTF-8", "UTF-16le", "UTF-16be")
                    from journal in Gen.Elements("DELETE", "WAL")
                    from rows in value.ArrayOf(3).ListOf()
                    from more in Gen.Choose(0, 400)
                    from step in Gen.Choose(1, 1000)
                    from delete in Gen.Choose(2, 9)
                    from vacuumed in Gen.Elements(true, false)
                    select (page, vacuum, encoding, journal, rows: rows.ToList(), more, step, delete, vacuumed);
        Prop.ForAll(plans.ToArbitrary(), p =>
        {
            using var database = new Databases($"page_size = {p.page}", $"auto_vacuum = {p.vacuum}", $"encoding = '{p.encoding}'", $"journal_mode = {p.journal}");
            database.Run("CREATE TABLE other(x)", "CREATE TABLE t(a, id INTEGER PRIMARY KEY, b REAL, \"c d\" LONGVARCHAR)", "CREATE INDEX i ON t(a)");
            database.Together(() =>
            {
                for (var i = 0; i < p.rows.Count + p.more; i++)
                {
                    var row = i < p.rows.Count ? p.rows[i] : [i, i * 1.5, new string('m', i % 50)];
                    database.Insert("INSERT INTO t VALUES ($0, $1, $2, $3)", row[0], ((long)i * p.step) - 1000, row[1], row[2]);
                    database.Insert("INSERT INTO other VALUES ($0)", row[2]);
                }
            });
            database.Run($"DELETE FROM t WHERE rowid % {p.delete} = 1", "DELETE FROM other WHERE rowid % 2 = 0", "ALTER TABLE t ADD COLUMN e TEXT DEFAULT 'new'");
            if (p.vacuumed)
                database.Run("VACUUM");
            if (p.journal == "WAL")
                database.Run("PRAGMA wal_checkpoint(TRUNCATE)");
            return Read(database.Bytes(), "t", "id", "A", "b", "c d", "e", "nothing")
                .SequenceEqual(database.Select("SELECT id, a, b, \"c d\", e FROM t ORDER BY id").Select(r => r + "|∅"));
        }).Check(Config.QuickThrowOnFailure.WithMaxTest(40));
    }

    [Fact]
    public void Rows_point_at_rows_of_other_tables()
    {
        using var database = new Databases("page_size = 512");
        database.Run(
            "CREATE TABLE urls(id INTEGER PRIMARY KEY AUTOINCREMENT,url LONGVARCHAR,title LONGVARCHAR)",
            "CREATE TABLE visits(id INTEGER PRIMARY KEY,url INTEGER NOT NULL,visit_time INTEGER NOT NULL)");
        database.Together(() =>
        {
            for (var i = 1; i <= 2000; i++)
            {
                database.Insert("INSERT INTO urls VALUES ($0, $1, $2)", i * 3, $"https://example.org/{new string('p', i % 700)}", i % 5 == 0 ? null : $"title {i}");
                database.Insert("INSERT INTO visits VALUES ($0, $1, $2)", i, ((i * 7919L) % 2100) * 3, i);
            }
        });
        Assert.Equal(
            database.Select("SELECT visit_time, u.url, u.title FROM visits v LEFT JOIN urls u ON u.id = v.url ORDER BY v.id").Select(r => r.Replace("|null|null", "|∅|∅", StringComparison.Ordinal)),
            Read(database.Bytes(), "visits", "visit_time", "urls[url].url", "urls[url].title"));
        Assert.Equal("1|∅|∅", Read(database.Bytes(), "visits", "visit_time", "missing[url].url", "urls[missing].url")[0]);
    }

    [Theory]
    [InlineData("CREATE TABLE t(id INTEGER PRIMARY KEY, v)", true)]
    [InlineData("CREATE TABLE t(id INTEGER, v, PRIMARY KEY(id))", true)]
    [InlineData("CREATE TABLE t(v, \"id\" integer, CONSTRAINT pk PRIMARY KEY (\"id\" DESC))", true)]
    [InlineData("CREATE TABLE t(id INTEGER PRIMARY KEY DESC, v)", false)]
    [InlineData("CREATE TABLE t(id INT PRIMARY KEY, v)", false)]
    [InlineData("CREATE TABLE t(id INTEGER, v, PRIMARY KEY(id, v))", false)]
    [InlineData("create table [t] ( -- a comment, with ( marks\n `id` INTEGER /* , */ NOT NULL PRIMARY KEY AUTOINCREMENT CHECK (id > 0 AND (1, 2) = (1, 2)), v VARCHAR(20, 3) DEFAULT ('a,b'))", true)]
    [InlineData("CREATE TABLE t(id INTEGER PRIMARY KEY, g INT GENERATED ALWAYS AS (id * 2) VIRTUAL, v, s INT AS (id + 1) STORED, w REAL)", true)]
    [InlineData("CREATE TABLE t(id INTEGER PRIMARY KEY, v ANY) STRICT", true)]
    public void Columns_are_told_from_what_the_table_declares(string sql, bool isRowId)
    {
        using var database = new Databases();
        database.Run(sql);
        database.Run("INSERT INTO t(id, v) VALUES (5, 'x'), (7, 'y')");
        Assert.Equal(database.Select("SELECT id, v FROM t ORDER BY rowid"), Read(database.Bytes(), "t", "id", "v"));
        using var pages = new SqlitePages(new MemoryStream(database.Bytes()), "f");
        Assert.Equal(isRowId, SqliteTable.Find(pages, ["T"], SourceLimits.Default)["t"].Column("ID")!.IsRowId);
    }

    [Fact]
    public void Rows_older_than_a_column_have_its_default()
    {
        using var database = new Databases();
        string[] defaults =
        [
            "INTEGER DEFAULT 5", "TEXT DEFAULT 5", "REAL DEFAULT 5", "INTEGER DEFAULT '7'", "DEFAULT -1.5", "TEXT DEFAULT 'it''s'", "BOOLEAN DEFAULT FALSE NOT NULL",
            "INTEGER DEFAULT (8)", "INTEGER DEFAULT NULL", "LONGVARCHAR", "TEXT NOT NULL DEFAULT \"quoted\"", "NUMERIC DEFAULT 'x'", "INTEGER DEFAULT +3",
        ];
        database.Run("CREATE TABLE t(id INTEGER PRIMARY KEY)", "INSERT INTO t VALUES (1)");
        for (var i = 0; i < defaults.Length; i++)
            database.Run($"ALTER TABLE t ADD COLUMN c{i} {defaults[i]}");
        database.Run("INSERT INTO t(id) VALUES (2)");
        var columns = Enumerable.Range(0, defaults.Length).Select(i => $"c{i}").ToArray();
        Assert.Equal(database.Select($"SELECT {string.Join(',', columns)} FROM t"), Read(database.Bytes(), "t", columns));
    }

    [Fact]
    public void Text_that_is_no_UTF_8_and_NUL_become_the_replacement_character()
    {
        using var database = new Databases();
        database.Run("CREATE TABLE t(v)", "INSERT INTO t VALUES (CAST(x'61C362' AS TEXT)), (CAST(x'6100F09F98' AS TEXT)), (CAST(x'EDA080' AS TEXT))");
        Assert.Equal(["'a\uFFFDb'", "'a\uFFFD\uFFFD'", "'\uFFFD\uFFFD\uFFFD'"], Read(database.Bytes(), "t", "v"));
    }

    [Fact]
    public void What_stands_in_a_write_ahead_log_is_said_not_to_be_read()
    {
        using var database = new Databases("journal_mode = WAL");
        database.Run("CREATE TABLE t(v)", "INSERT INTO t VALUES (1)", "PRAGMA wal_checkpoint(TRUNCATE)", "INSERT INTO t VALUES (2)");
        using var reader = Reader(database.Bytes(), "t", "v");
        Assert.Null(reader.Note);
        Assert.True(reader.Read());
        Assert.Contains("-wal", reader.Note, StringComparison.Ordinal);
        Assert.False(reader.Read());

        using var plain = new Databases();
        plain.Run("CREATE TABLE t(v)");
        using var quiet = Reader(plain.Bytes(), "t", "v");
        Assert.False(quiet.Read());
        Assert.Null(quiet.Note);
    }

    [Theory]
    [InlineData("no such table", "CREATE TABLE u(v)")]
    [InlineData("a table without rowids", "CREATE TABLE t(v PRIMARY KEY) WITHOUT ROWID")]
    [InlineData("a view", "CREATE VIEW t AS SELECT 1 AS v")]
    [InlineData("a virtual table", "CREATE VIRTUAL TABLE t USING fts5(v)")]
    public void Other_tables_are_refused(string name, string sql)
    {
        using var database = new Databases();
        database.Run(sql);
        Assert.Equal((name, "export.sqlite_schema"), (name, Records.Refused(() => Reader(database.Bytes(), "t", "v"), 1).Code));
    }

    [Fact]
    public void Names_that_were_not_asked_for_are_told()
    {
        using var database = new Databases();
        database.Run("CREATE TABLE t(a, b, c)", "CREATE TABLE u(x)");
        using var reader = Reader(database.Bytes(), "t", "a", "u[b].x");
        Assert.False(reader.Read());
        Assert.Equal(["c"], reader.OtherFields);
    }

    [Fact]
    public void Ten_times_the_rows_take_no_more_memory()
    {
        Allocated(100);
        var small = Allocated(2_000);
        Assert.InRange(Allocated(20_000), 0, small + (64 << 10));

        static long Allocated(int rows)
        {
            // Pages of another size would fill the cache to another degree: both are larger than it.
            using var database = new Databases("page_size = 4096");
            database.Run("CREATE TABLE t(id INTEGER PRIMARY KEY, v)", "CREATE TABLE u(id INTEGER PRIMARY KEY, w)");
            database.Together(() =>
            {
                for (var i = 0; i < rows; i++)
                {
                    database.Insert("INSERT INTO t VALUES ($0, $1)", i, i % 50);
                    database.Insert("INSERT INTO u VALUES ($0, $1)", i, i < 1000 ? new string('x', 4000) : "é");
                }
            });
            var bytes = database.Bytes();
            var before = GC.GetAllocatedBytesForCurrentThread();
            using var reader = Reader(bytes, "t", "id", "u[id].w");
            while (reader.Read())
                Assert.True(reader.TryGet(1, out _));
            return GC.GetAllocatedBytesForCurrentThread() - before;
        }
    }

    private static List<string> Read(byte[] bytes, string table, params string[] fields) => Records.All(Reader(bytes, table, fields), fields.Length);

    private static IRecordReader Reader(byte[] bytes, string table, params string[] fields) =>
        new SqliteRecordReader(new Records.Pieces(bytes, 1000), "f.sqlite", new RecordSelection(table, fields));
}
