using System.Text;
using System.Text.Json.Nodes;
using Commonhold.Exports;
using FsCheck;
using FsCheck.Fluent;

namespace Commonhold.Tests.Exports.Tables;

/// <summary>The cleaned form as hostile input, and its laws on tables of every type.</summary>
public class CleanedPackageTests
{
    private const string Fields = """
        { "name": "id", "type": "integer", "constraints": { "required": true, "minimum": 1, "maximum": 1000 } },
        { "name": "at", "type": "datetime" }, { "name": "day", "type": "date" }, { "name": "share", "type": "number" },
        { "name": "done", "type": "boolean" }, { "name": "words", "type": "string", "constraints": { "maxLength": 60 } },
        { "name": "more", "type": "object" }
        """;

    private static readonly ExportFormat Format = Packages.Generic(Packages.Descriptor(
        Fields, """, "primaryKey": ["id", "words"]""", """ "code": 7, "scope": "authored", "place": { "field": "words" }, "text": ["words"], "time": "at" """));

    private static readonly byte[] Cleaned = Packages.Clean(Format, Packages.Zip(("rows.csv",
        "id,at,day,share,done,words,more\n1,2024-05-06T07:08:09Z,2024-05-06,0.50,TRUE,\"a, \"\"b\"\"\",\"{ \"\"a\"\": [1, 2] }\"\n2,,,,,,\n")));

    [Fact]
    public void The_cleaned_form_is_a_data_package_in_plain_form()
    {
        var files = Packages.Unzip(Cleaned);
        Assert.Equal(
            "id,at,day,share,done,words,more\r\n1,2024-05-06T07:08:09Z,2024-05-06,0.5,true,\"a, \"\"b\"\"\",\"{\"\"a\"\":[1,2]}\"\r\n2,,,,,,\r\n",
            files["rows.csv"]);
        var package = JsonNode.Parse(files["datapackage.json"])!;
        Assert.Equal(("tabular-data-package", "test-v1", "rows.csv"), ((string)package["profile"]!, (string)package["name"]!, (string)package["resources"]![0]!["path"]!));
        Assert.Equal("cleaned", (string)package["commonhold"]!["form"]!);
    }

    [Theory]
    [InlineData("a file that no table is", "other.csv", "x", "export.unknown_file")]
    [InlineData("a table that is named and not there", "rows.csv", null, "export.package_invalid")]
    [InlineData("no package", "datapackage.json", null, "export.not_cleaned")]
    [InlineData("a package that is no JSON", "datapackage.json", "{", "export.not_cleaned")]
    [InlineData("a table without a header", "rows.csv", "", "export.header")]
    [InlineData("a column that the schema lacks", "rows.csv", "id,at,day,share,done,words,more,ip\n", "export.not_cleaned")]
    [InlineData("a column that is missing", "rows.csv", "id,at,day,share,done,words\n", "export.header")]
    [InlineData("columns in another order", "rows.csv", "at,id,day,share,done,words,more\n", "export.header")]
    [InlineData("a column twice", "rows.csv", "id,id,day,share,done,words,more\n", "export.header")]
    public void A_package_that_holds_more_or_less_is_refused(string name, string file, string? text, string code) =>
        Assert.Equal((name, code), (name, Packages.ReadStrictly(Format, Packages.With(Cleaned, file, _ => text)).Refusal?.Code));

    [Theory]
    [InlineData("too many values", "1,,,,,,,x", "export.row_too_wide")]
    [InlineData("too few", "1,,,,,", "export.row_too_narrow")]
    [InlineData("nothing where something is required", ",,,,,,", "export.field_invalid")]
    [InlineData("no integer", "x,,,,,,", "export.field_invalid")]
    [InlineData("zeros in front", "01,,,,,,", "export.field_invalid")]
    [InlineData("a plus sign", "+1,,,,,,", "export.field_invalid")]
    [InlineData("below the minimum", "0,,,,,,", "export.field_invalid")]
    [InlineData("above the maximum", "1001,,,,,,", "export.field_invalid")]
    [InlineData("another spelling of a moment", "1,2024-05-06T07:08:09.000Z,,,,,", "export.field_invalid")]
    [InlineData("a moment with a zone", "1,2024-05-06T07:08:09+00:00,,,,,", "export.field_invalid")]
    [InlineData("a day that is none", "1,,2024-02-30,,,,", "export.field_invalid")]
    [InlineData("another spelling of a number", "1,,,0.50,,,", "export.field_invalid")]
    [InlineData("another spelling of a boolean", "1,,,,TRUE,,", "export.field_invalid")]
    [InlineData("a text too long", "1,,,,,0123456789012345678901234567890123456789012345678901234567890,", "export.field_invalid")]
    [InlineData("JSON with space", "1,,,,,,\"{ }\"", "export.field_invalid")]
    [InlineData("an array for an object", "1,,,,,,[]", "export.field_invalid")]
    [InlineData("a quote inside", "1,,,,,a\"b,", "export.quote")]
    public void A_row_that_is_not_plain_and_within_its_constraints_is_refused(string name, string row, string code)
    {
        var refusal = Packages.ReadStrictly(Format, Packages.With(Cleaned, "rows.csv", _ => $"id,at,day,share,done,words,more\r\n3,,,,,,\r\n{row}\r\n")).Refusal;
        Assert.Equal((name, code), (name, refusal?.Code));
        Assert.Contains("rows.csv, row 3", refusal!.Detail, StringComparison.Ordinal);
        Assert.NotEmpty(refusal.Hint);
    }

    [Fact]
    public void A_refusal_names_the_place_and_never_the_value()
    {
        var refusal = Packages.ReadStrictly(Format, Packages.With(Cleaned, "rows.csv", text => text + "secret-value,,,,,,\r\n")).Refusal!;
        Assert.Equal("rows.csv, row 4, column 'id' is not of the type integer.", refusal.Detail);
    }

    [Theory]
    [InlineData("another schema", "$.name", "\"other-v1\"")]
    [InlineData("a member of its own", "$.note", "\"call me\"")]
    [InlineData("a table's own member", "$.resources[0].note", "\"call me\"")]
    [InlineData("a table twice", "$.resources[1]", null)]
    [InlineData("a column that the schema lacks", "$.resources[0].schema.fields[0].name", "\"ip\"")]
    [InlineData("another type", "$.resources[0].schema.fields[0].type", "\"string\"")]
    [InlineData("a constraint less", "$.resources[0].schema.fields[0].constraints", "{}")]
    [InlineData("a path out of the archive", "$.resources[0].path", "\"../rows.csv\"")]
    [InlineData("another platform", "$.commonhold.account.platform", "\"reddit\"")]
    [InlineData("an id that is no text", "$.commonhold.account.id", "7")]
    [InlineData("an id with a line end", "$.commonhold.account.id", "\"a\\nb\"")]
    [InlineData("a time that is none", "$.commonhold.account.exportedAt", "\"yesterday\"")]
    public void A_descriptor_that_says_anything_else_is_refused(string name, string path, string? value)
    {
        var changed = Packages.With(Cleaned, "datapackage.json", text =>
        {
            var root = JsonNode.Parse(text)!;
            if (value is null)
                root["resources"]!.AsArray().Add(root["resources"]![0]!.DeepClone());
            else
                Set(root, path, JsonNode.Parse(value)!);
            return root.ToJsonString();
        });
        Assert.Equal((name, "export.package_invalid"), (name, Packages.ReadStrictly(Format, changed).Refusal?.Code));
    }

    [Fact]
    public void Rows_beyond_the_limit_are_refused()
    {
        var source = ExportSource.OpenArchive(new MemoryStream(Cleaned), new ExportLimits { MaxRows = 1 });
        Assert.Equal("export.too_many_rows", Format.TryRead(source).Refusal?.Code);
    }

    [Fact]
    public void Places_beyond_the_limit_are_refused()
    {
        var rows = string.Concat(Enumerable.Range(1, 20).Select(i => $"{i},,,,,place {i},\r\n"));
        var zip = Packages.With(Cleaned, "rows.csv", _ => "id,at,day,share,done,words,more\r\n" + rows);
        Assert.Equal("export.too_many_places", Format.TryRead(ExportSource.OpenArchive(new MemoryStream(zip), new ExportLimits { MaxPlaces = 10 })).Refusal?.Code);
    }

    [Fact]
    public void Every_table_comes_back_as_it_was_given()
    {
        var words = Gen.Elements("", "plain", "a,b", "\"quoted\"", "line\nline", "\r\n", "naïve 😀", " pad ", "[deleted]", "=1+1", "\uFEFFmark");
        var row = from id in Gen.Choose(1, 1000)
                  from ticks in Gen.Choose(0, int.MaxValue)
                  from share in Gen.Choose(-100_000, 100_000)
                  from text in words
                  from filled in Gen.Choose(0, 31)
                  select (Id: id, Ticks: ticks, Share: share, Text: text, Filled: filled);
        Prop.ForAll(row.NonEmptyListOf().ToArbitrary(), rows =>
        {
            var table = new StringBuilder("id,at,day,share,done,words,more\n");
            foreach (var r in rows)
            {
                var at = DateTime.UnixEpoch.AddSeconds(r.Ticks).AddMicroseconds(r.Share);
                table.Append(null, $"{r.Id},{(Has(1) ? $"{at:yyyy-MM-ddTHH:mm:ss.ffffff}+02:00" : "")},{(Has(2) ? $"{at:yyyy-MM-dd}" : "")},")
                    .Append(null, $"{(Has(4) ? (r.Share / 1000m).ToString("0.000", null) : "")},{(Has(8) ? r.Share > 0 ? "True" : "0" : "")},\"{r.Text.Replace("\"", "\"\"", StringComparison.Ordinal)}\",{(Has(16) ? "\"{ \"\"k\"\": null }\"" : "")}\n");
                bool Has(int bit) => (r.Filled & bit) != 0;
            }

            var given = Packages.Zip(("rows.csv", table.ToString()));
            var cleaned = Packages.Clean(Format, given);
            var atHome = new Records();
            Format.TryRead(ExportSource.Open(new MemoryStream(given)), atHome).OrThrow();
            var back = Packages.RecordsOf(Format, cleaned);
            return atHome.All.SequenceEqual(back.All) && back.All.Count == rows.Count && back.All.Select(b => b.Text).SequenceEqual(rows.Select(r => r.Text))
                && Packages.Clean(Format, given).AsSpan().SequenceEqual(cleaned) && Packages.Clean(Format, cleaned).AsSpan().SequenceEqual(cleaned)
                && (rows.Select(r => (r.Id, r.Text)).Distinct().Count() == back.All.Select(b => b.Key).Distinct().Count());
        }).QuickCheckThrowOnFailure();
    }

    [Fact]
    public void Reading_ten_times_the_rows_takes_no_more_memory()
    {
        var (small, large) = (Allocated(2_000), Allocated(20_000));
        Assert.InRange(large, 0, small + (64 << 10));
    }

    private static long Allocated(int rows)
    {
        var table = string.Concat(Enumerable.Range(0, rows).Select(i => $"{1 + (i % 900)},2024-05-06T07:08:09Z,2024-05-06,0.5,true,word {i % 50},{{}}\r\n"));
        var zip = Packages.With(Cleaned, "rows.csv", _ => "id,at,day,share,done,words,more\r\n" + table);
        Read();
        var before = GC.GetAllocatedBytesForCurrentThread();
        Read();
        return GC.GetAllocatedBytesForCurrentThread() - before;

        void Read() => Assert.Null(Format.TryRead(ExportSource.OpenArchive(new MemoryStream(zip)), new Nothing()).Refusal);
    }

    private static void Set(JsonNode root, string path, JsonNode value)
    {
        var steps = path[2..].Replace("[", ".[", StringComparison.Ordinal).Split('.');
        var node = steps[..^1].Aggregate(root, (n, s) => s.StartsWith('[') ? n[int.Parse(s.Trim('[', ']'), null)]! : n[s]!);
        node[steps[^1]] = value;
    }

    private sealed class Nothing : RecordVisitor
    {
        public override void OnAccount(ExportAccount account)
        {
        }

        public override void OnRecord(in ExportRecord record)
        {
        }
    }
}
