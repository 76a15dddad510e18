using Commonhold.Tests.Exports.Tables;

namespace Commonhold.Tests.Exports.Browser;

/// <summary>Values, well written and not, of the types of Table Schema; and tables in which more than one value matters.</summary>
internal static class BrowserValues
{
    private static readonly string[] Numbers =
    [
        "0", "-0", "+5", "007", "-007", ".5", "5.", ".", "-", "", " 5", "5 ", "1e3", "1E+3", "1e-3", "1e", "1e+", "12345678901234567890", "79228162514264337593543950335", "79228162514264337593543950336",
        "0.1234567890123456789012345678", "0.12345678901234567890123456785", "1.00000000000000000000000000000", "123456789.12345678901234567890", "9.99999999999999999999999999995", "1e28", "1e29", "1e300", "1e309", "-1e-300",
        "1e-29", "4e-29", "6e-29", "-1e-400", "0e5", "0.000", "-0.0", "NaN", "INF", "-INF", "Infinity", "0x10", "1,000", "1_000", "١٢", "1.5.2", "--1", "123456789012345678901234567890123456789", "00000000000000000000000000000000000000000001",
    ];

    private static readonly string[] Moments =
    [
        "2024-05-06T07:08:09Z", "2024-05-06 07:08", "2024-05-06t07:08:09.1234567z", "2024-05-06T07:08:09.123456789Z", "2024-05-06T07:08:09.1234567890Z", "2024-05-06T07:08:60Z", "2024-05-06T24:00:00Z", "2024-02-30T00:00:00Z",
        "0001-01-01T00:00:00Z", "0001-01-01T00:00:00+01:00", "9999-12-31T23:59:59.9999999Z", "9999-12-31T23:59:60Z", "2024-05-06T07:08:09+14:00", "2024-05-06T07:08:09+14:60", "2024-05-06T07:08:09 +0530", "2024-05-06", "07:08:09", "07:08", "23:59:60", "07:08:09,25",
        "2024", "0000", "2024-13", "2024-00", "2024-12", "31/12/99", "1/2/68", "29/2/23", "29/2/24", "12:05 AM", "00:05 am", "13:05 pm", "12:5 pM", "March 5, 2024", "mar 5, 2024", "MARCH 05, 2024", "366 2024", "366 2023", "20240506 070809.25 +0100", "20240506 070809.25 Z", "20240506 070809.25 z",
    ];

    /// <summary>By what a field says besides its name.</summary>
    public static IEnumerable<(string Type, IReadOnlyList<string> Values)> All { get; } =
    [
        (""", "type": "number" """, Numbers),
        (""", "type": "integer" """, Numbers),
        (""", "type": "number", "constraints": { "minimum": -1.5, "maximum": "1e28" } """, Numbers),
        (""", "type": "number", "bareNumber": false, "groupChar": ",", "decimalChar": "." """, [.. Numbers, "€ -5.50", "95%", "-1,234,567.8", "none", "5 to 6"]),
        (""", "type": "integer", "bareNumber": false, "groupChar": " " """, [.. Numbers, "EUR 1 234", "-95%"]),
        (""", "type": "number", "decimalChar": ",", "groupChar": "." """, [.. Numbers, "1.234,5", "1,5"]),
        (""", "type": "datetime" """, Moments),
        (""", "type": "datetime", "constraints": { "minimum": "2024-01-01T00:00:00Z" } """, Moments),
        (""", "type": "date" """, Moments),
        (""", "type": "time", "constraints": { "maximum": "12:00:00" } """, Moments),
        (""", "type": "year" """, Moments),
        (""", "type": "yearmonth", "constraints": { "minimum": "2024-01" } """, Moments),
        (""", "type": "date", "format": "%d/%m/%y" """, Moments),
        (""", "type": "date", "format": "%b %d, %Y" """, Moments),
        (""", "type": "date", "format": "%j %Y" """, Moments),
        (""", "type": "time", "format": "%I:%M %p" """, Moments),
        (""", "type": "datetime", "format": "%Y%m%d %H%M%S.%f %z" """, Moments),
        (""", "type": "duration" """, ["P1Y", "P", "PT", "P1DT", "P1Y2M3W4DT5H6M7.5S", "-P1D", "P1M1Y", "P1.5D", "PT1.5S", "PT1.S", "P1S", "+P1D", "P99999999999999999999999999999999999999999999999999999999999999999D"]),
        (""", "type": "boolean" """, ["true", "True", "tRUE", "1", "0", "yes", "FALSE", ""]),
        (""", "format": "email" """, ["a@b", "a@b@c", "@b", "a@", "a b@c", "a@b\u00e9", new string('a', 300) + "@b"]),
        (""", "format": "uri" """, ["a:b", "1a:b", ":b", "a+b.c-d:", "http://x/{y}", "http://x y", "mailto:a@b"]),
        (""", "format": "uuid" """, ["095BE615-a8ad-4c33-8e9c-c7612fbf6c9f", "{095be615-a8ad-4c33-8e9c-c7612fbf6c9f}", "095be615-a8ad-4c33-8e9c-c7612fbf6c9g", "095be615a-8ad-4c33-8e9c-c7612fbf6c9f"]),
        (""", "format": "binary" """, ["", "aGVsbG8=", "aGVs\nbG8=", "aGVsbG8", "====", "a", "aGVsbG8=aGVs", "aGV$"]),
        (""", "type": "object" """, ["{}", " { \"b\" : [ 1 , \"\\ud83d\\ude00 \\u0041\\n\\/\" , 1.50 ] } ", "{\"a\":1,\"a\":2}", "{\"a\":\"\\ud83d\"}", "{\"a\":1}x", "{a:1}", "[]", "null", "{\"\u00a0\u2028\":\"<&'\u007f\u00ad\"}", new string('[', 70) + new string(']', 70)]),
        (""", "type": "array" """, ["[]", "[1,]", "[ ]", "[01]", "[1e5,-0,true]", new string('[', 64) + new string(']', 64), new string('[', 65) + new string(']', 65)]),
        (""", "constraints": { "minLength": 2, "maxLength": 3 } """, ["a", "ab", "abc", "abcd", "😀😀", "😀😀😀😀", ""]),
        .. Patterns.Select(p => ($$""", "constraints": { "pattern": {{System.Text.Json.JsonSerializer.Serialize(p)}} } """, (IReadOnlyList<string>)Texts)),
    ];

    private static string[] Patterns =>
    [
        "[a-z]+", "a|b|cd", "(?:ab)*", "a{2,3}", "a{2,}", "a{2}b?", "^a+$", "\\d+", "\\w+", "\\s", "[^a-c]*", ".", "..", "a.c", "\\p{Lu}+", "\\P{L}", "[\\d-]+", "[]a]+", "[a\\-z]+", "(?<x>a)b", "\\x61+", "\\u00e9", "\\.", "a{,2}", "(a|aa)*c?", "", "()", "a**", "[b-a]", "\\", "[", "(?i)a", "\\ba", "\\\\b", "[\\b]a", "[a-z-[aeiou]]+", "[^\\d-[x]]", "\\p{IsGreek}", "a\\Z", "a??b", "\\A\\w\\z", "x*|^ab$",
    ];

    private static string[] Texts => ["a", "b", "ab", "aa", "aaa", "cd", "abab", "AB", "é", "12", "١", " ", "\u00a0", "a\nc", "😀", "]", "-", "a{,2}", ".", "a-z", "ab\n"];

    /// <summary>Tables whose rows, columns and files matter together.</summary>
    public static IEnumerable<BrowserCase> Tables { get; } =
    [
        Rows("unique", """{ "name": "v", "constraints": { "unique": true } }, { "name": "w" }""", ("rows.csv", "v,w\na,1\n,1\n,1\nb,1\n")),
        Rows("not unique", """{ "name": "v", "constraints": { "unique": true } }, { "name": "w" }""", ("rows.csv", "v,w\na,1\nb,1\na,2\n")),
        new("another delimiter and missing values", "test-v1", "t.zip", Packages.Zip(("rows.csv", "b;extra;a\nNA;x;-\n1,5;y;7\n")),
            Packages.Descriptor("""{ "name": "a", "type": "integer" }, { "name": "b" }""", """, "missingValues": ["", "NA", "-"] """, "", """, "dialect": { "delimiter": ";" } """)),
        new("our members", "test-v1", "t.zip", Packages.Zip(("rows.csv", "id,at,u\n5,2024-05-06T07:08:09Z,https://www.Example.org/x\n6,,\n")),
            Packages.Descriptor("""{ "name": "id", "type": "integer" }, { "name": "at", "type": "datetime" }, { "name": "u" }""", """, "primaryKey": "id" """,
                """ "code": 7, "weight": 5, "scope": "history", "time": "at", "place": { "field": "u", "as": "domain" }, "keyAs": { "id": "lower" }, "quality": { "flat": 3, "zeroIf": [{ "field": "u", "localAddress": true }] }, "text": ["u"], "idNumber": "id" """)),
        new("a scope that is none", "test-v1", "t.zip", Packages.Zip(("rows.csv", "id\n5\n")), Packages.Descriptor("""{ "name": "id" }""", "", """ "scope": "all" """)),
        new("a key form of the wrong type", "test-v1", "t.zip", Packages.Zip(("rows.csv", "id\n5\n")), Packages.Descriptor("""{ "name": "id" }""", "", """ "keyAs": { "id": "minutes" } """)),
        new("no descriptor of this schema", "other-v1", "t.zip", Packages.Zip(("rows.csv", "id\n5\n")), Packages.Descriptor("""{ "name": "id" }""")),
        new("a schema of ours", "netflix-history-v1", "t.zip", Packages.Zip(("rows.csv", "id\n5\n")), Packages.Descriptor("""{ "name": "id" }""")),
        new("too large", "test-v1", "t.zip", Packages.Zip(("rows.csv", "id\n5\n")), Packages.Descriptor("""{ "name": "id" }""") + new string(' ', 70_000)),
        new("a title in other letters", "test-v1", "t.zip", Packages.Zip(("rows.csv", "id\n5\n")), Packages.Descriptor("""{ "name": "id" }""").Replace("\"resources\"", "\"title\": \"Ré 😀 <b>\u2028\", \"resources\"", StringComparison.Ordinal)),
        Rows("a package that says where its tables are", """{ "name": "id", "type": "integer" }""", ("datapackage.json", """{ "name": "mine", "resources": [ { "name": "rows", "path": "data/table-1.csv" }, { "name": "photos", "path": "x.zip" } ] }"""), ("data/table-1.csv", "id,ip\n5,203.0.113.1\n")),
        Rows("a package that is broken", """{ "name": "id", "type": "integer" }""", ("datapackage.json", """{ "name": "mine", "resources": [ { "path": "data/table-1.csv" } ] }"""), ("rows.csv", "id\n5\n")),
        Rows("another file", """{ "name": "id", "type": "integer" }""", ("other.csv", "id\n5\n")),
        Rows("a required column less", """{ "name": "id", "constraints": { "required": true } }""", ("rows.csv", "number\n1\n")),
        Rows("both forms", """{ "name": "id" }""", ("rows.csv", "id\n1\n"), ("rows.jsonl", "{\"id\":\"2\"}"), ("a/rows.ndjson", "{\"id\":3}")),
        .. ((string[])[
            "{\"n\":1.50,\"s.t\":\"a\\nb\",\"b\":true,\"o\":{\"k\":[1]},\"other\":1}\r\n\r\n{\"b\":false}", "\uFEFF{\"n\":1}\n \t\r\n", "{\"n\":1,\"n\":2}", "{\"o\":{\"k\":1,\"k\":2}}", "{\"o\":{\"k\":{\"z\":1,\"z\":2}}}", "{\"zz\":{\"k\":1,\"k\":2}}",
            "[1]", "1", "{\"n\":1}{\"n\":2}", "{\"n\":", "{\"n\":01}", "{\"s.t\":{}}", "{\"s.t\":{\"a\":1}}", "{\"s.t\":\"\\ud83d\\u0000x\"}", "{\"n\":\"1,5\"}", "{\"b\":\"ja\"}", "{\"b\":1}", "{\"n\":null,\"o\":null}", "{\"o\":[]}", "{\"s.t\":12.50}", "", "{}",
        ]).Select((lines, i) => Rows($"lines {i}: {lines}", """{ "name": "n", "type": "number", "decimalChar": "," }, { "name": "s.t" }, { "name": "b", "type": "boolean", "trueValues": ["ja"], "falseValues": ["nein"] }, { "name": "o", "type": "object" }""", ("data/rows.jsonl", lines))),
        Rows("a line too long", """{ "name": "n" }""", ("rows.jsonl", $"{{\"n\":\"{new string('x', 1_200_000)}\"}}")),
    ];

    private static BrowserCase Rows(string name, string fields, params (string Name, string Text)[] files) =>
        new(name, "test-v1", "t.zip", Packages.Zip(files), Packages.Descriptor(fields));
}
