using System.Globalization;
using System.Text;
using System.Text.Json;
using System.Text.Json.Nodes;
using Commonhold.Client;
using Commonhold.Client.Contracts;
using Commonhold.Ethereum;
using Commonhold.Tests.Client.Browser;

namespace Commonhold.ServerTests.Guardians;

/// <summary>The browser's check against a real chain and real guardians, and against a log that lies.</summary>
[Collection(GuardianCollection.Name), Trait("Speed", "slow")]
public sealed class BrowserAuditTests(DaoFixture guardians)
{
    private TestDao Dao => guardians.Dao;

    [AnvilFact]
    public async Task The_browser_finds_nothing_in_honest_logs_and_names_the_line_of_a_false_one()
    {
        Assert.True(BrowserVerifier.IsBuilt, "web/dist/verify.mjs is missing: npm run --prefix web build");
        var batch = await Dao.CommitAsync(TestDao.Seal(guardians.Dataset, Dao.Member.Address, "a"), TestDao.Seal(guardians.Dataset, Dao.Member.Address, "b"));
        await Dao.WithdrawAsync(Dao.Member, batch, 1);
        var terms = Dao.Terms();
        var grant = await Dao.GrantAsync(terms);
        var before = await CountLinesAsync();
        await guardians.AskAsync(1, new ReleaseRequest(grant, terms, batch.BatchId, [0]));

        var honest = await CheckAsync(null);
        // Other tests of this chain reorganise it after an answer; what the check says of their lines is right, and not the question here.
        var own = honest["releases"]!["findings"]!.AsArray().Select(finding => finding!["where"]!.GetValue<string>())
            .Where(where => int.Parse(where[(where.LastIndexOf(' ') + 1)..], CultureInfo.InvariantCulture) >= before);
        Assert.Equal("held", (string)honest["logs"]!["state"]!);
        Assert.Empty(own);

        var head = (await Dao.Ethereum.BlockAsync(BlockReference.Latest, default))!;
        ReleaseRecord release = new(1, head.Number, head.Hash, grant, terms.Hash(), batch.BatchId, [0], Keccak256.Hash([1]), []);
        ReleaseRecord[] lines =
        [
            release, release with { BlockHash = Keccak256.Hash([2]) }, release with { GrantId = new GrantId(123_456) }, release with { TermsHash = Keccak256.Hash([3]) },
            release with { BatchId = new BatchId(terms.Scope) }, release with { Indices = [2] }, release with { Indices = [1] },
        ];
        var lying = await CheckAsync(lines);
        Assert.Equal("failed", (string)lying["releases"]!["state"]!);
        Assert.Equal(
            Enumerable.Range(1, 6).Select(line => $"Guardian 1, line {line}"), lying["releases"]!["findings"]!.AsArray().Select(finding => finding!["where"]!.GetValue<string>()));
        // The lying log is not the one that was read before.
        Assert.Equal("failed", (string)lying["logs"]!["state"]!);
    }

    [AnvilFact]
    public async Task The_browser_names_what_is_missing_when_the_node_or_the_endpoint_keeps_something_back()
    {
        Assert.True(BrowserVerifier.IsBuilt, "web/dist/verify.mjs is missing: npm run --prefix web build");
        var batch = await Dao.CommitAsync(TestDao.Seal(guardians.Dataset, Dao.Member.Address, "c"), TestDao.Seal(guardians.Dataset, Dao.Member.Address, "d"));
        await Dao.WithdrawAsync(Dao.Member, batch, 1);
        var grant = await Dao.GrantAsync(Dao.Terms());
        await guardians.AskAsync(1, new ReleaseRequest(grant, Dao.Terms(), batch.BatchId, [0]));

        var whole = (await CheckAsync(null))["history"]!;
        Assert.True("held" == (string)whole["state"]!, whole.ToJsonString());

        // The node names a first block that is after all of it.
        var head = (await Dao.Ethereum.BlockAsync(BlockReference.Latest, default))!;
        var late = await CheckAsync(null, firstBlock: (long)head.Number + 1);
        Assert.Equal("failed", (string)late["history"]!["state"]!);
        Assert.Equal(["Batches", "Requests", "Splits"], Places(late).Where(place => !place.Contains(' ', StringComparison.Ordinal) && place is not ("Payments" or "Rewards")));
        Assert.Contains($"number {(grant.Value == 0 ? "0" : $"0 to {grant}")} was read from block {head.Number + 1} on", late["history"]!.ToJsonString(), StringComparison.Ordinal);

        (Bytes32 Topic, string Named)[] hidden =
        [
            (AccessMarket.AccessRequestedEvent.Event.Topic, "Requests"), (AccessMarket.GrantOpenedEvent.Event.Topic, $"Request {grant}"),
            (ContributionRegistry.BatchCommittedEvent.Event.Topic, "Batches"), (ContributionRegistry.ContributionWithdrawnEvent.Event.Topic, $"Batch {batch.BatchId}"),
            (RevenuePool.SplitChangedEvent.Event.Topic, "Splits"),
        ];
        foreach (var (topic, named) in hidden)
            Assert.Contains(named, Places(await CheckAsync(null, without: topic)));
    }

    private static IEnumerable<string> Places(Dictionary<string, JsonNode> checks) => checks["history"]!["findings"]!.AsArray().Select(finding => (string)finding!["where"]!);

    private async Task<int> CountLinesAsync()
    {
        var count = 0;
        await foreach (var _ in guardians.Client(1).ReadLogAsync(0, default))
            count++;
        return count;
    }

    private async Task<Dictionary<string, JsonNode>> CheckAsync(IReadOnlyList<ReleaseRecord>? instead, long firstBlock = 0, Bytes32? without = null)
    {
        var subject = new JsonObject { ["index"] = 1, ["url"] = guardians.AddressOf(1) };
        List<string> real = [];
        await foreach (var line in guardians.Client(1).ReadLogAsync(0, default))
            real.Add(line);
        subject["known"] = new JsonObject { ["lines"] = real.Count, ["head"] = ReleaseLogEntry.Parse(Encoding.UTF8.GetBytes(real[^1])).Digest.ToString() };
        if (instead is not null)
        {
            Bytes32 previous = default;
            JsonArray lines = [];
            for (var i = 0; i < instead.Count; i++)
            {
                var entry = ReleaseLogEntry.Chain(i, instead[i], previous);
                previous = entry.Digest;
                lines.Add(Encoding.UTF8.GetString(entry.ToLine()));
            }

            subject["lines"] = lines;
        }

        var answer = await BrowserVerifier.AskAsync(new JsonObject
        {
            ["live"] = new JsonObject
            {
                ["rpc"] = Dao.Chain.Url.ToString(), ["node"] = Dao.Node.Address.ToString(), ["chainId"] = await Dao.Ethereum.ChainIdAsync(default),
                ["contracts"] = new JsonObject { ["market"] = $"{Dao.Contracts.Market}", ["registry"] = $"{Dao.Contracts.Registry}", ["pool"] = $"{Dao.Contracts.Pool}" },
                ["guardians"] = new JsonArray(subject), ["firstBlock"] = firstBlock, ["without"] = new JsonArray([.. without is { } topic ? [JsonValue.Create($"{topic}")] : Array.Empty<JsonNode>()]),
            },
        });
        return answer.AsArray().ToDictionary(check => check!["id"]!.GetValue<string>(), check => check!);
    }
}
