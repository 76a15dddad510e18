using System.CommandLine;
using System.Numerics;
using Commonhold.Age;
using Commonhold.Cli.Voice;
using Commonhold.Client;
using Commonhold.Client.Contracts;
using Commonhold.Ethereum;
using Spectre.Console;

namespace Commonhold.Cli.Verbs;

/// <summary>`commonhold request`: a buyer's offer with its escrow; `request refund` and `request renew` for what follows.</summary>
internal static class RequestVerb
{
    private static readonly Option<string> Key = Inputs.Key();
    private static readonly Option<string> Purpose = new("--purpose") { Description = "What it is for; members read this. Its digest goes on chain.", Required = true };
    private static readonly Option<string> Price = new("--price") { Description = "In whole units of the currency, for example 1000 or 12.5; 0 asks for a gift.", Required = true };
    private static readonly Option<string?> Currency = new("--currency") { Description = "An ERC-20 token (default on a trial DAO: the test currency).", HelpName = "0x…" };
    private static readonly Option<GrantMode> Mode = new("--mode") { Description = "raw hands the files over; the others only to an approved worker's key.", DefaultValueFactory = _ => GrantMode.Raw };
    private static readonly Option<Pricing> Pays = new("--pricing") { Description = "sale is earned when granted; rent by the second, and the rest goes back when revoked.", DefaultValueFactory = _ => Pricing.Sale };
    private static readonly Option<string> For = new("--duration") { Description = "How long the grant runs: 12h, 30d.", DefaultValueFactory = _ => "30d" };
    private static readonly Option<ushort> Renewals = new("--renewals") { Description = "How often a rent may be renewed on the same terms." };
    private static readonly Option<uint> Runs = new("--runs") { Description = "How often a worker may run." };
    private static readonly Option<ulong?> Batches = new("--batches") { Description = "Cover the first N batches (default: all so far).", HelpName = "N" };
    private static readonly Option<string?> Recipient = new("--recipient") { Description = "The age1… key that may open it (default: your key's own).", HelpName = "age1…" };
    private static readonly Option<string?> JobDigest = new("--job") { Description = "Digest of the job's code.", HelpName = "0x…" };
    private static readonly Option<string?> OutputPolicy = new("--output-policy") { Description = "Digest of what may leave a worker.", HelpName = "0x…" };
    private static readonly Argument<ulong> Number = new("NUMBER") { Description = "The request's or grant's number." };

    public static Command Create()
    {
        var request = new Verb(
            "request", "Ask for access and escrow the price; the holders vote on exactly these terms.",
            "commonhold request --purpose 'Train a model of polite answers' --price 1000 --duration 30d", "commonhold request refund 3", "commonhold request renew 17")
        {
            Key, Purpose, Price, Currency, Mode, Pays, For, Renewals, Runs, Batches, Recipient, JobDigest, OutputPolicy,
        }.Runs(RequestAsync);
        request.Add(new Verb("refund", "Take an escrow back that was not granted, or the unearned part of a revoked rent.", "commonhold request refund 3") { Number, Key }
            .Runs((context, parse, token) => ActAsync(context, parse, (market, id) => market.Refund(id), "refunded", token)));
        request.Add(new Verb("renew", "Pay a rent for one more duration, on the same terms.", "commonhold request renew 17") { Number, Key }.Runs(RenewAsync));
        return request;
    }

    private static async Task<int> RequestAsync(CliContext context, ParseResult parse, CancellationToken cancellationToken)
    {
        using var session = await Session.OpenAsync(context, cancellationToken).ConfigureAwait(false);
        using var key = session.OpenKey(parse.GetValue(Key)!);
        var terms = await TermsAsync(session, key, parse, cancellationToken).ConfigureAwait(false);
        // Members read it; the chain has only its digest.
        await session.Node.PutPurposeAsync(parse.GetValue(Purpose)!, cancellationToken).ConfigureAwait(false);
        await AllowAsync(session, key, terms, cancellationToken).ConfigureAwait(false);
        var market = new AccessMarket(session.Dao.Contracts.Market);
        var receipt = await session.SendAsync(key, market.Request(terms.ToContract()), cancellationToken).ConfigureAwait(false);
        var asked = receipt.Logs.Single(log => log.Address == market.Address && log.Topics[0] == AccessMarket.AccessRequestedEvent.Event.Topic);
        var id = AccessMarket.AccessRequestedEvent.Decode(asked.Topics, asked.Data.Span).RequestId;
        context.Show(new Requested(id, terms.Hash(), terms, receipt.TransactionHash), console =>
        {
            console.MarkupLineInterpolated($"[green]Request {id}[/]: {terms.Mode.ToString().ToLowerInvariant()} access to {terms.Scope} {(terms.Scope == 1 ? "batch" : "batches")} for {Plain.Duration(terms.Duration)}, {GrantsVerb.Price(session, terms)} in escrow.");
            console.WriteLine($"Somebody who holds tokens proposes it next:  commonhold propose request {id}");
            console.WriteLine($"Until it is granted you can take it back:    commonhold request refund {id}");
        });
        return ExitCode.Ok;
    }

    private static async Task<GrantTerms> TermsAsync(Session session, MemberKey key, ParseResult parse, CancellationToken cancellationToken)
    {
        var batches = (ulong)await session.ReadAsync(new ContributionRegistry(session.Dao.Contracts.Registry).BatchCount(), cancellationToken).ConfigureAwait(false);
        if (batches == 0)
            throw new CommandFailedException("the dataset has no batch yet, so there is nothing to ask for", "wait until a first batch is committed", ExitCode.Refused);
        var currency = parse.GetValue(Currency) is { } given
            ? Inputs.Address(given, "--currency")
            : session.Dao.TrialCurrency ?? throw new CommandFailedException("no currency is given", "--currency 0x…", ExitCode.Usage);
        var decimals = (int)await session.ReadAsync(new TestCurrency(currency).Decimals(), cancellationToken).ConfigureAwait(false);
        var price = Inputs.Amount(parse.GetValue(Price)!, decimals, "--price");
        var recipient = parse.GetValue(Recipient) is { } text
            ? X25519Recipient.TryParse(text) ?? throw new CommandFailedException($"'{text}' is not an age recipient", "--recipient age1…", ExitCode.Usage)
            : key.Recipient;
        return new GrantTerms(
            parse.GetValue(Mode), parse.GetValue(Pays), parse.GetValue(Renewals), parse.GetValue(Runs), Inputs.Duration(parse.GetValue(For)!, "--duration"),
            parse.GetValue(Batches) ?? batches, price == Wei.Zero ? default : currency, price, Bytes32.FromSpan(recipient.Point),
            Inputs.DigestOfText(parse.GetValue(Purpose)!), Optional(parse.GetValue(JobDigest), "a job's digest"), Optional(parse.GetValue(OutputPolicy), "an output policy's digest"));
    }

    private static Bytes32 Optional(string? text, string what) => text is null ? default : Inputs.Digest(text, what);

    private static async Task AllowAsync(Session session, MemberKey key, GrantTerms terms, CancellationToken cancellationToken)
    {
        if (terms.Price == Wei.Zero)
            return;
        var currency = new TestCurrency(terms.Currency);
        var balance = new Wei(await session.ReadAsync(currency.BalanceOf(key.Address), cancellationToken).ConfigureAwait(false));
        if (balance < terms.Price)
        {
            throw new CommandFailedException(
                $"{key.Address} has {balance} base units of {terms.Currency} and the price is {terms.Price}", session.Dao.Trial ? "commonhold faucet" : null, ExitCode.Refused);
        }

        var allowed = await session.ReadAsync(currency.Allowance(key.Address, session.Dao.Contracts.Market), cancellationToken).ConfigureAwait(false);
        // Exactly this price: an open-ended allowance would outlive the request.
        if (allowed < terms.Price.Value)
            await session.SendAsync(key, currency.Approve(session.Dao.Contracts.Market, terms.Price.Value), cancellationToken).ConfigureAwait(false);
    }

    private static async Task<int> RenewAsync(CliContext context, ParseResult parse, CancellationToken cancellationToken)
    {
        using (var session = await Session.OpenAsync(context, cancellationToken).ConfigureAwait(false))
        using (var key = session.OpenKey(parse.GetValue(Key)!))
            await AllowAsync(session, key, (await session.Node.GetRequestAsync(new GrantId(parse.GetValue(Number)), cancellationToken).ConfigureAwait(false)).Terms, cancellationToken).ConfigureAwait(false);
        return await ActAsync(context, parse, (market, id) => market.Renew(id), "renewed", cancellationToken).ConfigureAwait(false);
    }

    private static async Task<int> ActAsync(
        CliContext context, ParseResult parse, Func<AccessMarket, GrantId, ContractCall> act, string done, CancellationToken cancellationToken)
    {
        using var session = await Session.OpenAsync(context, cancellationToken).ConfigureAwait(false);
        using var key = session.OpenKey(parse.GetValue(Key)!);
        var id = new GrantId(parse.GetValue(Number));
        var receipt = await session.SendAsync(key, act(new AccessMarket(session.Dao.Contracts.Market), id), cancellationToken).ConfigureAwait(false);
        context.Show(new Acted(id, done, receipt.TransactionHash), console => console.MarkupLineInterpolated($"[green]{id} is {done}[/], transaction {receipt.TransactionHash}."));
        return ExitCode.Ok;
    }

    private sealed record Requested(GrantId RequestId, Bytes32 TermsHash, GrantTerms Terms, Bytes32 TransactionHash);

    private sealed record Acted(GrantId Id, string Done, Bytes32 TransactionHash);
}
