using System.Globalization;
using System.Net;
using System.Text.RegularExpressions;
using Commonhold.Client;
using Commonhold.Client.Contracts;
using Commonhold.Ethereum;
using Commonhold.Server.Operations;
using Commonhold.Server.Storage;
using Microsoft.Data.Sqlite;

namespace Commonhold.ServerTests.Node;

/// <summary>What may happen to a node without anything being lost or counted twice.</summary>
[Trait("Speed", "slow")]
public sealed partial class CalamityTests : IDisposable
{
    private readonly Scratch _scratch = new();

    public void Dispose() => _scratch.Dispose();

    [AnvilFact]
    public async Task A_reorganisation_and_a_deleted_database_end_in_the_same_tables_as_a_fresh_index()
    {
        await using var world = await NodeWorld.CreateAsync(TimeSpan.FromHours(1));
        IReadOnlyList<string> afterReorganisation;
        var second = SampleFile.Make(world);
        await using (var node = await RunningNode.StartAsync(world, _scratch.Path))
        {
            var first = SampleFile.Make(world);
            await first.ContributeAsync(world, node.Client);
            await TestValidators.UntilAsync(world, node, first.Digest, ContributionState.Committed);
            var snapshot = (await world.Anvil.CallAsync("evm_snapshot", [], default)).GetString()!;

            await second.ContributeAsync(world, node.Client);
            await TestValidators.UntilAsync(world, node, second.Digest, ContributionState.Committed);
            await world.Anvil.CallAsync("evm_revert", [snapshot], default);
            await world.Anvil.CallAsync("anvil_mine", ["0x1"], default);
            await Eventually.HoldsAsync(async () => (await node.Client.GetContributionAsync(second.Digest, default))!.State != ContributionState.Committed
                || await world.ReadAsync(new ContributionRegistry(world.Contracts.Registry).BatchCount()) == 2, "the node saw the chain go back");
            await TestValidators.UntilAsync(world, node, second.Digest, ContributionState.Committed);
            await Eventually.HoldsAsync(async () => await world.ReadAsync(new ContributionRegistry(world.Contracts.Registry).BatchCount()) == 2, "the batch is on the new chain");

            var receipt = await node.Client.RelayClaimsAsync([first.Owner.Address, second.Owner.Address], default);
            await Eventually.HoldsAsync(async () => (await node.Client.GetRelayAsync(receipt.Id, default)).State == RelayState.Mined, "the claim is mined");
            await Eventually.HoldsAsync(async () => (await node.Client.GetRewardsAsync(second.Owner.Address, default)).Claimed == TestValidators.Worth, "the claim is indexed");
            afterReorganisation = await TableDump.OfAsync(node);
        }

        Assert.Equal(2, afterReorganisation.Count(line => line.StartsWith("leaves:", StringComparison.Ordinal)));
        foreach (var file in Directory.EnumerateFiles(_scratch.Path, "node.db*"))
            File.Delete(file);
        await using (var rebuilt = await RunningNode.StartAsync(world, _scratch.Path))
            Assert.Equal(afterReorganisation, await TableDump.OfAsync(rebuilt));
    }

    [AnvilFact]
    public async Task An_operation_that_was_written_down_but_never_arrived_is_sent_once_after_the_restart()
    {
        await using var world = await NodeWorld.CreateAsync(TimeSpan.FromHours(1));
        var file = SampleFile.Make(world);
        string id;
        ulong nonce;
        await using (var node = await RunningNode.StartAsync(world, _scratch.Path))
        {
            await file.ContributeAsync(world, node.Client);
            await TestValidators.UntilAsync(world, node, file.Digest, ContributionState.Committed);
            nonce = await world.Chain.TransactionCountAsync(world.Relayer.Address, BlockReference.Latest, default);
            // In mixed mining evm_setAutomine does nothing; an interval of zero ends all mining but on demand.
            await world.Anvil.CallAsync("evm_setIntervalMining", [0], default);
            id = (await node.Client.RelayClaimsAsync([file.Owner.Address], default)).Id;
            await Eventually.HoldsAsync(async () => (await node.Client.GetRelayAsync(id, default)).State == RelayState.Sent, "the operation is sent");
            Assert.Equal(id, (await node.Client.RelayClaimsAsync([file.Owner.Address], default)).Id);
        }

        await world.Anvil.CallAsync("anvil_dropAllTransactions", [], default);
        await using (var node = await RunningNode.StartAsync(world, _scratch.Path))
        {
            await Eventually.HoldsAsync(async () =>
            {
                await world.Anvil.MineAsync(default);
                return (await node.Client.GetRelayAsync(id, default)).State == RelayState.Mined;
            }, "the operation is mined");
        }

        Assert.Equal(nonce + 1, await world.Chain.TransactionCountAsync(world.Relayer.Address, BlockReference.Latest, default));
        Assert.Equal(TestValidators.Worth.ToTokenUnits().Value, await world.ReadAsync(new DataToken(world.Contracts.Token).BalanceOf(file.Owner.Address)));
    }

    [AnvilFact]
    public async Task A_chain_endpoint_that_vanishes_costs_nothing_but_time_and_every_page_says_so_in_words()
    {
        await using var world = await NodeWorld.CreateAsync();
        await using var proxy = new TcpProxy(world.Rpc).Open();
        await using var node = await RunningNode.StartAsync(world, _scratch.Path, options => options with { Rpc = proxy.Url });
        var before = SampleFile.Make(world);
        await before.ContributeAsync(world, node.Client);
        await TestValidators.UntilAsync(world, node, before.Digest, ContributionState.Committed);

        await proxy.VanishAsync();
        var meanwhile = SampleFile.Make(world);
        await meanwhile.ContributeAsync(world, node.Client);
        await TestValidators.WorkAsync(world, node.Http);
        Assert.Equal(ContributionState.Accepted, (await node.Client.GetContributionAsync(meanwhile.Digest, default))!.State);
        await Eventually.HoldsAsync(async () => Silence().Match(await node.Http.GetStringAsync("metrics")) is { Success: true } silence && int.Parse(silence.Groups[1].Value, CultureInfo.InvariantCulture) >= 3, "the node misses its chain");
        foreach (var page in (string[])["/", "/contribute", "/sign-in", "/my", "/vote", "/vote/new?kind=split", "/earnings", "/catalogue", "/requests", "/requests/new", "/transparency", "/create", "/operate", "/account"])
        {
            using var request = new HttpRequestMessage(HttpMethod.Get, new UriBuilder(node.Http.BaseAddress!) { Host = "localhost", Path = page.Split('?')[0], Query = page.Contains('?', StringComparison.Ordinal) ? page.Split('?')[1] : "" }.Uri);
            request.Headers.Accept.ParseAdd("text/html");
            using var answer = await node.Http.SendAsync(request);
            var html = await answer.Content.ReadAsStringAsync();
            Assert.True(answer.StatusCode is HttpStatusCode.OK || (answer.StatusCode is HttpStatusCode.ServiceUnavailable && html.Contains("Not available right now", StringComparison.Ordinal)), $"{page}: {answer.StatusCode}");
        }

        proxy.Open();
        await TestValidators.UntilAsync(world, node, meanwhile.Digest, ContributionState.Committed);
        Assert.Equal(2, await world.ReadAsync(new ContributionRegistry(world.Contracts.Registry).BatchCount()));
    }

    [AnvilFact]
    public async Task A_second_node_on_the_same_directory_refuses_to_start()
    {
        await using var world = await NodeWorld.CreateAsync();
        await using var node = await RunningNode.StartAsync(world, _scratch.Path);
        await Assert.ThrowsAsync<NodeAlreadyRunningException>(() => RunningNode.StartAsync(world, _scratch.Path));
    }

    [TmpfsFact]
    public async Task A_full_disk_is_said_and_loses_nothing()
    {
        await using var world = await NodeWorld.CreateAsync();
        Assert.True(Tmpfs.Mount(_scratch.Path, "12m"));
        try
        {
            await using (var node = await RunningNode.StartAsync(world, _scratch.Path, options => options with { Limits = options.Limits with { ReservedBytes = 256 << 10 } }))
            {
                var kept = SampleFile.Make(world);
                await node.Client.UploadAsync(kept.Digest, new MemoryStream(kept.Age), null, default);
                var large = SampleFile.Make(world, size: 2 << 20);
                Assert.Equal("storage.full", (await RefusedAsync(() => node.Client.UploadAsync(SampleFile.Make(world, size: 13 << 20).Digest, new MemoryStream(new byte[13 << 20]), null, default))).Code);

                var filler = Path.Combine(_scratch.Path, "filler");
                FillUp(filler);
                Assert.Equal("storage.full", (await RefusedAsync(() => node.Client.UploadAsync(large.Digest, new MemoryStream(large.Age), null, default))).Code);
                Assert.Equal("storage.full", (await RefusedAsync(() => node.Client.SubmitAsync(kept.Submission(world), default))).Code);
                File.Delete(filler);

                await node.Client.SubmitAsync(kept.Submission(world), default);
                await large.ContributeAsync(world, node.Client);
                await TestValidators.UntilAsync(world, node, kept.Digest, ContributionState.Committed);
                await TestValidators.UntilAsync(world, node, large.Digest, ContributionState.Committed);
            }
        }
        finally
        {
            SqliteConnection.ClearAllPools();
            // A child that a test beside this one has just forked has our files open until it becomes another program.
            await Eventually.HoldsAsync(() => Task.FromResult(Tmpfs.Unmount(_scratch.Path)), "the small disk is unmounted");
        }
    }

    [GeneratedRegex("chain_silence_seconds ([0-9]+)")]
    private static partial Regex Silence();

    private static void FillUp(string path)
    {
        using var file = new FileStream(path, FileMode.Create, FileAccess.Write, FileShare.None, 0);
        try
        {
            foreach (var size in new[] { 64 << 10, 512 })
            {
                try
                {
                    while (true)
                        file.Write(new byte[size]);
                }
                catch (IOException)
                {
                    // Full for pieces of this size.
                }
            }
        }
        finally
        {
            file.Flush();
        }
    }

    private static async Task<Refusal> RefusedAsync(Func<Task> call) => (await Assert.ThrowsAnyAsync<CommonholdException>(call)).Refusal!;
}
