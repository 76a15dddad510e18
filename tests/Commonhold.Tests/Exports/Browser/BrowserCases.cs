using System.Reflection;
using System.Text;
using Commonhold.Exports;
using Commonhold.Exports.AppleHealth;
using Commonhold.Exports.BrowsingHistory;
using Commonhold.Exports.Samples;
using Commonhold.Exports.Tables.Samples;
using Commonhold.Tests.Exports.Sources;
using Commonhold.Tests.Exports.Tables;

namespace Commonhold.Tests.Exports.Browser;

/// <summary>Databases, health records, datasets' own schemas and cleaned packages with something odd in them.</summary>
internal static class BrowserCases
{
    private const string Browsing = "browsing-history-v1";
    private const string Health = "apple-health-v1";

    public static IEnumerable<BrowserCase> Files() => [.. Histories(), .. Documents(), .. Changed()];

    /// <summary>The cases of the tests of descriptors, and more of their values.</summary>
    public static IEnumerable<BrowserCase> Generic()
    {
        foreach (var row in RowsOf(nameof(GenericSchemaTests.Every_type_has_one_plain_form)).Concat(RowsOf(nameof(GenericSchemaTests.A_value_that_is_not_of_its_type_is_refused))))
            yield return Cell((string)row[0], (string)row[1], (string)row[2]);
        foreach (var row in RowsOf(nameof(GenericSchemaTests.A_field_that_cannot_be_checked_is_refused)))
            yield return Cell((string)row[0], (string)row[1], "1");
        foreach (var row in RowsOf(nameof(GenericSchemaTests.What_would_be_passed_over_in_silence_is_refused)))
            yield return Table((string)row[0], Tables.Packages.Descriptor("""{ "name": "id" }""", (string)row[1], "", (string)row[2]), "id\n1\n");
        foreach (var (type, values) in BrowserValues.All)
        {
            foreach (var value in values)
                yield return Cell($"{type}: {value}", type, value);
        }

        foreach (var one in BrowserValues.Tables)
            yield return one;
    }

    /// <summary>Every format's cleaned form read again, and packages that say too much or too little.</summary>
    public static IEnumerable<BrowserCase> Packages()
    {
        foreach (var format in ExportFormats.All.Where(f => f.Name != "reddit"))
        {
            var sample = new MemoryStream();
            format.WriteSample(sample, new SampleOptions(7, 2, 40));
            yield return new BrowserCase($"{format.Schema}, again", format.Schema, "c.zip", Tables.Packages.Clean(format, sample.ToArray(), format.SampleFileName(new SampleOptions())));
        }

        const string Fields = """{ "name": "id", "type": "integer", "constraints": { "required": true, "minimum": 1 } }, { "name": "at", "type": "datetime" }, { "name": "w", "constraints": { "unique": true } }""";
        var descriptor = Tables.Packages.Descriptor(Fields);
        var cleaned = Tables.Packages.Clean(Tables.Packages.Generic(descriptor), Tables.Packages.Zip(("rows.csv", "id,at,w\n1,2024-05-06T07:08:09Z,a\n2,,b\n")));
        (string Name, string File, Func<string, string?> Change)[] changes =
        [
            ("as it is", "rows.csv", text => text),
            ("a file more", "other.csv", _ => "x"),
            ("a table less", "rows.csv", _ => null),
            ("a table without a header", "rows.csv", _ => ""),
            ("a column more", "rows.csv", _ => "id,at,w,ip\r\n"),
            ("columns in another order", "rows.csv", _ => "at,id,w\r\n"),
            ("a column less", "rows.csv", _ => "id,at\r\n"),
            ("a value less", "rows.csv", text => text + "3,\r\n"),
            ("another spelling", "rows.csv", text => text + "03,,\r\n"),
            ("another spelling of a moment", "rows.csv", text => text + "3,2024-05-06T07:08:09.0Z,\r\n"),
            ("a text twice", "rows.csv", text => text + "3,,a\r\n"),
            ("below the minimum", "rows.csv", text => text + "0,,\r\n"),
            ("another name", "datapackage.json", text => text.Replace("\"test-v1\"", "\"other-v1\"", StringComparison.Ordinal)),
            ("a member more", "datapackage.json", text => text.Replace("\"profile\": \"tabular-data-package\"", "\"note\": 1, \"profile\": \"tabular-data-package\"", StringComparison.Ordinal)),
            ("a member twice", "datapackage.json", text => text.Replace("\"form\": \"cleaned\"", "\"form\": \"cleaned\", \"form\": \"cleaned\"", StringComparison.Ordinal)),
            ("a constraint less", "datapackage.json", text => text.Replace("\"unique\": true", "\"unique\": false", StringComparison.Ordinal)),
            ("a bound in other digits", "datapackage.json", text => text.Replace("\"minimum\": 1", "\"minimum\": 1.0", StringComparison.Ordinal)),
            ("an account", "datapackage.json", text => text.Replace("\"platform\": \"test-v1\"", "\"platform\": \"test-v1\", \"id\": \"x\"", StringComparison.Ordinal)),
            ("no JSON", "datapackage.json", _ => "{"),
            ("not cleaned", "datapackage.json", text => text.Replace("\"cleaned\"", "\"mine\"", StringComparison.Ordinal)),
        ];
        foreach (var (name, file, change) in changes)
            yield return new BrowserCase(name, "test-v1", "c.zip", Tables.Packages.With(cleaned, file, change), descriptor);
    }

    private static BrowserCase Cell(string name, string type, string value) => Table(
        name, Tables.Packages.Descriptor($$"""{ "name": "v" {{type}} }, { "name": "w" }"""), $"v,w\n\"{value.Replace("\"", "\"\"", StringComparison.Ordinal)}\",x\n");

    private static BrowserCase Table(string name, string descriptor, string csv) => new(name, "test-v1", "t.zip", Tables.Packages.Zip(("rows.csv", csv)), descriptor);

    private static IEnumerable<object[]> RowsOf(string test) =>
        typeof(GenericSchemaTests).GetMethod(test)!.GetCustomAttributes<InlineDataAttribute>().SelectMany(row => row.GetData(null!)).Select(row => row!);

    private static IEnumerable<BrowserCase> Histories()
    {
        // Addresses, times and text as SQLite itself writes them, in each of its encodings and with small pages.
        foreach (var encoding in (string[])["UTF-8", "UTF-16le", "UTF-16be"])
        {
            foreach (var page in (int[])[512, 4096, 65_536])
            {
                using var database = new Databases($"encoding = '{encoding}'", $"page_size = {page}");
                database.Run("CREATE TABLE urls(id INTEGER PRIMARY KEY, url LONGVARCHAR, title, hidden INTEGER DEFAULT 0 NOT NULL)", "CREATE TABLE visits(id INTEGER PRIMARY KEY, url INTEGER NOT NULL, visit_time INTEGER NOT NULL, note TEXT)");
                database.Together(() =>
                {
                    foreach (var (url, i) in Addresses.Select((url, i) => (url, i)))
                    {
                        database.Insert("INSERT INTO urls(id, url, title) VALUES ($0, $1, $2)", i + 1L, url, new string('é', i * 40));
                        database.Insert("INSERT INTO visits(url, visit_time, note) VALUES ($0, $1, $2)", i + 1L, 13_300_000_000_000_000 + (i * 777_777L), i % 3 == 0 ? new string('n', 1500) : null);
                    }

                    database.Insert("INSERT INTO visits(url, visit_time) VALUES (999, 13300000000000001), (1, 'never'), (1, 13300000000000000.5), ('1', 13300000000000002), (1, -5)");
                });
                database.Run("ALTER TABLE urls ADD COLUMN added TEXT DEFAULT 'x'");
                yield return new BrowserCase($"Chrome's addresses, {encoding}, pages of {page}", Browsing, "History", database.Bytes());
            }
        }

        yield return new BrowserCase("History that is JSON", Browsing, "History", """{"Browser History": [{"url": "https://a.example/x?y#z", "time_usec": 1716192000000000}]}"""u8.ToArray());
        yield return new BrowserCase("History without its table", Browsing, "History", Made("CREATE TABLE urls(id INTEGER PRIMARY KEY, url)"));
        yield return new BrowserCase("History without rowids", Browsing, "History", Made("CREATE TABLE urls(id INTEGER PRIMARY KEY, url)", "CREATE TABLE visits(id INTEGER PRIMARY KEY, url, visit_time) WITHOUT ROWID"));
        yield return new BrowserCase("History of no visits", Browsing, "History", Made("CREATE TABLE urls(id INTEGER PRIMARY KEY, url)", "CREATE TABLE visits(id INTEGER PRIMARY KEY, url, visit_time)"));
        yield return new BrowserCase("a write-ahead log", Browsing, "History", WithWriteAheadLog());
    }

    private static readonly string[] Addresses =
    [
        "https://example.org/a?b#c", "HTTP://User:pw@WWW.Example.ORG:80/p/%41?q", "https://example.org:8443", "http://localhost/x", "http://router/", "http://192.168.1.1/", "http://3232235777/",
        "http://0x7f.1/", "http://8.8.8.8/x", "http://134744072/", "http://[::1]/", "http://[fe80::1]/", "http://[2001:db8::1]/x", "http://[::ffff:10.0.0.1]/", "http://printer.local/", "https://a.home.arpa/",
        "file:///etc/passwd", "chrome://settings/", "about:blank", "javascript:alert(1)", "ftp://example.org/a", "https://exa mple.org/", "https://example.org./a", "https://münchen.example/ä", "https:///x", "https://100.64.0.1/", "https://172.32.0.1/",
        "", "https://example.org/" + new string('p', 5000), "https://example.org/\\x", "https://a.b:c/", "https://www./", "https://1.2.3/", "https://010.0.0.1/", "https://256.1.1.1/",
    ];

    private static byte[] Made(params string[] statements)
    {
        using var database = new Databases();
        database.Run(statements);
        return database.Bytes();
    }

    private static byte[] WithWriteAheadLog()
    {
        var bytes = Sample(o => BrowsingSample.Make(o.Seed, o.Account, o.Rows, BrowsingForm.Firefox));
        (bytes[18], bytes[19]) = (2, 2);
        return bytes;
    }

    private static byte[] Sample(Func<SampleOptions, SampleArchive> make, string fileName = "file", int rows = 60)
    {
        var output = new MemoryStream();
        ArchiveSamples.Write(output, fileName, make(new SampleOptions(3, 1, rows)));
        return output.ToArray();
    }

    private static IEnumerable<BrowserCase> Documents()
    {
        const string Record = "<Record type=\"HKQuantityTypeIdentifierBodyMass\" sourceName=\"Scale\" unit=\"kg\" startDate=\"2024-05-06 07:08:09 +0200\" endDate=\"2024-05-06 07:08:09 +0200\" value=\"71.125\"/>";
        const string Whole = "<?xml version=\"1.0\" encoding=\"UTF-8\"?>\n<!DOCTYPE HealthData [\n<!-- 14 -->\n<!ELEMENT HealthData (Record*)>\n]>\n<HealthData locale=\"nl\">\n<ExportDate value=\"2024-06-01 00:00:00 +0200\"/>\n" + Record + "\n</HealthData>\n";
        yield return Xml("as it is", Whole);
        yield return Xml("cut", Whole[..^20]);
        yield return Xml("in an entity", Whole.Replace("71.125", "71&#46;125", StringComparison.Ordinal));
        yield return Xml("billion laughs", Whole.Replace("<!ELEMENT HealthData (Record*)>", "<!ENTITY a 'ha'><!ENTITY b '&a;&a;&a;&a;&a;&a;&a;&a;'>", StringComparison.Ordinal).Replace("71.125", "&b;", StringComparison.Ordinal));
        yield return Xml("a file by an entity", Whole.Replace("<!ELEMENT HealthData (Record*)>", "<!ENTITY a SYSTEM 'file:///etc/passwd'>", StringComparison.Ordinal).Replace("71.125", "&a;", StringComparison.Ordinal));
        yield return Xml("an external DTD", Whole.Replace("[\n<!-- 14 -->\n<!ELEMENT HealthData (Record*)>\n]", "SYSTEM 'http://127.0.0.1:1/x.dtd'", StringComparison.Ordinal));
        yield return Xml("brackets in the DTD", Whole.Replace("<!-- 14 -->", "<!ENTITY x ']>'><?p x?>", StringComparison.Ordinal));
        yield return Xml("a bracket in a comment of the DTD", Whole.Replace("<!-- 14 -->", "<!-- ] 14 \" ' -->", StringComparison.Ordinal));
        yield return Xml("a quote in an instruction of the DTD", Whole.Replace("<!-- 14 -->", "<?p ' ?>", StringComparison.Ordinal));
        yield return Xml("a public DTD", Whole.Replace("HealthData [", "HealthData PUBLIC '-//x' \"y\" [", StringComparison.Ordinal));
        yield return Xml("a public DTD without a place", Whole.Replace("HealthData [", "HealthData PUBLIC '-//x' [", StringComparison.Ordinal));
        yield return Xml("a DTD behind the root", Whole + "<!DOCTYPE a>");
        yield return Xml("two DTDs", Whole.Replace("<HealthData locale", "<!DOCTYPE a><HealthData locale", StringComparison.Ordinal));
        foreach (var depth in (int[])[40, 62, 63, 64, 65, 400])
            yield return Xml($"{depth} levels", Whole.Replace(Record, Record + string.Concat(Enumerable.Repeat("<x>", depth - 1)) + string.Concat(Enumerable.Repeat("</x>", depth - 1)), StringComparison.Ordinal));
        yield return Xml("a long attribute", Whole.Replace("locale=\"nl\"", $"locale=\"{new string('x', 500_000)}\"", StringComparison.Ordinal));
        yield return Xml("a huge attribute", Whole.Replace("locale=\"nl\"", $"locale=\"{new string('x', 3_000_000)}\"", StringComparison.Ordinal));
        yield return Xml("a huge comment", Whole.Replace("<!-- 14 -->", "", StringComparison.Ordinal).Replace(Record, $"<!-- {new string('x', 3_000_000)} -->{Record}", StringComparison.Ordinal));
        yield return Xml("very many names", Whole.Replace(Record, Record + string.Concat(Enumerable.Range(0, 5000).Select(i => $"<n{i}/>")), StringComparison.Ordinal));
        yield return Xml("many attributes", Whole.Replace("unit=", string.Concat(Enumerable.Range(0, 300).Select(i => $"a{i}='1' ")) + "unit=", StringComparison.Ordinal));
        yield return new BrowserCase("XML, Latin-1", Health, "export.xml", Encoding.Latin1.GetBytes(Whole.Replace("Scale", "Wåge", StringComparison.Ordinal)));
        yield return new BrowserCase("XML, UTF-16", Health, "export.xml", [0xFF, 0xFE, .. Encoding.Unicode.GetBytes(Whole)]);
        yield return new BrowserCase("XML, a mark in front", Health, "export.xml", Encoding.UTF8.GetBytes("\uFEFF" + Whole));
        foreach (var broken in (string[])["<r><a x='1'/>", "<r/><r/>", "<r/>x", "<r><a></r></a>", "<r>&e;</r>", "<r a='&#0;'/>", "<p:r/>", "<r xmlns:p='u'><p:a/></r>", "<r a='<'/>", "<r a=1/>", "<r a='1'b='2'/>", "<r>]]></r>", "<r><!-- -- --></r>", "<?xml version='1.1'?><r/>", " <?xml version='1.0'?><r/>", "<r><?XML x?></r>", "<r><![CDATA[x]]></r>", "<![CDATA[x]]><r/>", "<r a='1' a='2'/>", "<1/>", "<r:/>", "<r/ >", "<r\n/>", "<r></r >", "< r/>", "<r>\u0001</r>", "<r>\uFFFE</r>", "<r b='\t'/>", ""])
        {
            yield return Xml($"in front: {broken}", broken);
            yield return Xml($"inside: {broken}", Whole.Replace(Record, Record + broken, StringComparison.Ordinal));
        }
    }

    private static BrowserCase Xml(string name, string text) => new($"XML, {name}", Health, "export.xml", Encoding.UTF8.GetBytes(text));

    // Good files with one byte changed, or cut: the same of them on every run.
    private static IEnumerable<BrowserCase> Changed()
    {
        var random = new Random(20_261_122);
        (string Schema, string FileName, byte[] Good)[] files =
        [
            (Browsing, "History", Sample(o => BrowsingSample.Make(o.Seed, o.Account, o.Rows, BrowsingForm.Chrome), rows: 200)),
            (Browsing, "places.sqlite", Sample(o => BrowsingSample.Make(o.Seed, o.Account, o.Rows, BrowsingForm.Firefox), rows: 200)),
            (Health, "export.xml", Sample(o => HealthSample.Make(o.Seed, o.Account, o.Rows, HealthForm.File), rows: 20)),
        ];
        foreach (var (schema, fileName, good) in files)
        {
            for (var i = 0; i < 150; i++)
            {
                var bytes = good.ToArray();
                var at = i % 3 == 0 ? random.Next(Math.Min(200, good.Length)) : random.Next(good.Length);
                bytes[at] = (byte)random.Next(256);
                yield return new BrowserCase($"{fileName}, byte {at} is {bytes[at]}", schema, fileName, bytes);
            }

            foreach (var length in (int[])[0, 1, 99, 100, 512, good.Length / 2, good.Length - 1])
                yield return new BrowserCase($"{fileName}, {length} bytes of it", schema, fileName, good[..length]);
        }
    }
}
