using System.Text;
using Commonhold.Exports;

namespace Commonhold.Tests.Exports.Tables;

/// <summary>A dataset's own Frictionless descriptor: every type, every constraint, every source; and descriptors that a vote should not have passed.</summary>
public class GenericSchemaTests
{
    [Theory]
    [InlineData("string", "", "naïve", "naïve")]
    [InlineData("email", """, "format": "email" """, "a@b.example", "a@b.example")]
    [InlineData("uri", """, "format": "uri" """, "urn:isbn:0451450523", "urn:isbn:0451450523")]
    [InlineData("uuid", """, "format": "uuid" """, "095be615-a8ad-4c33-8e9c-c7612fbf6c9f", "095be615-a8ad-4c33-8e9c-c7612fbf6c9f")]
    [InlineData("binary", """, "format": "binary" """, "aGVsbG8=", "aGVsbG8=")]
    [InlineData("integer", """, "type": "integer" """, "+0042", "42")]
    [InlineData("minus nothing", """, "type": "integer" """, "-000", "0")]
    [InlineData("a negative one", """, "type": "integer" """, "-007", "-7")]
    [InlineData("an integer in groups", """, "type": "integer", "groupChar": "," """, "-1,234,567", "-1234567")]
    [InlineData("an integer that is not bare", """, "type": "integer", "bareNumber": false """, "€ 95%", "95")]
    [InlineData("number", """, "type": "number" """, "1234.5600", "1234.56")]
    [InlineData("a number with an exponent", """, "type": "number" """, "1.5e3", "1500")]
    [InlineData("a very large one", """, "type": "number" """, "1e300", "1E+300")]
    [InlineData("a very small one", """, "type": "number" """, "-1e-300", "-1E-300")]
    [InlineData("no number", """, "type": "number" """, "NaN", "NaN")]
    [InlineData("a number of another land", """, "type": "number", "decimalChar": ",", "groupChar": "." """, "1.234,50", "1234.5")]
    [InlineData("boolean", """, "type": "boolean" """, "TRUE", "true")]
    [InlineData("own words for booleans", """, "type": "boolean", "trueValues": ["yes"], "falseValues": ["no"] """, "no", "false")]
    [InlineData("date", """, "type": "date" """, "2024-02-29", "2024-02-29")]
    [InlineData("a date of another order", """, "type": "date", "format": "%d/%m/%y" """, "31/12/99", "1999-12-31")]
    [InlineData("a date in words", """, "type": "date", "format": "%B %d, %Y" """, "march 5, 2024", "2024-03-05")]
    [InlineData("time", """, "type": "time" """, "23:59:01.50", "23:59:01.5")]
    [InlineData("a time with halves", """, "type": "time", "format": "%I:%M %p" """, "12:05 am", "00:05:00")]
    [InlineData("datetime", """, "type": "datetime" """, "2024-05-06T07:08:09Z", "2024-05-06T07:08:09Z")]
    [InlineData("a datetime of another zone", """, "type": "datetime" """, "2024-05-06T07:08:09.1234567+02:00", "2024-05-06T05:08:09.1234567Z")]
    [InlineData("any datetime", """, "type": "datetime", "format": "any" """, "2024-05-06 07:08 -0500", "2024-05-06T12:08:00Z")]
    [InlineData("a datetime by pattern", """, "type": "datetime", "format": "%Y%m%d %H%M%S.%f %z" """, "20240506 070809.25 +0100", "2024-05-06T06:08:09.25Z")]
    [InlineData("year", """, "type": "year" """, "2024", "2024")]
    [InlineData("yearmonth", """, "type": "yearmonth" """, "2024-05", "2024-05")]
    [InlineData("duration", """, "type": "duration" """, "P1Y2M10DT2H30M1.5S", "P1Y2M10DT2H30M1.5S")]
    [InlineData("object", """, "type": "object" """, "{ \"b\" : 1, \"a\" : \"\\u00e9\" }", "{\"b\":1,\"a\":\"é\"}")]
    [InlineData("array", """, "type": "array" """, "[ 1.0, {} ]", "[1.0,{}]")]
    [InlineData("any", """, "type": "any" """, "what it is", "what it is")]
    public void Every_type_has_one_plain_form(string name, string type, string value, string plain)
    {
        var format = Packages.Generic(Packages.Descriptor($$"""{ "name": "v" {{type}} }"""));
        var quoted = $"\"{value.Replace("\"", "\"\"", StringComparison.Ordinal)}\"";
        var cleaned = Packages.Clean(format, Packages.Zip(("rows.csv", $"v\n{quoted}\n")));
        var expected = plain.AsSpan().ContainsAny(",\"") ? $"\"{plain.Replace("\"", "\"\"", StringComparison.Ordinal)}\"" : plain;
        Assert.Equal((name, $"v\r\n{expected}\r\n"), (name, Packages.Unzip(cleaned)["rows.csv"]));
        Assert.Single(Packages.RecordsOf(format, cleaned).All);
        Assert.Equal(cleaned, Packages.Clean(format, cleaned));
    }

    [Theory]
    [InlineData("email", """, "format": "email" """, "nobody")]
    [InlineData("uri", """, "format": "uri" """, "no uri")]
    [InlineData("uuid", """, "format": "uuid" """, "095be615a8ad4c338e9cc7612fbf6c9f")]
    [InlineData("binary", """, "format": "binary" """, "aGVsbG8")]
    [InlineData("integer", """, "type": "integer" """, "1.0")]
    [InlineData("an integer too long", """, "type": "integer" """, "123456789012345678901234567890123456789")]
    [InlineData("number", """, "type": "number" """, "1,5")]
    [InlineData("hexadecimal", """, "type": "number" """, "0x10")]
    [InlineData("boolean", """, "type": "boolean" """, "maybe")]
    [InlineData("date", """, "type": "date" """, "2023-02-29")]
    [InlineData("time", """, "type": "time" """, "24:00:00")]
    [InlineData("datetime", """, "type": "datetime" """, "2024-05-06")]
    [InlineData("a datetime with a zone beyond the world", """, "type": "datetime" """, "2024-05-06T07:08:09+15:00")]
    [InlineData("yearmonth", """, "type": "yearmonth" """, "2024-13")]
    [InlineData("duration", """, "type": "duration" """, "P1H")]
    [InlineData("a duration of nothing", """, "type": "duration" """, "PT")]
    [InlineData("object", """, "type": "object" """, "[]")]
    [InlineData("array", """, "type": "array" """, "[1,]")]
    [InlineData("required", """, "constraints": { "required": true } """, "")]
    [InlineData("minLength in characters", """, "constraints": { "minLength": 2 } """, "é")]
    [InlineData("maxLength in characters", """, "constraints": { "maxLength": 2 } """, "abc")]
    [InlineData("minimum", """, "type": "number", "constraints": { "minimum": 0.5 } """, "0.49999")]
    [InlineData("maximum as text", """, "type": "date", "constraints": { "maximum": "2024-01-01" } """, "2024-01-02")]
    [InlineData("no number within bounds", """, "type": "number", "constraints": { "minimum": 0 } """, "NaN")]
    [InlineData("pattern of the whole value", """, "constraints": { "pattern": "[a-z]+" } """, "abc1")]
    [InlineData("enum", """, "constraints": { "enum": ["a", "b"] } """, "c")]
    public void A_value_that_is_not_of_its_type_is_refused(string name, string type, string value)
    {
        var format = Packages.Generic(Packages.Descriptor($$"""{ "name": "v" {{type}} }, { "name": "w" }"""));
        var refusal = Packages.Clean(format, Packages.Zip(("rows.csv", $"v,w\n\"{value}\",x\n")), out _).Refusal;
        Assert.Equal((name, "export.field_invalid"), (name, refusal?.Code));
        Assert.Contains("column 'v'", refusal!.Detail, StringComparison.Ordinal);
    }

    [Fact]
    public void A_column_that_must_be_unique_is()
    {
        var format = Packages.Generic(Packages.Descriptor("""{ "name": "v", "constraints": { "unique": true } }, { "name": "w" }"""));
        Assert.Null(Packages.Clean(format, Packages.Zip(("rows.csv", "v,w\na,1\n,1\n,1\nb,1\n")), out _).Refusal);
        Assert.Equal("export.field_invalid", Packages.Clean(format, Packages.Zip(("rows.csv", "v,w\na,1\nb,1\na,2\n")), out _).Refusal?.Code);
    }

    [Fact]
    public void Missing_values_delimiter_and_column_order_are_the_descriptors()
    {
        var format = Packages.Generic(Packages.Descriptor(
            """{ "name": "a", "type": "integer" }, { "name": "b" }""", """, "missingValues": ["", "NA", "-"] """, "", """, "dialect": { "delimiter": ";" } """));
        var cleaned = Packages.Clean(format, Packages.Zip(("rows.csv", "b;extra;a\nNA;x;-\n1,5;y;7\n")));
        Assert.Equal("a,b\r\n,\r\n7,\"1,5\"\r\n", Packages.Unzip(cleaned)["rows.csv"]);
    }

    [Fact]
    public void JSON_Lines_and_CSV_give_the_same_rows()
    {
        var format = Packages.Generic(Packages.Descriptor(
            """{ "name": "n", "type": "number", "decimalChar": "," }, { "name": "s.t" }, { "name": "b", "type": "boolean", "trueValues": ["ja"], "falseValues": ["nein"] }, { "name": "o", "type": "object" }"""));
        var lines = "{\"n\":1.50,\"s.t\":\"a\\nb\",\"b\":true,\"o\":{\"k\":[1]},\"other\":1}\r\n\r\n{\"b\":false}";
        var csv = "n,s.t,b,o\n\"1,5\",\"a\nb\",ja,\"{\"\"k\"\":[1]}\"\n,,nein,\n";
        var fromLines = Packages.Clean(format, Packages.Zip(("data/rows.jsonl", lines)));
        Assert.Equal(fromLines, Packages.Clean(format, Packages.Zip(("rows.csv", csv))));
        Assert.Equal(fromLines, Packages.Clean(format, Encoding.UTF8.GetBytes(lines), "rows.jsonl"));
        Assert.Equal(fromLines, Packages.Clean(format, Encoding.UTF8.GetBytes(csv), "my table (1).csv"));
        Assert.Contains(
            new DroppedItem("data/rows.jsonl", "other", 2, "not a field we know"),
            Packages.Clean(format, Packages.Zip(("data/rows.jsonl", lines)), out _).OrThrow().Dropped);
    }

    [Fact]
    public void A_members_own_data_package_says_where_its_tables_are()
    {
        var format = Packages.Generic(Packages.Descriptor("""{ "name": "id", "type": "integer" }"""));
        var package = """{ "name": "mine", "resources": [ { "name": "rows", "path": "data/table-1.csv" }, { "name": "photos", "path": "x.zip" } ] }""";
        var cleaned = Packages.Clean(format, Packages.Zip(("datapackage.json", package), ("data/table-1.csv", "id,ip\n5,203.0.113.1\n")));
        Assert.Equal("id\r\n5\r\n", Packages.Unzip(cleaned)["rows.csv"]);
    }

    [Fact]
    public void Without_our_members_a_schema_has_sensible_defaults()
    {
        var format = Packages.Generic("""
            { "name": "test-v1", "profile": "tabular-data-package", "title": "Rides", "licenses": [ { "name": "CC0-1.0" } ],
              "resources": [
                { "name": "rides", "path": "rides.csv", "schema": { "fields": [ { "name": "began", "type": "datetime", "constraints": { "required": true } }, { "name": "km", "type": "number" } ] } },
                { "name": "stops", "path": "stops.csv", "schema": { "fields": [ { "name": "name" } ], "primaryKey": "name" } } ] }
            """);
        Assert.Equal([new RecordKind("rides", 1, 1_000_000, RowScope.Own), new RecordKind("stops", 2, 1_000_000, RowScope.Own)], format.Kinds);
        var records = Packages.RecordsOf(format, Packages.Clean(format, Packages.Zip(("rides.csv", "began,km\n2024-01-01T10:00:00Z,5\n2024-01-01T10:00:00Z,6\n"))));
        Assert.Equal(2, records.All.Select(r => r.Key).Distinct().Count());
        Assert.All(records.All, r => Assert.Equal((byte)255, r.Quality));
        Assert.Equal(new DateTimeOffset(2024, 1, 1, 10, 0, 0, TimeSpan.Zero), records.All[0].Time);
        Assert.Null(records.Account!.Id);
    }

    [Fact]
    public void Made_up_exports_of_a_schema_can_be_contributed()
    {
        var format = Packages.Generic(Packages.Descriptor("""
            { "name": "id", "type": "integer", "constraints": { "required": true, "unique": true } }, { "name": "at", "type": "datetime", "constraints": { "required": true } },
            { "name": "kind", "constraints": { "required": true, "enum": ["a", "b"] } }, { "name": "words", "constraints": { "minLength": 20, "maxLength": 40 } },
            { "name": "share", "type": "number", "constraints": { "minimum": 1, "maximum": 9 } }, { "name": "list", "type": "array" }, { "name": "took", "type": "duration" }
            """, """, "primaryKey": "id" """));
        using var sample = new MemoryStream();
        format.WriteSample(sample, new SampleOptions(3, 1, 50));
        Assert.Equal(50, Packages.RecordsOf(format, Packages.Clean(format, sample.ToArray(), format.SampleFileName(new SampleOptions()))).All.Count);
    }

    [Fact]
    public void A_file_without_the_schemas_columns_is_not_recognised()
    {
        var format = Packages.Generic(Packages.Descriptor("""{ "name": "id", "type": "integer", "constraints": { "required": true } }"""));
        var refusal = Packages.Clean(format, Packages.Zip(("rows.csv", "number\n1\n")), out _).Refusal;
        Assert.Equal("export.not_recognised", refusal?.Code);
        Assert.Contains("rows.csv with id", refusal!.Hint, StringComparison.Ordinal);
        Assert.Equal("export.not_recognised", Packages.Clean(format, Packages.Zip(("other.csv", "id\n1\n")), out _).Refusal?.Code);
    }

    [Theory]
    [InlineData("foreign keys", """, "foreignKeys": [] """, "", "descriptor.unsupported")]
    [InlineData("a key that is no field", """, "primaryKey": "other" """, "", "descriptor.invalid")]
    [InlineData("a remote table", "", """, "path": "https://example.org/rows.csv" """, "descriptor.unsupported")]
    [InlineData("a path out of the package", "", """, "path": "../rows.csv" """, "descriptor.unsupported")]
    [InlineData("a table in parts", "", """, "path": ["a.csv", "b.csv"] """, "descriptor.invalid")]
    [InlineData("another encoding", "", """, "encoding": "latin1" """, "descriptor.unsupported")]
    [InlineData("a table without a header", "", """, "dialect": { "header": false } """, "descriptor.unsupported")]
    [InlineData("another quote", "", """, "dialect": { "quoteChar": "'" } """, "descriptor.unsupported")]
    [InlineData("data inside the descriptor", "", """, "data": [] """, "descriptor.invalid")]
    [InlineData("sources of its own", "", """, "commonhold2": {} """, "descriptor.invalid")]
    public void What_would_be_passed_over_in_silence_is_refused(string name, string schema, string resource, string code)
    {
        var descriptor = Packages.Descriptor("""{ "name": "id" }""", schema, "", resource);
        Assert.Equal((name, code), (name, Refused(descriptor).Code));
    }

    [Theory]
    [InlineData("geopoint", """, "type": "geopoint" """, "descriptor.unsupported")]
    [InlineData("an unknown type", """, "type": "money" """, "descriptor.invalid")]
    [InlineData("an unknown format", """, "format": "phone" """, "descriptor.unsupported")]
    [InlineData("an unknown directive", """, "type": "date", "format": "%G-W%V" """, "descriptor.unsupported")]
    [InlineData("words for what is no boolean", """, "trueValues": ["y"] """, "descriptor.invalid")]
    [InlineData("the same character twice", """, "type": "number", "decimalChar": ",", "groupChar": "," """, "descriptor.invalid")]
    [InlineData("a digit as decimal character", """, "type": "number", "decimalChar": "1" """, "descriptor.invalid")]
    [InlineData("a bound without order", """, "constraints": { "minimum": "a" } """, "descriptor.unsupported")]
    [InlineData("a bound of another type", """, "type": "integer", "constraints": { "minimum": "x" } """, "descriptor.invalid")]
    [InlineData("a length of a number", """, "type": "integer", "constraints": { "minLength": 3 } """, "descriptor.invalid")]
    [InlineData("an enum of another type", """, "type": "integer", "constraints": { "enum": [1, "x"] } """, "descriptor.invalid")]
    [InlineData("a look-around", """, "constraints": { "pattern": "(?=a)b" } """, "descriptor.unsupported")]
    [InlineData("a back-reference", """, "constraints": { "pattern": "(a)\\1" } """, "descriptor.unsupported")]
    [InlineData("no expression", """, "constraints": { "pattern": "(" } """, "descriptor.invalid")]
    [InlineData("a machine of millions of states", """, "constraints": { "pattern": "((a{100}){100}){100}" } """, "descriptor.invalid")]
    [InlineData("a count without end", """, "constraints": { "pattern": "a{1,99999999999}" } """, "descriptor.invalid")]
    [InlineData("an index", """, "index": true """, "descriptor.invalid")]
    [InlineData("an escape that is half a character", """, "title": "\ud800" """, "descriptor.invalid")]
    public void A_field_that_cannot_be_checked_is_refused(string name, string field, string code) =>
        Assert.Equal((name, code), (name, Refused(Packages.Descriptor($$"""{ "name": "v" {{field}} }""")).Code));

    [Fact]
    public void Descriptors_are_bounded()
    {
        Assert.Equal("descriptor.too_large", Refused(Packages.Descriptor("""{ "name": "v" }""") + new string(' ', 70_000)).Code);
        Assert.Equal("descriptor.invalid", Refused(new string('[', 200)).Code);
        Assert.Equal("descriptor.invalid", Refused("{}").Code);
        Assert.Equal("descriptor.invalid", Refused("""{ "name": "test-v1", "resources": [] }""").Code);
        Assert.Equal("descriptor.invalid", Refused(Packages.Descriptor(string.Join(',', Enumerable.Range(0, 65).Select(i => $$"""{ "name": "f{{i}}" }""")))).Code);
        Assert.Equal("descriptor.invalid", Refused(Packages.Descriptor("""{ "name": "v" }, { "name": "V" }""")).Code);
        Assert.Equal("descriptor.invalid", Refused(Packages.Descriptor("""{ "name": "a\nb" }""")).Code);
        Assert.Equal("descriptor.invalid", Refused(Packages.Descriptor("""{ "name": "v" }"""), "other-v1").Code);
        Assert.Equal("descriptor.invalid", Refused(Packages.Descriptor("""{ "name": "v" }""").Replace("\"rows\"", "\"../rows\"", StringComparison.Ordinal)).Code);
        Assert.Equal("descriptor.invalid", Refused(Packages.Descriptor("""{ "name": "v" }""").Replace("test-v1", "reddit-export-v1", StringComparison.Ordinal), "reddit-export-v1").Code);
    }

    [Fact]
    public void A_pattern_made_to_hang_takes_linear_time()
    {
        var format = Packages.Generic(Packages.Descriptor("""{ "name": "v", "constraints": { "pattern": "(a|aa)*b?(a*)*c" } }"""));
        var clock = System.Diagnostics.Stopwatch.StartNew();
        Assert.Equal("export.field_invalid", Packages.Clean(format, Encoding.UTF8.GetBytes($"v\n{new string('a', 200_000)}\n"), out _, "rows.csv").Refusal?.Code);
        Assert.True(clock.Elapsed < TimeSpan.FromSeconds(30));
    }

    [Fact]
    public void A_schema_without_a_descriptor_is_one_of_ours_or_unknown()
    {
        Assert.Null(ExportFormats.ForSchema("test-v1"));
        Assert.Equal("netflix", ExportFormats.ForSchema("netflix-history-v1")?.Name);
    }

    private static ExportRefusal Refused(string descriptor, string schema = "test-v1") =>
        Assert.Throws<ExportRefusedException>(() => Packages.Generic(descriptor, schema)).Refusal;
}
