using System.CommandLine;
using Commonhold.Client;
using Commonhold.Client.Contracts;
using Commonhold.Ethereum;
using Spectre.Console;

namespace Commonhold.Cli.Verbs;

/// <summary>`commonhold revenue`: what came in, what is yours, and taking it.</summary>
internal static class RevenueVerb
{
    /// <summary>The most distributions the relayer takes in one call.</summary>
    private const int ClaimsPerCall = 50;

    private static readonly Option<string> Key = Inputs.Key();
    private static readonly Option<string?> Account = Inputs.Account();
    private static readonly Option<string?> Currency = new("--currency") { Description = "Only this currency, by a transaction of your own that pays its own gas: also a coin that the DAO has not approved. Its own program runs in it, so look at it first.", HelpName = "ADDRESS" };

    public static Command Create()
    {
        var revenue = new Verb("revenue", "Show what the dataset earned and what of it you can claim.", "commonhold revenue", "commonhold revenue claim") { Key, Account }.Runs(ShowAsync);
        revenue.Add(new Verb("claim", "Claim your part of every distribution in currencies that a vote or the operator let in; the relayer pays the gas.", "commonhold revenue claim") { Key, Account, Currency }.Runs(ClaimAsync));
        revenue.Add(new Verb("pay", "Pay operators and treasury their shares. Anyone may; it can go nowhere else.", "commonhold revenue pay") { Key }.Runs(PayAsync));
        return revenue;
    }

    private static async Task<int> ShowAsync(CliContext context, ParseResult parse, CancellationToken cancellationToken)
    {
        using var session = await Session.OpenAsync(context, cancellationToken).ConfigureAwait(false);
        var account = AccountOf(session, parse);
        var distributions = await session.Node.ListDistributionsAsync(cancellationToken).ConfigureAwait(false);
        var claimable = (await session.Node.GetClaimableAsync(account, null, cancellationToken).ConfigureAwait(false)).ToDictionary(c => c.DistributionId, c => c.Amount);
        context.Show(distributions.Select(d => new Row(d, claimable.GetValueOrDefault(d.DistributionId))), console =>
        {
            if (distributions.Count == 0)
            {
                console.WriteLine("No revenue yet.");
                return;
            }

            var table = new Table().Border(TableBorder.Simple).AddColumns("no.", "when", "currency").AddColumn(new TableColumn("members").RightAligned())
                .AddColumn(new TableColumn("operators").RightAligned()).AddColumn(new TableColumn("treasury").RightAligned()).AddColumn(new TableColumn("yours to claim").RightAligned());
            foreach (var d in distributions)
            {
                table.AddRow(
                    $"{d.DistributionId}", Plain.Time(d.DistributedAt), d.Currency == session.Dao.TrialCurrency ? "TEST" : Plain.Short(d.Currency), Amount(session, d.Currency, d.Members),
                    Amount(session, d.Currency, d.Operators), Amount(session, d.Currency, d.Treasury), Amount(session, d.Currency, claimable.GetValueOrDefault(d.DistributionId)));
            }

            console.Write(table);
        });
        return ExitCode.Ok;
    }

    private static async Task<int> ClaimAsync(CliContext context, ParseResult parse, CancellationToken cancellationToken)
    {
        using var session = await Session.OpenAsync(context, cancellationToken).ConfigureAwait(false);
        var account = AccountOf(session, parse);
        var only = parse.GetValue(Currency) is { } given ? Inputs.Address(given, "--currency") : (Address?)null;
        var claimable = await session.Node.GetClaimableAsync(account, only, cancellationToken).ConfigureAwait(false);
        var transactions = new List<Bytes32>();
        foreach (var some in claimable.GroupBy(c => c.Currency).SelectMany(of => of.OrderBy(c => c.DistributionId).Chunk(ClaimsPerCall)))
        {
            if (only is { } currency)
            {
                using var key = session.OpenKey(parse.GetValue(Key)!);
                var call = new RevenuePool(session.Dao.Contracts.Pool).ClaimFor(account, currency, [.. some.Select(c => (System.Numerics.BigInteger)c.DistributionId)]);
                transactions.Add((await session.SendAsync(key, call, cancellationToken).ConfigureAwait(false)).TransactionHash);
                continue;
            }

            var wish = new RelayRevenueClaim(account, [.. some.Select(c => (ulong)c.DistributionId)]);
            transactions.Add(await session.RelayedAsync(await session.Node.RelayRevenueClaimAsync(wish, cancellationToken).ConfigureAwait(false), cancellationToken).ConfigureAwait(false));
        }

        context.Show(new Taken(account, claimable, transactions), console =>
        {
            if (claimable.Count == 0)
                console.WriteLine($"{account} has nothing to claim now.");
            foreach (var currency in claimable.GroupBy(c => c.Currency))
                console.MarkupLineInterpolated($"[green]Claimed[/] {Amount(session, currency.Key, currency.Aggregate(Wei.Zero, (sum, c) => sum + c.Amount))} of {(currency.Key == session.Dao.TrialCurrency ? "TEST" : currency.Key.ToString())} to {account}.");
        });
        return ExitCode.Ok;
    }

    private static async Task<int> PayAsync(CliContext context, ParseResult parse, CancellationToken cancellationToken)
    {
        using var session = await Session.OpenAsync(context, cancellationToken).ConfigureAwait(false);
        using var key = session.OpenKey(parse.GetValue(Key)!);
        var pool = new RevenuePool(session.Dao.Contracts.Pool);
        var splits = (ulong)await session.ReadAsync(pool.CurrentSplitId(), cancellationToken).ConfigureAwait(false) + 1;
        var paid = new List<Share>();
        foreach (var currency in (await session.Node.ListDistributionsAsync(cancellationToken).ConfigureAwait(false)).Select(d => d.Currency).Distinct())
        {
            for (ulong split = 0; split < splits; split++)
            {
                var (operators, treasury) = await session.ReadAsync(pool.SharesDue(split, currency), cancellationToken).ConfigureAwait(false);
                if (operators > 0)
                    paid.Add(new Share("operators", currency, new Wei(operators), (await session.SendAsync(key, pool.PayOperators(split, currency), cancellationToken).ConfigureAwait(false)).TransactionHash));
                if (treasury > 0)
                    paid.Add(new Share("treasury", currency, new Wei(treasury), (await session.SendAsync(key, pool.PayTreasury(split, currency), cancellationToken).ConfigureAwait(false)).TransactionHash));
            }
        }

        context.Show(paid, console =>
        {
            if (paid.Count == 0)
                console.WriteLine("Operators and treasury are paid.");
            foreach (var share in paid)
                console.MarkupLineInterpolated($"[green]Paid[/] {Amount(session, share.Currency, share.Amount)} to the {share.To}.");
        });
        return ExitCode.Ok;
    }

    private static Address AccountOf(Session session, ParseResult parse) =>
        parse.GetValue(Account) is { } given ? Inputs.Address(given, "--account") : ContributionsVerb.AddressOf(session, parse.GetValue(Key)!);

    // Only the test currency's decimals are known without asking; others are shown in their smallest unit.
    private static string Amount(Session session, Address currency, Wei amount) => currency == session.Dao.TrialCurrency ? amount.ToUnits(6) : amount.ToString();

    private sealed record Row(DistributionView Distribution, Wei Claimable);

    private sealed record Taken(Address Account, IReadOnlyList<ClaimableView> Claims, IReadOnlyList<Bytes32> TransactionHashes);

    private sealed record Share(string To, Address Currency, Wei Amount, Bytes32 TransactionHash);
}
