using System.Text;
using System.Text.Json.Nodes;
using Commonhold.Client;
using Commonhold.Ethereum;

namespace Commonhold.Tests.Client.Browser;

/// <summary>What the browser's check reads of a stranger ends, whatever the stranger sends.</summary>
public sealed class BrowserVerifierBoundsTests
{
    [BrowserCodeFact]
    public async Task A_page_of_a_log_without_end_is_given_up_at_its_limit()
    {
        using var guardian = HostileServer.Endless(Encoding.ASCII.GetBytes(new string('x', 65_536)));
        var read = await ReadAsync(guardian.Url, pageBytes: 1_000_000);
        Assert.Equal(0, (int)read["lines"]!);
        Assert.Contains("longer than 1,000,000 bytes", (string)read["silent"]!, StringComparison.Ordinal);
    }

    [BrowserCodeFact]
    public async Task A_log_of_which_a_byte_a_second_comes_is_given_up_in_time()
    {
        using var guardian = HostileServer.Dripping("{\"sequence\":0,");
        var read = await ReadAsync(guardian.Url, new JsonObject { ["milliseconds"] = 1_500 });
        Assert.Contains("more did not come in that time", (string)read["silent"]!, StringComparison.Ordinal);
        Assert.InRange((double)read["milliseconds"]!, 1_000, 20_000);
    }

    [BrowserCodeFact]
    public async Task A_log_that_is_a_line_longer_at_each_question_ends_where_it_was_asked_first()
    {
        var log = Log(40);
        var asked = 0;
        using var guardian = HostileServer.Answering(_ => Line(log[asked++]));
        var read = await ReadAsync(guardian.Url, known: 3);
        Assert.Equal((3, null, null), ((int)read["lines"]!, (string?)read["broken"], (string?)read["silent"]));
    }

    [BrowserCodeFact]
    public async Task A_log_longer_than_a_page_can_hold_is_checked_as_far_and_said_to_be_so()
    {
        var log = Log(2_500);
        using var guardian = HostileServer.Answering(request => string.Concat(log.Skip(int.Parse(request.Split("from=")[1].Split(' ')[0], System.Globalization.CultureInfo.InvariantCulture)).Take(1000).Select(Line)));
        var whole = await ReadAsync(guardian.Url);
        Assert.Equal((2_500, null), ((int)whole["lines"]!, (string?)whole["silent"]));
        var part = await ReadAsync(guardian.Url, new JsonObject { ["lines"] = 2_000 });
        Assert.Equal(2_000, (int)part["lines"]!);
        Assert.Contains("longer than this page reads: checked as far as line 1999", (string)part["silent"]!, StringComparison.Ordinal);
    }

    [BrowserCodeFact]
    public async Task The_tree_of_rewards_has_after_each_batch_the_root_of_the_tree_built_whole()
    {
        Random random = new(5);
        JsonArray batches = [];
        for (var batch = 0; batch < 30; batch++)
        {
            JsonObject earned = [];
            for (var i = random.Next(0, 9); i >= 0; i--)
                earned[Address.Parse(Keccak256.Hash([(byte)random.Next(60)]).ToString()[..42]).ToString().ToLowerInvariant()] = random.Next(3) == 0 ? "0" : $"{random.Next(1, 1_000_000)}";
            batches.Add(earned);
        }

        var roots = (await BrowserVerifier.AskAsync(new JsonObject { ["rewards"] = batches })).AsArray();
        Assert.All(roots, state => Assert.Equal((string)state!["whole"]!, (string)state["root"]!));
        Assert.True(roots.Select(state => (string)state!["root"]!).Distinct().Count() > 20);
    }

    private static Task<JsonNode> ReadAsync(Uri guardian, JsonObject? limits = null, int? known = null, int? pageBytes = null) => BrowserVerifier.AskAsync(new JsonObject
    {
        ["log"] = new JsonObject { ["url"] = guardian.AbsoluteUri, ["limits"] = limits, ["known"] = known, ["pageBytes"] = pageBytes },
    });

    private static ReleaseLogEntry[] Log(int count)
    {
        var entries = new ReleaseLogEntry[count];
        for (var i = 0; i < count; i++)
            entries[i] = ReleaseLogEntry.Chain(i, new ReleaseRecord(
                1_800_000_000 + i, 42, Keccak256.Hash([1]), new GrantId(7), Keccak256.Hash([2]), new BatchId(3), [0], Keccak256.Hash([3]), []), i == 0 ? Bytes32.Zero : entries[i - 1].Digest);
        return entries;
    }

    private static string Line(ReleaseLogEntry entry) => Encoding.UTF8.GetString(entry.ToLine()) + "\n";
}
