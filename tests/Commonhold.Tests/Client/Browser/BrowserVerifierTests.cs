using System.Text;
using System.Text.Json.Nodes;
using Commonhold.Client;
using Commonhold.Ethereum;

namespace Commonhold.Tests.Client.Browser;

/// <summary>The browser hashes what C# and Solidity hash, and stops at the same line of the same log.</summary>
public sealed class BrowserVerifierTests
{
    private static readonly JsonNode Vectors = JsonNode.Parse(File.ReadAllText(Path.Combine(Repository.Root, "tests", "testdata", "protocol-vectors.json")))!;

    [BrowserCodeFact]
    public async Task Leaves_and_the_root_over_them_are_those_of_the_vectors()
    {
        var leaves = Vectors["leaves"]!.AsArray();
        foreach (var leaf in leaves)
            Assert.Equal(Text(leaf!["hash"]), Text(await BrowserVerifier.AskAsync(new JsonObject { ["leaf"] = leaf.DeepClone() })));
        Assert.Equal(Text(Vectors["batchRoot"]), Text(await RootAsync(leaves.Select(leaf => Text(leaf!["hash"])))));
    }

    [BrowserCodeFact]
    public async Task Reward_leaves_and_the_root_over_them_are_those_of_the_vectors()
    {
        var rewards = Vectors["rewards"]!.AsArray();
        foreach (var reward in rewards)
            Assert.Equal(Text(reward!["hash"]), Text(await BrowserVerifier.AskAsync(new JsonObject
            {
                ["rewardLeaf"] = new JsonObject { ["account"] = Text(reward["account"]), ["points"] = Text(reward["cumulativePoints"]) },
            })));
        Assert.Equal(Text(Vectors["rewardRoot"]), Text(await RootAsync(rewards.Select(reward => Text(reward!["hash"])))));
    }

    [BrowserCodeFact]
    public async Task What_validators_sign_has_the_hash_of_the_vectors()
    {
        var batch = Vectors["batch"]!.DeepClone().AsObject();
        batch["id"] = batch["batchId"]!.DeepClone();
        Assert.Equal(Text(batch["structHash"]), Text(await BrowserVerifier.AskAsync(new JsonObject { ["batch"] = batch })));
    }

    [BrowserCodeFact]
    public async Task A_log_made_by_a_guardian_is_read_to_its_end()
    {
        var log = Log(7);
        var read = await ReadAsync(log);
        Assert.Equal((7, log[^1].Digest.ToString(), null), ((int)read["count"]!, Text(read["head"]), read["broken"]));
    }

    [BrowserCodeFact]
    public async Task A_tampered_log_ends_at_the_same_line_for_both()
    {
        var honest = Log(4).Select(Line).ToArray();
        (string What, Func<string, string> Change)[] changes =
        [
            ("another grant", line => line.Replace("\"grantId\":7", "\"grantId\":8", StringComparison.Ordinal)),
            ("one index more", line => line.Replace("[0,1,2]", "[0,1,2,3]", StringComparison.Ordinal)),
            ("a space", line => line.Replace(",\"batchId\"", ", \"batchId\"", StringComparison.Ordinal)),
            ("a leading zero", line => line.Replace("\"block\":42", "\"block\":042", StringComparison.Ordinal)),
            ("a fraction", line => line.Replace("\"block\":42", "\"block\":42.0", StringComparison.Ordinal)),
            ("an exponent", line => line.Replace("\"block\":42", "\"block\":4.2e1", StringComparison.Ordinal)),
            ("capital digits", line => line.Replace("0x", "0X", StringComparison.Ordinal)),
            ("an escaped letter", line => line.Replace("contribution.withdrawn", "contribution.\\u0077ithdrawn", StringComparison.Ordinal)),
            ("a field more", line => line.Replace("\"digest\"", "\"more\":1,\"digest\"", StringComparison.Ordinal)),
            ("a field twice", line => line.Replace("{\"sequence\"", "{\"sequence\":2,\"sequence\"", StringComparison.Ordinal)),
            ("another number in the row", line => line.Replace("\"sequence\":2", "\"sequence\":3", StringComparison.Ordinal)),
            ("half a line", line => line[..(line.Length / 2)]),
            ("nothing", _ => ""),
            ("a byte order mark", line => "\uFEFF" + line),
        ];
        foreach (var (what, change) in changes)
        {
            string[] lines = [honest[0], honest[1], change(honest[2]), honest[3]];
            var read = await ReadAsync(lines);
            Assert.Equal((what, 2, 2), (what, (int)read["count"]!, (int?)read["broken"]));
            Assert.Equal((what, 2L), (what, Accepted(lines)));
        }
    }

    [BrowserCodeFact]
    public async Task A_line_taken_out_put_twice_or_moved_is_noticed()
    {
        var honest = Log(4).Select(Line).ToArray();
        Assert.Equal(1, (int)(await ReadAsync([honest[0], honest[2], honest[3]]))["broken"]!);
        Assert.Equal(2, (int)(await ReadAsync([honest[0], honest[1], honest[1]]))["broken"]!);
        Assert.Equal(0, (int)(await ReadAsync([honest[1], honest[0]]))["broken"]!);
        // Written anew from the second line on, with digests that fit: only who kept an earlier head can tell.
        Assert.Null((await ReadAsync(Log(4, grant: 9)))["broken"]);
    }

    private static Task<JsonNode> RootAsync(IEnumerable<string> hashes) =>
        BrowserVerifier.AskAsync(new JsonObject { ["root"] = new JsonArray([.. hashes.Select(hash => JsonValue.Create(hash))]) });

    private static Task<JsonNode> ReadAsync(IEnumerable<ReleaseLogEntry> log) => ReadAsync(log.Select(Line));

    private static Task<JsonNode> ReadAsync(IEnumerable<string> lines) =>
        BrowserVerifier.AskAsync(new JsonObject { ["lines"] = new JsonArray([.. lines.Select(line => JsonValue.Create(line))]) });

    private static long Accepted(IEnumerable<string> lines)
    {
        ReleaseLogVerifier verifier = new();
        try
        {
            foreach (var line in lines)
                verifier.Accept(Encoding.UTF8.GetBytes(line));
        }
        catch (FormatException)
        {
            // Where it stopped is what is asked for.
        }

        return verifier.Count;
    }

    private static ReleaseLogEntry[] Log(int count, ulong grant = 7)
    {
        var entries = new ReleaseLogEntry[count];
        for (var i = 0; i < count; i++)
            entries[i] = ReleaseLogEntry.Chain(i, new ReleaseRecord(
                1_800_000_000 + i, 42, Keccak256.Hash([1]), new GrantId(grant), Keccak256.Hash([2]), new BatchId(3), i == 3 ? [] : [0, 1, 2], Keccak256.Hash([3]),
                i == 0 ? [] : [new IndexRefusal(9, "contribution.withdrawn"), new IndexRefusal(4_294_967_295, "contribution.unknown")]), i == 0 ? Bytes32.Zero : entries[i - 1].Digest);
        return entries;
    }

    private static string Line(ReleaseLogEntry entry) => Encoding.UTF8.GetString(entry.ToLine());

    private static string Text(JsonNode? node) => node!.GetValue<string>();
}
