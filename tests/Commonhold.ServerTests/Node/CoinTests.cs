using System.Net;
using System.Numerics;
using System.Text.Json;
using Commonhold.Client;
using Commonhold.Client.Contracts;
using Commonhold.Ethereum;
using Commonhold.Server.Home;
using Commonhold.Server.Indexer;
using Commonhold.Server.Operations;
using Commonhold.Server.Relay;
using Commonhold.Server.Revenue;
using Commonhold.Server.Storage;
using Commonhold.Server.Web;
using Commonhold.ServerTests.Guardians;
using Commonhold.Tests;

namespace Commonhold.ServerTests.Node;

/// <summary>Anybody can make a coin, call it what they like and pay it into the pool.</summary>
[Trait("Speed", "slow")]
public sealed class CoinTests : IAsyncLifetime
{
    private readonly Scratch _scratch = new();
    private readonly Secp256k1Key _payer = Secp256k1Key.Generate();
    private NodeWorld _world = null!;
    private SampleFile _member = null!;

    public async Task InitializeAsync()
    {
        if (!Require.Anvil())
            return;
        _world = await NodeWorld.CreateAsync();
        await _world.FundAsync(_payer.Address);
        await using var node = await RunningNode.StartAsync(_world, _scratch.Path);
        _member = SampleFile.Make(_world);
        await _member.ContributeAsync(_world, node.Client);
        await TestValidators.UntilAsync(_world, node, _member.Digest, ContributionState.Committed);
        await MinedAsync(node, (await node.Client.RelayClaimsAsync([_member.Owner.Address], default)).Id);
        await _world.Anvil.AdvanceToAsync((await _world.Anvil.HeadAsync(default)).Time + 2, default);
    }

    public async Task DisposeAsync()
    {
        if (_world is not null)
            await _world.DisposeAsync();
        _payer.Dispose();
        _scratch.Dispose();
    }

    [AnvilFact]
    public async Task A_strangers_coin_is_in_no_figure_and_no_list_and_no_claim_whatever_it_calls_itself()
    {
        var (real, fake) = (await CoinAsync("USDC", 6), await CoinAsync("USDC", 6));
        await using var node = await RunningNode.StartAsync(_world, _scratch.Path, options => options with { Currencies = [real.Address] });
        await PayAsync(real, 70_000_000);
        await PayAsync(fake, 9_000_000_000_000);
        await IndexedAsync(node, 2);

        var earnings = await PageAsync(node, $"earnings?account={_member.Owner.Address}");
        Assert.Contains("56\u00a0USDC", earnings, StringComparison.Ordinal);
        Assert.DoesNotContain("7,200,000", earnings, StringComparison.Ordinal);
        Assert.Contains("that this DAO has not approved. Anyone can make a coin and call it what they like", earnings, StringComparison.Ordinal);
        Assert.Contains(fake.Address.ToString(), earnings, StringComparison.Ordinal);
        var csv = await node.Http.GetStringAsync($"earnings.csv?account={_member.Owner.Address}");
        Assert.Contains($",revenue earned,56,USDC,{real.Address},", csv, StringComparison.Ordinal);
        Assert.DoesNotContain(fake.Address.ToString(), csv, StringComparison.Ordinal);
        Assert.Equal(1, (await node.Get<Figures>().CountAsync(default)).Distributions);
        var form = await PageAsync(node, "requests/new");
        Assert.Contains($"value=\"{real.Address}\"", form, StringComparison.Ordinal);
        Assert.DoesNotContain(fake.Address.ToString(), form, StringComparison.Ordinal);
        var ledger = await PageAsync(node, "transparency?show=payments");
        Assert.Contains("56\u00a0USDC", ledger, StringComparison.Ordinal);
        Assert.DoesNotContain("7,200,000\u00a0USDC", ledger, StringComparison.Ordinal);
        Assert.Contains("a coin that this DAO has not approved", ledger, StringComparison.Ordinal);

        Assert.Equal("relay.currency_unknown", (await RefusedAsync(() => node.Client.RelayRevenueClaimAsync(new RelayRevenueClaim(_member.Owner.Address, [1]), default))).Code);
        Assert.Empty(await node.Get<EarningsDesk>().ClaimAllAsync(_member.Owner.Address, default));
        await Eventually.HoldsAsync(async () => await _world.ReadAsync(real.Erc20.BalanceOf(_member.Owner.Address)) == 56_000_000, "what is money is claimed");
        Assert.Equal(0, await _world.ReadAsync(fake.Erc20.BalanceOf(_member.Owner.Address)));

        // It stays the member's own, who may take it and pay for that.
        var own = Assert.Single(await node.Client.GetClaimableAsync(_member.Owner.Address, fake.Address, default));
        await _world.FundAsync(_member.Owner.Address);
        await _world.SendAsync(_member.Owner, new RevenuePool(_world.Contracts.Pool).ClaimFor(_member.Owner.Address, fake.Address, [own.DistributionId]));
        Assert.Equal(own.Amount.Value, await _world.ReadAsync(fake.Erc20.BalanceOf(_member.Owner.Address)));
        await Eventually.HoldsAsync(async () => (await node.Http.GetStringAsync($"earnings.csv?account={_member.Owner.Address}"))
            .Contains($",revenue claimed,,not approved,{fake.Address},1,,0x", StringComparison.Ordinal), "the file has it in a column of its own");
        Assert.DoesNotContain("7,200,000", await PageAsync(node, $"earnings?account={_member.Owner.Address}"), StringComparison.Ordinal);
    }

    [AnvilFact]
    public async Task A_vote_lets_a_currency_in_asking_does_not_and_a_reorganisation_takes_it_out_again()
    {
        var coin = await CoinAsync("EURX", 6);
        await using var node = await RunningNode.StartAsync(_world, _scratch.Path);
        var terms = new GrantTerms(GrantMode.Raw, Pricing.Sale, 0, 0, 3_600, 1, coin.Address, new Wei(5), Bytes32.Zero, Bytes32.Zero, default, default);
        await ChangeAsync(node, "INSERT INTO requests (request_id, buyer, terms_hash, terms, requested_at, block_number) VALUES (0, @buyer, '0x', @terms, 1, 0)",
            new { buyer = _payer.Address, terms = JsonSerializer.Serialize(terms, Json.Options) });
        Assert.False((await node.Get<KnownCurrencies>().ReadAsync(default)).Contains(coin.Address));
        await ChangeAsync(node, "INSERT INTO grant_events (block_number, log_index, grant_id, kind, happened_at) VALUES (0, 0, 0, 'opened', 2)", null);
        Assert.True((await node.Get<KnownCurrencies>().ReadAsync(default)).Contains(coin.Address));
        Assert.Contains($"value=\"{coin.Address}\"", await PageAsync(node, "requests/new"), StringComparison.Ordinal);
        await ChangeAsync(node, "DELETE FROM grant_events", null);
        Assert.False((await node.Get<KnownCurrencies>().ReadAsync(default)).Contains(coin.Address));
    }

    [AnvilFact]
    public async Task Two_currencies_that_are_money_here_and_call_themselves_the_same_are_told_apart()
    {
        var (one, other) = (await CoinAsync("USDC", 6), await CoinAsync("USDC", 18));
        await using var node = await RunningNode.StartAsync(_world, _scratch.Path, options => options with { Currencies = [one.Address, other.Address] });
        await PayAsync(one, 10_000_000);
        await PayAsync(other, 10 * BigInteger.Pow(10, 18));
        await IndexedAsync(node, 2);
        var earnings = await PageAsync(node, $"earnings?account={_member.Owner.Address}");
        foreach (var coin in new[] { one, other })
            Assert.Contains($"8\u00a0USDC\u00a0·\u00a0{Short(coin.Address)}", earnings, StringComparison.Ordinal);
        Assert.DoesNotContain("16\u00a0USDC", earnings, StringComparison.Ordinal);
    }

    [AnvilFact]
    public async Task A_crowd_of_strangers_coins_does_not_make_every_page_ask_the_chain_again()
    {
        await using var chain = await RpcProxy.StartAsync(_world.Rpc);
        await using var node = await RunningNode.StartAsync(_world, _scratch.Path, options => options with { Rpc = chain.Address });
        var currencies = node.Get<Currencies>();
        for (var crowd = 0; crowd <= Currencies.MostKept; crowd += 250)
            await currencies.FindAsync(Enumerable.Range(crowd, 250).Select(i => Address.FromSpan(Keccak256.Hash(BitConverter.GetBytes(i)).AsSpan()[..20])), default);
        var coin = await CoinAsync("EURX", 6);
        Assert.Equal("EURX", (await currencies.FindAsync(coin.Address, default)).Symbol);
        var asked = 0;
        chain.Before = question =>
        {
            if (question.Contains(coin.Address.ToString(), StringComparison.OrdinalIgnoreCase))
                Interlocked.Increment(ref asked);
            return Task.CompletedTask;
        };
        Assert.Equal("EURX", (await currencies.FindAsync(coin.Address, default)).Symbol);
        Assert.Equal(0, asked);
    }

    [AnvilFact]
    public async Task A_coin_that_swallows_all_gas_when_it_is_asked_its_name_breaks_no_page()
    {
        var mute = Address.OfContract(_payer.Address, await _world.Chain.TransactionCountAsync(_payer.Address, BlockReference.Latest, default));
        await _world.SendAsync(_payer, null, TestCoin.MuteCreation());
        await using var node = await RunningNode.StartAsync(_world, _scratch.Path, options => options with { Currencies = [mute] });
        Assert.Contains(Short(mute), await PageAsync(node, "requests/new"), StringComparison.Ordinal);
    }

    [AnvilFact]
    public async Task A_coin_that_burns_gas_costs_the_relayer_no_more_than_its_limit()
    {
        var coin = await CoinAsync("USDC", 6);
        await using var node = await RunningNode.StartAsync(_world, _scratch.Path, options => options with { Currencies = [coin.Address] });
        await PayAsync(coin, 70_000_000);
        await IndexedAsync(node, 1);
        var claim = new RelayRevenueClaim(_member.Owner.Address, [0]);

        // Dearer than any honest transfer: refused before a transaction is made.
        await _world.SendAsync(_payer, coin.Burn(2_000_000));
        var dear = await RefusedAsync(() => node.Client.RelayRevenueClaimAsync(claim, default));
        Assert.Equal("relay.too_much_gas", dear.Code);
        Assert.Contains("at most 300,000", dear.Detail, StringComparison.Ordinal);
        await _world.SendAsync(_payer, coin.Burn(BigInteger.Pow(10, 12)));
        Assert.Contains((await RefusedAsync(() => node.Client.RelayRevenueClaimAsync(claim, default))).Code, new[] { "relay.too_much_gas", "relay.would_revert" });

        // Cheap while it is looked at and dear when it is mined: it costs what was set, and no more.
        await _world.SendAsync(_payer, coin.Burn(0));
        await _world.Anvil.CallAsync("evm_setIntervalMining", [0], default);
        var before = await _world.Chain.BalanceAsync(_world.Relayer.Address, BlockReference.Latest, default);
        var taken = await node.Client.RelayRevenueClaimAsync(claim, default);
        await Eventually.HoldsAsync(async () => await node.Get<RelayLedger>().CountSentAsync(default) == 1, "the claim is sent");
        var (limit, price) = Read(await node.Get<RelayLedger>().AttemptsAsync(taken.Id, default));
        Assert.InRange(limit, 90_000ul, 300_000ul);
        await _world.Anvil.CallAsync("anvil_setStorageAt", [coin.Address.ToString(), "0x2", $"0x{2_000_000:x64}"], default);
        await _world.Anvil.MineAsync(default);
        await Eventually.HoldsAsync(async () => (await node.Client.GetRelayAsync(taken.Id, default)).State == RelayState.Failed, "it is mined, and failed");
        var spent = before - await _world.Chain.BalanceAsync(_world.Relayer.Address, BlockReference.Latest, default);
        Assert.InRange(spent, 1, limit * price);
    }

    [AnvilFact]
    public async Task A_limit_of_gas_is_the_operators_to_set()
    {
        var coin = await CoinAsync("USDC", 6);
        await using var node = await RunningNode.StartAsync(_world, _scratch.Path, options => options with
        {
            Currencies = [coin.Address], Relay = options.Relay with { Gas = options.Relay.Gas with { RevenueClaim = 60_000 } },
        });
        await PayAsync(coin, 70_000_000);
        await IndexedAsync(node, 1);
        var refused = await RefusedAsync(() => node.Client.RelayRevenueClaimAsync(new RelayRevenueClaim(_member.Owner.Address, [0]), default));
        Assert.Equal("relay.too_much_gas", refused.Code);
        Assert.Contains("at most 60,000", refused.Detail, StringComparison.Ordinal);
    }

    private static (ulong Limit, BigInteger Price) Read(IReadOnlyList<AttemptRow> attempts) => ((ulong)attempts[^1].GasLimit, attempts[^1].Fee);

    private async Task<TestCoin> CoinAsync(string symbol, byte decimals)
    {
        var receipt = await _world.SendAsync(_payer, null, TestCoin.Creation(symbol, decimals));
        return new TestCoin(receipt.ContractAddress!.Value);
    }

    private async Task PayAsync(TestCoin coin, BigInteger amount)
    {
        await _world.SendAsync(_payer, coin.Erc20.Mint(_payer.Address, amount));
        await _world.SendAsync(_payer, coin.Erc20.Approve(_world.Contracts.Pool, amount));
        await _world.SendAsync(_payer, new RevenuePool(_world.Contracts.Pool).Distribute(coin.Address, amount));
    }

    /// <summary>What the indexer does with an event, and with one that is no more.</summary>
    private static async Task ChangeAsync(RunningNode node, string sql, object? parameters)
    {
        await node.Get<Database>().ExecuteAsync(sql, parameters, default);
        node.Get<Changes>().Announce(Topic.Requests);
    }

    private static Task IndexedAsync(RunningNode node, int count) =>
        Eventually.HoldsAsync(async () => (await node.Client.ListDistributionsAsync(default)).Count == count, "the payments are indexed");

    private static async Task MinedAsync(RunningNode node, string id) =>
        await Eventually.HoldsAsync(async () => (await node.Client.GetRelayAsync(id, default)).State == RelayState.Mined, "the operation is mined");

    private static async Task<string> PageAsync(RunningNode node, string path) => WebUtility.HtmlDecode(await node.Http.GetStringAsync(path));

    private static string Short(Address address) => $"{address.ToString()[..8]}…{address.ToString()[^6..]}";

    private static async Task<Refusal> RefusedAsync(Func<Task> call) => (await Assert.ThrowsAnyAsync<CommonholdException>(call)).Refusal!;
}
