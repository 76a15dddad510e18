using System.Buffers.Binary;
using Commonhold.Exports;
using Commonhold.Exports.Sources;
using Commonhold.Exports.Sources.Sqlite;
using FsCheck;
using FsCheck.Fluent;

namespace Commonhold.Tests.Exports.Sources;

public class HostileDatabaseTests
{
    private const int Page = 512;
    private static readonly byte[] Good = Make();

    [Fact]
    public void The_file_that_the_others_change_is_read() => Assert.Equal(400, Read(Good).Count);

    [Theory]
    [InlineData("empty", 0, "export.sqlite")]
    [InlineData("half a header", 50, "export.sqlite")]
    [InlineData("a header alone", 100, "export.truncated")]
    [InlineData("a page alone", Page, "export.truncated")]
    [InlineData("one byte less", -1, "export.truncated")]
    public void A_file_that_was_cut_is_refused(string name, int length, string code) =>
        Assert.Equal((name, code), (name, Code(length < 0 ? Good[..^-length] : Good[..length])));

    [Theory]
    [InlineData("another magic", 0, 0x00, "export.sqlite")]
    [InlineData("an odd page size", 16, 0x03, "export.sqlite")]
    [InlineData("pages of no size", 16, 0x00, "export.sqlite")]
    [InlineData("a version of the future", 19, 0x03, "export.sqlite")]
    [InlineData("other payload fractions", 21, 0x41, "export.sqlite")]
    [InlineData("reserved space beyond reason", 20, 0x40, "export.sqlite")]
    [InlineData("a fourth encoding", 59, 0x04, "export.sqlite")]
    [InlineData("a first page of an index", 100, 0x0A, "export.sqlite")]
    [InlineData("more cells than fit", 103, 0x7F, "export.sqlite")]
    public void A_header_that_cannot_be_is_refused(string name, int at, byte value, string code)
    {
        var bytes = Good.ToArray();
        bytes[at] = value;
        Assert.Equal((name, code), (name, Code(bytes)));
    }

    [Fact]
    public void Cycles_of_pages_end()
    {
        var root = Root("t");
        Assert.Equal(5, Good[(root - 1) * Page]);
        foreach (var target in (uint[])[(uint)root, 1, uint.MaxValue, 0])
        {
            // The last child of the root is the root, the schema, no page.
            var bytes = Good.ToArray();
            BinaryPrimitives.WriteUInt32BigEndian(bytes.AsSpan(((root - 1) * Page) + 8), target);
            Assert.Equal((target, "export.sqlite"), (target, Code(bytes)));
        }

        // Also when they are followed by rowid: the rows that are looked for stand behind the last child.
        var joined = Good.ToArray();
        var other = Root("u");
        Assert.Equal(5, Good[(other - 1) * Page]);
        BinaryPrimitives.WriteUInt32BigEndian(joined.AsSpan(((other - 1) * Page) + 8), (uint)other);
        Assert.Equal("export.sqlite", Code(joined));
    }

    [Fact]
    public void A_chain_that_bites_its_tail_is_refused()
    {
        // Every overflow page of a long text points at itself.
        using var database = new Databases($"page_size = {Page}");
        database.Run("CREATE TABLE t(v, w)");
        database.Insert("INSERT INTO t(v) VALUES ($0)", new string('x', 20_000));
        var bytes = database.Bytes();
        for (var page = 3; page <= bytes.Length / Page; page++)
            BinaryPrimitives.WriteUInt32BigEndian(bytes.AsSpan((page - 1) * Page), (uint)page);
        Assert.Equal("export.sqlite", Code(bytes));
    }

    [Fact]
    public void A_row_that_is_too_long_is_refused_before_it_is_read()
    {
        using var database = new Databases();
        database.Run("CREATE TABLE t(v, w)");
        database.Insert("INSERT INTO t(v) VALUES ($0)", new string('x', 2_000_000));
        Assert.Equal("export.record_too_long", Code(database.Bytes()));
    }

    [Fact]
    public void Rows_beyond_the_limit_are_refused()
    {
        var limits = new SourceLimits { MaxRecords = 100 };
        Assert.Equal("export.too_many_rows", Records.Refused(() => Reader(Good, limits), 3).Code);
    }

    [Fact]
    public void No_change_of_bytes_does_more_than_refuse()
    {
        var change = from at in Gen.OneOf(Gen.Choose(0, Good.Length - 1), Gen.Choose(0, 200), Gen.Choose(0, Good.Length / Page - 1).SelectMany(p => Gen.Choose(0, 40).Select(o => (p * Page) + o)))
                     from value in Gen.OneOf(Gen.Choose(0, 255), Gen.Elements(0, 1, 5, 13, 127, 128, 255))
                     select (at, (byte)value);
        var changes = from count in Gen.Choose(1, 12)
                      from list in change.ArrayOf(count)
                      select list;
        Prop.ForAll(changes.ToArbitrary(), list =>
        {
            var bytes = Good.ToArray();
            foreach (var (at, value) in list)
                bytes[at] = value;
            try
            {
                return Read(bytes).Count <= bytes.Length;
            }
            catch (ExportRefusedException)
            {
                return true;
            }
        }).Check(Config.QuickThrowOnFailure.WithMaxTest(1000));
    }

    [Fact]
    public void Bytes_of_chance_behind_a_good_header_do_no_more_than_refuse()
    {
        Prop.ForAll(Gen.Choose(0, 255).ArrayOf(6 * Page).ToArbitrary(), noise =>
        {
            var bytes = Good[..(8 * Page)];
            BinaryPrimitives.WriteUInt32BigEndian(bytes.AsSpan(28), 8);
            for (var i = 0; i < noise.Length; i++)
                bytes[(2 * Page) + i] = i % Page == 0 ? (byte)(noise[i] % 2 == 0 ? 5 : 13) : (byte)noise[i];
            try
            {
                return Read(bytes).Count <= bytes.Length;
            }
            catch (ExportRefusedException)
            {
                return true;
            }
        }).Check(Config.QuickThrowOnFailure.WithMaxTest(300));
    }

    private static string Code(byte[] bytes) => Records.Refused(() => Reader(bytes), 3).Code;

    private static List<string> Read(byte[] bytes) => Records.All(Reader(bytes), 3);

    private static SqliteRecordReader Reader(byte[] bytes, SourceLimits? limits = null) =>
        new(new MemoryStream(bytes), "f.sqlite", new RecordSelection("t", ["v", "w", "u[w].x"]), limits);

    private static int Root(string table)
    {
        using var pages = new SqlitePages(new MemoryStream(Good), "f");
        return (int)SqliteTable.Find(pages, [table], SourceLimits.Default)[table].Root;
    }

    private static byte[] Make()
    {
        using var database = new Databases($"page_size = {Page}");
        database.Run("CREATE TABLE t(v, w)", "CREATE TABLE u(id INTEGER PRIMARY KEY, x)");
        database.Together(() =>
        {
            for (var i = 0; i < 400; i++)
            {
                database.Insert("INSERT INTO t VALUES ($0, $1)", i % 20 == 0 ? new string('v', 1500) : $"text {i}", i);
                database.Insert("INSERT INTO u VALUES ($0, $1)", i, i % 30 == 0 ? new string('u', 900) : $"é {i}");
            }
        });
        database.Run("DELETE FROM u WHERE id % 7 = 0");
        return database.Bytes();
    }
}
