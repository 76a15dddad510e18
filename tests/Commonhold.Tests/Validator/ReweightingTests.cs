using System.Text.Json.Nodes;
using Commonhold.Client;
using Commonhold.Exports.Reddit;
using Commonhold.Tests.Exports;
using Commonhold.Validator.State;
using Commonhold.Validator.Value;
using Commonhold.Validator.Value.Reweighting;
using Microsoft.Data.Sqlite;
using Xunit;

namespace Commonhold.Tests.Validator;

public sealed class ReweightingTests : IDisposable
{
    private static readonly byte[] Key = new byte[32];
    private readonly SqliteConnection _connection = new("Data Source=:memory:");
    private readonly ReweightingBook _book;

    public ReweightingTests()
    {
        _connection.Open();
        using var command = _connection.CreateCommand();
        command.CommandText = ReweightingBook.Schema;
        command.ExecuteNonQuery();
        _book = new ReweightingBook(_connection);
    }

    [Fact]
    public async Task Vectors_are_taken_only_where_reweighting_is_on_and_never_more_than_a_few()
    {
        Assert.Empty((await Examine(0, keepsTexts: false)).Texts);
        var export = await Examine(0, keepsTexts: true);
        Assert.Equal(FeatureSampler.Most, export.Texts.Count);
        Assert.Equal(export.Texts.Select(t => (t.Row, t.Label)), (await Examine(0, keepsTexts: true)).Texts.Select(t => (t.Row, t.Label)));
        Assert.All(export.Texts, t => Assert.Contains(export.Rows.Rows.ToArray(), r => r.Key == t.Row));
    }

    [Fact]
    public async Task A_week_makes_a_report_that_adds_up_and_multipliers_within_their_bounds()
    {
        for (uint account = 1; account <= 6; account++)
            _book.Keep(new AccountNumber(account), (await Examine((int)account, keepsTexts: true)).Texts);
        Assert.True(_book.HasAnything);

        // Accounts 1 to 4 are two people; nothing is proved of 5 and 6.
        var json = _book.Reweigh("2026-W47", a => a.Value <= 4 ? new AccountNumber(((a.Value - 1) / 2 * 2) + 1) : null, Key).ToJsonBytes();
        var report = JsonNode.Parse(json)!;
        var clusters = report["clusters"]!.AsArray();
        Assert.Equal(3, clusters.Count);
        Assert.Equal(6 * FeatureSampler.Most, (int)report["texts"]!);
        Assert.Equal((double)report["accuracy"]!, clusters.Sum(c => (double)c!["value"]!), 1e-9);
        Assert.Contains(clusters, c => (string?)c!["pseudonym"] == "unproved");
        Assert.All(clusters, c => Assert.InRange((double)c!["multiplier"]!, 0.5, 1.5));
        Assert.Equal("2026-W47", _book.LastWeek);
        var unproved = clusters.Single(c => (string?)c!["pseudonym"] == "unproved")!;
        Assert.Equal((int)Math.Round((double)unproved["multiplier"]! * 1000), _book.MultiplierOf(new AccountNumber(6), isProved: false));
        Assert.Equal(1000, _book.MultiplierOf(new AccountNumber(77), isProved: true));

        // Nobody can follow a person from week to week.
        var next = JsonNode.Parse(_book.Reweigh("2026-W48", a => a, Key).ToJsonBytes())!["clusters"]!.AsArray();
        Assert.Empty(clusters.Select(c => (string?)c!["pseudonym"]).Intersect(next.Select(c => (string?)c!["pseudonym"])));
    }

    [Fact]
    public async Task Turned_off_it_forgets_everything()
    {
        _book.Keep(new AccountNumber(1), (await Examine(1, keepsTexts: true)).Texts);
        _book.Reweigh("2026-W47", a => a, Key);
        _book.Forget();
        Assert.False(_book.HasAnything);
        Assert.Equal(1000, _book.MultiplierOf(new AccountNumber(1), isProved: true));
        Assert.Empty(_book.Reweigh("2026-W48", a => a, Key).Clusters);
    }

    public void Dispose() => _connection.Dispose();

    private static async Task<ExaminedExport> Examine(int account, bool keepsTexts)
    {
        var (_, bytes) = CleaningTests.Clean(await CleaningTests.SampleBytes(account));
        var examination = await ExportExaminer.ExamineAsync(new MemoryStream(bytes), new RedditFormat(), default, Key, keepsTexts: keepsTexts);
        Assert.True(examination.Passed, examination.Refusal?.ToString());
        return examination.Export;
    }
}
