using Commonhold.Exports.BrowsingHistory;
using Commonhold.Exports.Sources;
using Commonhold.Exports.Sources.Json;
using Commonhold.Exports.Sources.Sqlite;
using Commonhold.Tests.Exports.Sources;
using Microsoft.Data.Sqlite;

namespace Commonhold.Tests.Exports.BrowsingHistory;

public class BrowsingSampleTests
{
    [Fact]
    public void SQLite_finds_nothing_wrong_with_the_databases_of_samples()
    {
        foreach (var (form, count) in ((BrowsingForm, string)[])
            [(BrowsingForm.Chrome, "SELECT count(*) FROM visits"), (BrowsingForm.OlderChrome, "SELECT count(*) FROM visits"), (BrowsingForm.Firefox, "SELECT count(*) - 1 FROM moz_historyvisits")])
        {
            var path = Path.Combine(Path.GetTempPath(), $"commonhold-sample-{form}-{Environment.ProcessId}.sqlite");
            File.WriteAllBytes(path, BrowsingSample.Make(1, 0, 30_000, form).Files.Single().Bytes);
            try
            {
                using var connection = new SqliteConnection($"Data Source={path};Mode=ReadOnly;Pooling=False");
                connection.Open();
                Assert.Equal("ok", Scalar(connection, "PRAGMA integrity_check"));
                Assert.Equal(30_000L, Scalar(connection, count));
            }
            finally
            {
                File.Delete(path);
            }
        }
    }

    [Fact]
    public void One_persons_visits_are_the_same_in_every_form()
    {
        static string Visits(IRecordReader reader, long epoch) =>
            string.Join('\n', Records.All(reader, 2).Select(r => r.Split('|')).Where(r => r.Length == 2)
                .Select(r => $"{r[0]} {long.Parse(r[1], null) - epoch}").Order(StringComparer.Ordinal));

        static MemoryStream File(BrowsingForm form) => new(BrowsingSample.Make(3, 2, 500, form).Files[0].Bytes);
        var takeout = Visits(new JsonRecordReader(File(BrowsingForm.Takeout), "f", new RecordSelection("['Browser History'][*]", ["url", "time_usec"])), 0);
        var chrome = Visits(new SqliteRecordReader(File(BrowsingForm.Chrome), "f", new RecordSelection("visits", ["urls[url].url", "visit_time"])), 11_644_473_600_000_000);
        var older = Visits(new SqliteRecordReader(File(BrowsingForm.OlderChrome), "f", new RecordSelection("visits", ["urls[url].url", "visit_time"])), 11_644_473_600_000_000);
        Assert.Equal(500, takeout.Count(c => c == '\n') + 1);
        Assert.Equal(takeout, chrome);
        Assert.Equal(takeout, older);
        var firefox = Records.All(new SqliteRecordReader(File(BrowsingForm.Firefox), "f", new RecordSelection("moz_historyvisits", ["moz_places[place_id].url", "visit_date", "visit_type"])), 3);
        Assert.Equal(takeout, string.Join('\n', firefox.Where(r => r.EndsWith("|1", StringComparison.Ordinal)).Select(r => r[..^2].Replace('|', ' ')).Order(StringComparer.Ordinal)));
    }

    private static object? Scalar(SqliteConnection connection, string query)
    {
        using var command = connection.CreateCommand();
        command.CommandText = query;
        return command.ExecuteScalar();
    }
}
