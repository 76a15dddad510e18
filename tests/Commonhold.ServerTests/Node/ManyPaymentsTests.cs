using System.Diagnostics;
using System.Net;
using Commonhold.Client;
using Commonhold.Client.Contracts;
using Commonhold.Ethereum;
using Commonhold.Server.Revenue;
using Xunit.Abstractions;

namespace Commonhold.ServerTests.Node;

/// <summary>Payments come for years; the first one is as much a member's as the last.</summary>
[Trait("Speed", "slow")]
public sealed class ManyPaymentsTests(ITestOutputHelper output) : IDisposable
{
    private const int Payments = 2_400;
    private const int PerBlock = 8;
    private readonly Scratch _scratch = new();

    public void Dispose() => _scratch.Dispose();

    [AnvilFact]
    public async Task Every_payment_of_thousands_is_found_added_up_and_claimed_from_the_oldest_on()
    {
        await using var world = await NodeWorld.CreateAsync();
        await using var node = await RunningNode.StartAsync(world, _scratch.Path);
        var member = SampleFile.Make(world);
        await member.ContributeAsync(world, node.Client);
        await TestValidators.UntilAsync(world, node, member.Digest, ContributionState.Committed);
        var claim = await node.Client.RelayClaimsAsync([member.Owner.Address], default);
        await Eventually.HoldsAsync(async () => (await node.Client.GetRelayAsync(claim.Id, default)).State == RelayState.Mined, "the member has tokens");
        await world.Anvil.AdvanceToAsync((await world.Anvil.HeadAsync(default)).Time + 2, default);
        await PayAsync(world);
        await Eventually.HoldsAsync(async () => (await node.Client.ListDistributionsAsync(default)).Count == Payments, "the payments are indexed", seconds: 300);

        // Eighty of each hundred are the members', and there is one member.
        var reader = node.Get<PartsReader>();
        for (var look = 1; look <= 2; look++)
        {
            var clock = Stopwatch.StartNew();
            var parts = await reader.ReadAsync(member.Owner.Address, default);
            output.WriteLine($"look {look}: {parts.Count} payments in {clock.ElapsedMilliseconds} ms");
            Assert.Equal(Payments, parts.Count);
            Assert.Equal(new Wei(80 * Payments), parts.Aggregate(Wei.Zero, (sum, part) => sum + part.Amount));
        }

        var time = Stopwatch.StartNew();
        var page = WebUtility.HtmlDecode(await node.Http.GetStringAsync($"earnings?account={member.Owner.Address}"));
        output.WriteLine($"the page: {page.Length} characters in {time.ElapsedMilliseconds} ms");
        Assert.Contains($"from {Payments:N0} payments", page, StringComparison.Ordinal);
        Assert.Contains($"The newest 50 of {Payments:N0} payments", page, StringComparison.Ordinal);
        Assert.Equal(Payments + 2, (await node.Http.GetStringAsync($"earnings.csv?account={member.Owner.Address}")).Split("\r\n", StringSplitOptions.RemoveEmptyEntries).Length);
        Assert.Equal(Payments, (await node.Client.GetClaimableAsync(member.Owner.Address, null, default)).Count);

        Assert.Empty(await node.Get<EarningsDesk>().ClaimAllAsync(member.Owner.Address, default));
        await Eventually.HoldsAsync(async () => await world.ReadAsync(new TestCurrency(world.Currency).BalanceOf(member.Owner.Address)) == 80 * Payments, "all of it is claimed", seconds: 300);
    }

    /// <summary>Payments of 100 units, some in each block, each block a moment of its own.</summary>
    private static async Task PayAsync(NodeWorld world)
    {
        using var payer = Secp256k1Key.Generate();
        await world.FundAsync(payer.Address);
        await world.SendAsync(payer, new TestCurrency(world.Currency).Mint(payer.Address, 100 * Payments));
        await world.SendAsync(payer, new TestCurrency(world.Currency).Approve(world.Contracts.Pool, 100 * Payments));
        var call = new RevenuePool(world.Contracts.Pool).Distribute(world.Currency, 100);
        var fees = await world.Chain.SuggestFeesAsync(default);
        var nonce = await world.Chain.TransactionCountAsync(payer.Address, BlockReference.Latest, default);
        await world.Anvil.CallAsync("evm_setIntervalMining", [0], default);
        for (var i = 0; i < Payments; i++)
        {
            var signed = new Eip1559Transaction(world.Registry.ChainId, nonce + (ulong)i, fees.MaxPriorityFeePerGas, 10 * fees.MaxFeePerGas, 250_000, call.To, 0, call.Data).Sign(payer);
            await world.Chain.BroadcastAsync(signed, default);
            if ((i + 1) % PerBlock == 0)
                await world.Anvil.MineAsync(default);
        }

        await world.Anvil.CallAsync("evm_setIntervalMining", [1], default);
    }
}
