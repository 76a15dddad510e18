using System.Globalization;
using System.Numerics;
using Commonhold.Client;
using Commonhold.Client.Contracts;

namespace Commonhold.Cli.Demo;

/// <summary>Where the money goes: members by claim, operators and treasury by their shares, nothing left over.</summary>
internal sealed class DemoRevenue(DemoWorld world, DemoFigures figures, Action<string> tell, IReadOnlyList<DemoMember> members)
{
    public async Task ClaimAllAsync(BigInteger price, CancellationToken cancellationToken)
    {
        var pool = new RevenuePool(world.Dao.Pool);
        var currency = new TestCurrency(world.Currency);
        // The node follows the chain a moment later; until then it knows no payment that one could claim from.
        await world.UntilAsync("the node has seen the payment",
            async () => (await world.Api.ListDistributionsAsync(cancellationToken).ConfigureAwait(false)).Count > 0, cancellationToken).ConfigureAwait(false);
        var members80 = (await world.ReadAsync(pool.DistributionAt(world.Currency, BigInteger.Zero), cancellationToken).ConfigureAwait(false)).Remaining;
        await Parallel.ForEachAsync(members, new ParallelOptions { MaxDegreeOfParallelism = 8, CancellationToken = cancellationToken }, async (member, token) =>
        {
            var relay = await world.Api.RelayRevenueClaimAsync(new RelayRevenueClaim(member.Key.Address, [0]), token).ConfigureAwait(false);
            await world.RelayedAsync(relay, "revenue claim", 1, token).ConfigureAwait(false);
        }).ConfigureAwait(false);

        var split = await world.ReadAsync(pool.CurrentSplitId(), cancellationToken).ConfigureAwait(false);
        await world.SendAsync(members[0].Key, pool.PayOperators(split, world.Currency), "pay operators", cancellationToken).ConfigureAwait(false);
        await world.SendAsync(members[0].Key, pool.PayTreasury(split, world.Currency), "pay treasury", cancellationToken).ConfigureAwait(false);

        var claimed = BigInteger.Zero;
        foreach (var member in members)
            claimed += await world.ReadAsync(currency.BalanceOf(member.Key.Address), cancellationToken).ConfigureAwait(false) - Gift(member);
        var timelock = await world.ReadAsync(currency.BalanceOf(world.Dao.Timelock), cancellationToken).ConfigureAwait(false);
        var left = await world.ReadAsync(currency.BalanceOf(world.Dao.Pool), cancellationToken).ConfigureAwait(false);
        figures.RevenuePaid = price.ToString(CultureInfo.InvariantCulture);
        figures.RevenueClaimed = (claimed + timelock).ToString(CultureInfo.InvariantCulture);
        Must(claimed == members80, $"members claimed {claimed} of their {members80}");
        Must(claimed + timelock == price, $"of {price} paid, {claimed} and {timelock} were received");
        Must(left == BigInteger.Zero, $"{left} stayed in the pool");
        tell($"Of {new Wei(price).ToUnits(6)} TEST, {members.Count} members claim {new Wei(claimed).ToUnits(6)}, operators and treasury get {new Wei(timelock).ToUnits(6)}; {left} left in the pool");
    }

    // The proposer had test currency from the faucet before.
    private BigInteger Gift(DemoMember member) => member == members[0] ? 10_000_000_000 : BigInteger.Zero;

    private void Must(bool holds, string otherwise)
    {
        if (!holds)
            figures.Wrong.Add(otherwise);
    }
}
