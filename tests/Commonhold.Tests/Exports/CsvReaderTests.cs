using System.Text;
using Commonhold.Exports;
using Commonhold.Exports.Csv;
using FsCheck;
using FsCheck.Fluent;
using Xunit;

namespace Commonhold.Tests.Exports;

public class CsvReaderTests
{
    [Theory]
    [InlineData("plain", "a,b\r\nc,d\r\n", "a|b/c|d")]
    [InlineData("LF, no end of line at the end", "a,b\nc,d", "a|b/c|d")]
    [InlineData("empty fields", ",\r\n,\r\n", "|/|")]
    [InlineData("trailing comma at the end", "a,", "a|")]
    [InlineData("empty lines", "\r\n\na,b\r\n\r\n", "a|b")]
    [InlineData("a quoted empty field alone", "\"\"\r\na\r\n", "/a")]
    [InlineData("quotes, commas and line ends inside", "\"a,\"\"b\"\"\",\"c\r\nd\"\r\n", "a,\"b\"|c\r\nd")]
    [InlineData("only quotes", "\"\"\"\"\"\",x", "\"\"|x")]
    public void Rows_are_read_as_RFC_4180_says(string name, string text, string expected)
    {
        Assert.NotEmpty(name);
        foreach (var chunk in (int[])[1, 2, 3, 1 << 16])
            Assert.Equal(expected, string.Join('/', Read(text, chunk).Select(r => string.Join('|', r))));
    }

    [Fact]
    public void What_was_written_is_read_whatever_the_size_of_the_pieces()
    {
        var field = Gen.Elements("", "a", "b,c", "\"", "\"\"", "\r\n", "line\nline", "naïve 😀", ",", "é\"x\"", " pad ").Or(
            ArbMap.Default.GeneratorFor<string>().Select(s => Printable(s)));
        var rows = from width in Gen.Choose(2, 6)
                   from table in field.ArrayOf(width).NonEmptyListOf()
                   from chunk in Gen.Choose(1, 40)
                   select (Rows: table.ToList(), Chunk: chunk);
        Prop.ForAll(rows.ToArbitrary(), t =>
        {
            var text = string.Concat(t.Rows.Select(r => string.Join(',', r.Select(Quote)) + "\r\n"));
            var read = Read(text, t.Chunk);
            return read.Count == t.Rows.Count && read.Zip(t.Rows).All(p => p.First.SequenceEqual(p.Second));
        }).QuickCheckThrowOnFailure();
    }

    [Fact]
    public void A_row_longer_than_the_buffer_is_read_whole()
    {
        var text = new string('x', 300_000);
        Assert.Equal([text, "end"], Read($"{text},end\r\n", 50_000).Single());
    }

    [Theory]
    [InlineData(1)]
    [InlineData(7)]
    [InlineData(64)]
    [InlineData(1 << 16)]
    public void Bytes_that_are_not_UTF_8_are_found_in_the_row_where_they_stand(int chunk)
    {
        for (var bad = 1; bad <= 40; bad++)
        {
            var rows = Enumerable.Range(1, 40).Select(i => Encoding.UTF8.GetBytes($"row {i},é😀\r\n")).ToList();
            rows[bad - 1] = [.. "cut,"u8, 0xC3, .. "\r\n"u8];
            using var reader = new CsvReader(ExportLimits.Default);
            var refused = Assert.Throws<ExportRefusedException>(() =>
            {
                reader.Reset(new Pieces([.. rows.SelectMany(r => r)], chunk));
                while (reader.Read())
                {
                }
            });
            Assert.Equal("export.encoding", refused.Refusal.Code);
            Assert.Equal(bad, reader.RowNumber);
        }
    }

    private static string Quote(string field) =>
        field.AsSpan().ContainsAny(",\"\r\n") ? $"\"{field.Replace("\"", "\"\"", StringComparison.Ordinal)}\"" : field;

    private static string Printable(string? text) =>
        new([.. (text ?? "").Where(c => c is not '\0' && !char.IsSurrogate(c))]);

    private static List<string[]> Read(string text, int chunk)
    {
        using var reader = new CsvReader(ExportLimits.Default);
        reader.Reset(new Pieces(Encoding.UTF8.GetBytes(text), chunk));
        var rows = new List<string[]>();
        while (reader.Read())
            rows.Add([.. Enumerable.Range(0, reader.FieldCount).Select(i => Encoding.UTF8.GetString(reader.Value(i)))]);
        return rows;
    }

    private sealed class Pieces(byte[] bytes, int size) : ICsvSource
    {
        private int _at;

        public string Name => "test.csv";

        public int Read(Span<byte> buffer)
        {
            var count = Math.Min(Math.Min(size, buffer.Length), bytes.Length - _at);
            bytes.AsSpan(_at, count).CopyTo(buffer);
            _at += count;
            return count;
        }
    }
}
