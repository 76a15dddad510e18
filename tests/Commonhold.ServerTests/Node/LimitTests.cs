using System.Net;
using System.Net.Http.Json;
using Commonhold.Client;
using Commonhold.Client.Contracts;
using Commonhold.Ethereum;
using Commonhold.Server.Relay;
using Commonhold.Server.Storage;
using Commonhold.ServerTests.Guardians;
using Commonhold.Tests.Cli;

namespace Commonhold.ServerTests.Node;

[Trait("Speed", "slow")]
public sealed class LimitTests : IDisposable
{
    private readonly Scratch _scratch = new();

    public void Dispose() => _scratch.Dispose();

    [AnvilFact]
    public async Task The_relayer_stops_at_its_limit_for_an_account_and_says_when_it_has_no_gas()
    {
        await using var world = await NodeWorld.CreateAsync();
        var file = SampleFile.Make(world);
        await using (var node = await RunningNode.StartAsync(world, _scratch.Path, options => options with { Relay = options.Relay with { PerAccountAndDay = 0 } }))
        {
            await file.ContributeAsync(world, node.Client);
            await TestValidators.UntilAsync(world, node, file.Digest, ContributionState.Committed);
            Assert.Equal("relay.limit_reached", await CodeAsync(() => node.Client.RelayClaimsAsync([file.Owner.Address], default)));
        }

        await world.Anvil.SetBalanceAsync(world.Relayer.Address.ToString(), 0, default);
        await using (var node = await RunningNode.StartAsync(world, _scratch.Path))
            Assert.Equal("relay.unfunded", await CodeAsync(() => node.Client.RelayClaimsAsync([file.Owner.Address], default)));
    }

    [AnvilFact]
    public async Task An_account_whose_claim_is_on_its_way_is_in_no_other_claim()
    {
        await using var world = await NodeWorld.CreateAsync(TimeSpan.FromHours(1));
        await using var node = await RunningNode.StartAsync(world, _scratch.Path);
        var (file, other) = (SampleFile.Make(world), SampleFile.Make(world));
        await file.ContributeAsync(world, node.Client);
        await other.ContributeAsync(world, node.Client);
        await TestValidators.UntilAsync(world, node, file.Digest, ContributionState.Committed);
        await TestValidators.UntilAsync(world, node, other.Digest, ContributionState.Committed);
        // In mixed mining evm_setAutomine does nothing; an interval of zero ends all mining but on demand.
        await world.Anvil.CallAsync("evm_setIntervalMining", [0], default);
        Address a = file.Owner.Address, b = other.Owner.Address;
        var first = (await node.Client.RelayClaimsAsync([a], default)).Id;
        var second = (await node.Client.RelayClaimsAsync([a, b], default)).Id;
        Assert.NotEqual(first, second);
        Assert.Contains((await node.Client.RelayClaimsAsync([b, a], default)).Id, new[] { first, second });
        Assert.Equal(second, (await node.Client.RelayClaimsAsync([b], default)).Id);
    }

    [AnvilFact]
    public async Task A_claim_waits_for_no_other_accounts_and_of_two_at_once_for_one_account_one_is_sent()
    {
        await using var world = await NodeWorld.CreateAsync(TimeSpan.FromHours(1));
        await using var chain = await RpcProxy.StartAsync(world.Rpc);
        await using var node = await RunningNode.StartAsync(world, _scratch.Path, options => options with { Rpc = chain.Address });
        SampleFile[] files = [SampleFile.Make(world), SampleFile.Make(world), SampleFile.Make(world)];
        foreach (var file in files)
            await file.ContributeAsync(world, node.Client);
        foreach (var file in files)
            await TestValidators.UntilAsync(world, node, file.Digest, ContributionState.Committed);
        await world.Anvil.CallAsync("evm_setIntervalMining", [0], default);
        Address a = files[0].Owner.Address, b = files[1].Owner.Address, c = files[2].Owner.Address;

        TaskCompletionSource bothAsked = new(), goOn = new();
        var asked = 0;
        chain.Before = question =>
        {
            if (!question.Contains(a.ToString()[2..], StringComparison.OrdinalIgnoreCase))
                return Task.CompletedTask;
            if (Interlocked.Increment(ref asked) == 2)
                bothAsked.SetResult();
            return goOn.Task;
        };
        var (one, two) = (node.Client.RelayClaimsAsync([a], default), node.Client.RelayClaimsAsync([a, b], default));
        await bothAsked.Task.WaitAsync(TimeSpan.FromMinutes(3));
        var other = await node.Client.RelayClaimsAsync([c], default).WaitAsync(TimeSpan.FromMinutes(3));
        Assert.False(one.IsCompleted || two.IsCompleted);
        goOn.SetResult();
        string[] ids = [(await one).Id, (await two).Id, other.Id];
        foreach (var account in new[] { a, b, c })
            Assert.Contains(Assert.Single(await node.Get<Outbox>().UnderWayAsync("claim", account, default)).Id, ids);
    }

    [AnvilFact]
    public async Task A_distribution_whose_claim_is_on_its_way_is_in_no_other_claim()
    {
        await using var world = await NodeWorld.CreateAsync();
        await using var node = await RunningNode.StartAsync(world, _scratch.Path);
        var account = Address.FromSpan(Keccak256.Hash("holder"u8).AsSpan()[..20]);
        var earlier = new RevenuePool(world.Contracts.Pool).ClaimFor(account, world.Currency, [1, 2]);
        // Mined in a block that the tables do not stand at yet.
        await node.Get<Database>().ExecuteAsync("""
            INSERT INTO distributions (block_number, distribution_id, currency, payer, members, operators, treasury, distributed_at)
            VALUES (0, 1, @Currency, @account, '9', '0', '0', 0), (0, 2, @Currency, @account, '9', '0', '0', 0);
            INSERT INTO relay_operations (id, kind, target, calldata, value, state, created_at, updated_at, block_number)
            VALUES ('earlier', 'revenue-claim', @To, @data, '0', 'mined', 0, 0, 1000000);
            INSERT INTO relay_accounts (operation_id, account, created_at) VALUES ('earlier', @account, 0);
            """, new { world.Currency, account, earlier.To, data = Hex.Encode(earlier.Data.Span) }, default);
        Assert.Equal("earlier", (await node.Client.RelayRevenueClaimAsync(new RelayRevenueClaim(account, [2]), default)).Id);
    }

    [AnvilFact]
    public async Task One_address_fills_neither_the_disk_nor_its_folder_with_uploads_that_nobody_judged()
    {
        await using var world = await NodeWorld.CreateAsync();
        await using var node = await RunningNode.StartAsync(world, _scratch.Path, options => options with { Limits = options.Limits with { WaitingPerCaller = 2 } });
        Bytes32[] digests = [.. Enumerable.Range(0, 3).Select(i => Keccak256.Hash([(byte)i]))];
        Task<HttpResponseMessage> Begin(int i) => node.Http.PostAsJsonAsync("v1/uploads", new { ciphertextDigest = digests[i].ToString(), size = 5 });
        Assert.Equal(HttpStatusCode.Created, (await Begin(0)).StatusCode);
        Assert.Equal(HttpStatusCode.Created, (await Begin(1)).StatusCode);
        var refused = await Begin(2);
        Assert.Equal(HttpStatusCode.TooManyRequests, refused.StatusCode);
        Assert.Contains("upload.too_many_waiting", await refused.Content.ReadAsStringAsync(), StringComparison.Ordinal);
        Assert.Equal(HttpStatusCode.Created, (await Begin(1)).StatusCode); // What was begun goes on.
    }

    [AnvilFact]
    public async Task A_stranger_who_uses_up_an_accounts_claims_does_not_keep_it_from_withdrawing()
    {
        await using var world = await NodeWorld.CreateAsync();
        await using var node = await RunningNode.StartAsync(world, _scratch.Path, options => options with { Relay = options.Relay with { PerAccountAndDay = 1 } });
        var (file, other) = (SampleFile.Make(world), SampleFile.Make(world));
        await file.ContributeAsync(world, node.Client);
        await other.ContributeAsync(world, node.Client);
        await TestValidators.UntilAsync(world, node, file.Digest, ContributionState.Committed);
        await TestValidators.UntilAsync(world, node, other.Digest, ContributionState.Committed);
        await node.Client.RelayClaimsAsync([file.Owner.Address], default);
        await Eventually.HoldsAsync(async () => (await node.Client.GetRewardsAsync(file.Owner.Address, default)).Claimed == TestValidators.Worth, "the claim is indexed");
        var newer = SampleFile.Make(world, file.Owner);
        await newer.ContributeAsync(world, node.Client);
        await TestValidators.UntilAsync(world, node, newer.Digest, ContributionState.Committed);
        Assert.Equal("relay.limit_reached", await CodeAsync(() => node.Client.RelayClaimsAsync([file.Owner.Address, other.Owner.Address], default)));

        var proof = await node.Client.GetProofAsync(file.Digest, default);
        var wish = new Withdrawal(proof.BatchId, proof.Leaf.Index, proof.Leaf.Hash(), 4_000_000_000);
        Assert.NotEmpty((await node.Client.RelayWithdrawalAsync(new RelayWithdrawal(file.Digest, wish.Deadline, wish.Sign(file.Owner, world.Registry)), default)).Id);
    }

    [AnvilFact]
    public async Task Who_writes_too_much_is_told_to_wait_and_one_owner_cannot_fill_the_queue()
    {
        await using var world = await NodeWorld.CreateAsync();
        await using (var node = await RunningNode.StartAsync(world, _scratch.Path, options => options with { Limits = options.Limits with { WaitingPerOwner = 1 } }))
        {
            using var owner = Secp256k1Key.Generate();
            await SampleFile.Make(world, owner).ContributeAsync(world, node.Client);
            Assert.Equal("contribution.too_many_waiting", await CodeAsync(() => SampleFile.Make(world, owner).ContributeAsync(world, node.Client)));
        }

        await using (var node = await RunningNode.StartAsync(world, _scratch.Path, options => options with { Limits = options.Limits with { WritesPerMinute = 3 } }))
        {
            var answers = new List<HttpResponseMessage>();
            for (var i = 0; i < 100 && answers.All(answer => answer.StatusCode != HttpStatusCode.TooManyRequests); i++)
                answers.Add(await node.Http.PostAsJsonAsync("v1/relay/claims", new { accounts = Array.Empty<string>() }));
            Assert.Equal(HttpStatusCode.TooManyRequests, answers[^1].StatusCode);
            Assert.NotNull(answers[^1].Headers.RetryAfter);
            Assert.True((await node.Http.GetAsync("v1/dao")).IsSuccessStatusCode);
        }
    }

    private static async Task<string?> CodeAsync(Func<Task> call) => (await Assert.ThrowsAnyAsync<CommonholdException>(call)).Refusal?.Code;
}
