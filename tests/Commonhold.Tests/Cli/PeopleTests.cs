using System.Diagnostics;
using System.Text.Json.Nodes;
using Commonhold.Cli;
using Commonhold.Cli.Embedded;
using Commonhold.Client;
using Commonhold.Exports;
using Commonhold.Exports.Reddit;

namespace Commonhold.Tests.Cli;

/// <summary>What the verbs do for a member, a buyer and a holder, on a whole node, as they would type it.</summary>
[Trait("Speed", "slow")]
public sealed class PeopleTests : IDisposable
{
    /// <summary>Longer than any machine needs for what is typed meanwhile: the test moves the clock, and nobody waits.</summary>
    private static readonly GovernanceRules Unhurried = GovernanceRules.Trial with { VotingDelay = 600, VotingPeriod = 3600, LateQuorumExtension = 600, TimelockDelay = 600 };
    private readonly string directory = Directory.CreateTempSubdirectory("commonhold-").FullName;

    private CommonholdHome Home => new(Path.Combine(directory, "home"));

    public void Dispose() => Directory.Delete(directory, recursive: true);

    [AnvilFact]
    public async Task A_member_and_a_buyer_go_from_an_export_to_revenue_and_a_withdrawal_by_commands_alone()
    {
        await using var node = await EmbeddedNode.StartAsync(
            new EmbeddedOptions(Home) { Port = 0, ChainPort = 0, BatchAge = TimeSpan.FromSeconds(1), Rules = Unhurried }, _ => { }, CancellationToken.None);
        await SampleExports.WriteAllAsync(Path.Combine(directory, "exports"), 1);
        var export = Directory.GetFiles(Path.Combine(directory, "exports"), "*.zip").Single();
        foreach (var name in new[] { "me", "buyer" })
        {
            await RunAsync(ExitCode.Ok, "key", "new", name, "--generate-passphrase");
            await RunAsync(ExitCode.Ok, "faucet", "--key", name);
        }

        var contributed = await RunAsync(ExitCode.Ok, "contribute", export);
        var digest = (string)contributed![0]!["ciphertextDigest"]!;
        Assert.Equal("contribution.duplicate", (string?)(await RunAsync(ExitCode.Refused, "contribute", await RezippedAsync(export)))![0]!["code"]);
        for (var clock = Stopwatch.StartNew(); (string?)(await RunAsync(ExitCode.Ok, "contributions"))!.AsArray().Single(c => (string?)c!["ciphertextDigest"] == digest)!["state"] != "committed";)
            Assert.True(clock.Elapsed < TimeSpan.FromMinutes(4), "the contribution is not committed");

        await RunAsync(ExitCode.Refused, "propose", "revoke", "0");
        await RunAsync(ExitCode.Ok, "claim");
        await node.Chain.Control.AdvanceAsync(TimeSpan.FromSeconds(2), CancellationToken.None);
        await RunAsync(ExitCode.Ok, "request", "--purpose", "test", "--price", "12.5", "--key", "buyer");
        await RunAsync(ExitCode.Refused, "open", "0", "--out", Path.Combine(directory, "early"), "--key", "buyer");
        var id = (string)(await RunAsync(ExitCode.Ok, "propose", "request", "0"))!["proposalId"]!;
        await RunAsync(ExitCode.Refused, "vote", id[..12], "for");
        await node.Chain.Control.AdvanceAsync(TimeSpan.FromSeconds(610), CancellationToken.None);
        await RunAsync(ExitCode.Ok, "vote", id[..12], "for");
        await node.Chain.Control.AdvanceAsync(TimeSpan.FromSeconds(4300), CancellationToken.None);
        await RunAsync(ExitCode.Ok, "execute", id[..12]);
        await node.Chain.Control.AdvanceAsync(TimeSpan.FromSeconds(610), CancellationToken.None);
        await RunAsync(ExitCode.Ok, "execute", id[..12]);
        Assert.Equal("granted", (string?)(await RunAsync(ExitCode.Ok, "grants"))![0]!["state"]);

        var opened = Path.Combine(directory, "opened");
        await RunAsync(ExitCode.Refused, "open", "0", "--out", opened, "--key", "me");
        await RunAsync(ExitCode.Ok, "open", "0", "--out", opened, "--key", "buyer");
        var file = Assert.Single(Directory.GetFiles(opened, "*.zip", SearchOption.AllDirectories));
        await using (var plain = File.OpenRead(file))
            Assert.Null(new RedditFormat().TryRead(ExportSource.OpenArchive(plain)).OrThrow().Refusal);

        await RunAsync(ExitCode.Ok, "revenue", "claim");
        await RunAsync(ExitCode.Ok, "revenue", "pay");
        Assert.Equal("0", (string?)(await RunAsync(ExitCode.Ok, "revenue"))![0]!["claimable"]);
        await RunAsync(ExitCode.Refused, "withdraw", digest, "--key", "buyer");
        await RunAsync(ExitCode.Ok, "withdraw", digest);
        await RunAsync(ExitCode.Refused, "open", "0", "--out", Path.Combine(directory, "late"), "--key", "buyer");
        await RunAsync(ExitCode.Ok, "audit");
    }

    private static async Task<string> RezippedAsync(string export)
    {
        var copy = export + ".copy.zip";
        using (var from = await System.IO.Compression.ZipFile.OpenReadAsync(export))
        using (var to = await System.IO.Compression.ZipFile.OpenAsync(copy, System.IO.Compression.ZipArchiveMode.Create))
        {
            foreach (var entry in from.Entries.OrderByDescending(e => e.FullName, StringComparer.Ordinal))
            {
                await using var source = await entry.OpenAsync();
                await using var target = await to.CreateEntry(entry.FullName, System.IO.Compression.CompressionLevel.Fastest).OpenAsync();
                await source.CopyToAsync(target);
            }
        }

        return copy;
    }

    private async Task<JsonNode?> RunAsync(int exitCode, params string[] arguments)
    {
        using var output = new StringWriter();
        using var error = new StringWriter();
        var exit = await CommandLine.RunAsync([.. arguments, "--home", Home.Root, "--json"], output, error);
        Assert.True(exit == exitCode, $"{string.Join(' ', arguments)} ended with {exit}, not {exitCode}:\n{output}{error}");
        return output.ToString() is { Length: > 0 } text ? JsonNode.Parse(text) : null;
    }
}
