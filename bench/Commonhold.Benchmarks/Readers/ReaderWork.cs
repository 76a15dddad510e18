using System.Globalization;
using System.Text;
using System.Text.Json;
using System.Xml;
using Commonhold.Exports.Sources;
using Commonhold.Exports.Sources.Json;
using Commonhold.Exports.Sources.Sqlite;
using Commonhold.Exports.Sources.Xml;
using Microsoft.Data.Sqlite;

namespace Commonhold.Benchmarks.Readers;

/// <summary>Our readers and the bare ones that they are held against, on the same bytes. Each returns what it counted, so that nothing
/// is optimised away and both sides can be compared.</summary>
internal static class ReaderWork
{
    public static long OurJson(byte[] bytes) => Count(
        new JsonRecordReader(new MemoryStream(bytes), "History.json", new RecordSelection("$['Browser History'][*]", ["url", "time_usec"])), 2);

    public static long BareJson(byte[] bytes)
    {
        var reader = new Utf8JsonReader(bytes);
        var depth = 0L;
        while (reader.Read())
            depth += reader.TokenType == JsonTokenType.EndObject ? 1 : 0;
        return depth;
    }

    public static long OurXml(byte[] bytes) => Count(
        new XmlRecordReader(new MemoryStream(bytes), "export.xml", new RecordSelection("HealthData/Record", ["type", "startDate", "endDate", "value", "unit", "device", "sourceName"])), 7);

    public static long BareXml(byte[] bytes)
    {
        using var reader = XmlReader.Create(new MemoryStream(bytes), new XmlReaderSettings { DtdProcessing = DtdProcessing.Ignore, XmlResolver = null });
        var elements = 0L;
        while (reader.Read())
            elements += reader.NodeType == XmlNodeType.Element ? 1 : 0;
        return elements;
    }

    public static long OurSqlite(string path)
    {
        using var file = new FileStream(path, FileMode.Open, FileAccess.Read, FileShare.Read, bufferSize: 0);
        return Count(new SqliteRecordReader(file, "History", new RecordSelection("visits", ["urls[url].url", "visit_time"])), 2);
    }

    public static long BareSqlite(string path)
    {
        using var connection = new SqliteConnection($"Data Source={path};Mode=ReadOnly;Pooling=False");
        connection.Open();
        using var command = connection.CreateCommand();
        command.CommandText = "SELECT u.url, v.visit_time FROM visits v JOIN urls u ON u.id = v.url ORDER BY v.id";
        using var reader = command.ExecuteReader();
        var rows = 0L;
        while (reader.Read())
            rows += reader.GetString(0).Length > 0 && reader.GetInt64(1) > 0 ? 1 : 0;
        return rows;
    }

    private static long Count(IRecordReader reader, int fields)
    {
        using (reader)
        {
            var rows = 0L;
            while (reader.Read())
            {
                var there = 0;
                for (var field = 0; field < fields; field++)
                    there += reader.TryGet(field, out _) ? 1 : 0;
                rows += there > 0 ? 1 : 0;
            }

            return rows;
        }
    }

    public static byte[] History(int visits)
    {
        var text = new StringBuilder("{\"Browser History\":[");
        for (var i = 0; i < visits; i++)
        {
            text.Append(CultureInfo.InvariantCulture, $"{(i > 0 ? "," : "")}{{\"favicon_url\":\"https://www.example.org/favicon.ico\",\"page_transition_qualifier\":\"CLIENT_REDIRECT\",")
                .Append(CultureInfo.InvariantCulture, $"\"title\":\"Page number {i} \\u2013 Example\",\"url\":\"https://www.example.org/articles/{i % 5000}/the-night-train?ref={i}\",\"time_usec\":{1_683_793_800_123_457 + (i * 7_000_001L)},\"client_id\":\"c3ludGgtY2xpZW50\"}}");
        }

        return Encoding.UTF8.GetBytes(text.Append("]}").ToString());
    }

    public static byte[] Health(int records)
    {
        using var output = new MemoryStream();
        using (var stream = new HealthStream(records))
            stream.CopyTo(output);
        return output.ToArray();
    }

    public static void WriteDatabase(string path, int visits)
    {
        using var connection = new SqliteConnection($"Data Source={path};Pooling=False");
        connection.Open();
        Run("CREATE TABLE urls(id INTEGER PRIMARY KEY AUTOINCREMENT,url LONGVARCHAR,title LONGVARCHAR,visit_count INTEGER DEFAULT 0 NOT NULL,last_visit_time INTEGER NOT NULL)");
        Run("CREATE TABLE visits(id INTEGER PRIMARY KEY,url INTEGER NOT NULL,visit_time INTEGER NOT NULL,from_visit INTEGER,transition INTEGER DEFAULT 0 NOT NULL,visit_duration INTEGER DEFAULT 0 NOT NULL)");
        Run($"WITH RECURSIVE n(i) AS (SELECT 1 UNION ALL SELECT i + 1 FROM n WHERE i < {visits / 4}) INSERT INTO urls SELECT i, 'https://www.example.org/articles/' || i || '/the-night-train?ref=' || i, 'Page number ' || i, 1, 1 FROM n");
        Run($"WITH RECURSIVE n(i) AS (SELECT 1 UNION ALL SELECT i + 1 FROM n WHERE i < {visits}) INSERT INTO visits SELECT i, 1 + (i * 7919) % {visits / 4}, 13300000000000000 + i * 7000001, 0, 1, 0 FROM n");

        void Run(string sql)
        {
            using var command = connection.CreateCommand();
            command.CommandText = sql;
            command.ExecuteNonQuery();
        }
    }
}
