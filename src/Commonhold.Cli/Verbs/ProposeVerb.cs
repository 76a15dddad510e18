using System.CommandLine;
using System.Globalization;
using Commonhold.Age;
using Commonhold.Cli.Voice;
using Commonhold.Client;
using Commonhold.Client.Contracts;
using Commonhold.Ethereum;
using Spectre.Console;

namespace Commonhold.Cli.Verbs;

/// <summary>`commonhold propose …`: put something to the vote; `propose list` shows what is.</summary>
internal static class ProposeVerb
{
    private static readonly Option<string> Key = Inputs.Key();
    private static readonly Option<string?> Text = new("--text") { Description = "Why, for the voters.", HelpName = "TEXT" };
    private static readonly Argument<ulong> Number = new("NUMBER") { Description = "The request's or grant's number." };
    private static readonly Argument<FileInfo> Policy = new("FILE") { Description = "The policy document; its SHA-256 is what is voted on." };
    private static readonly Argument<string> WorkerKey = new("RECIPIENT") { Description = "The worker's age1… key." };

    public static Command Create() => new Verb("propose", "Put something to the vote, or list what is up for it.")
    {
        new Verb("request", "Propose to grant a request on exactly its terms.", "commonhold propose request 3 --text 'A university; they published the last one'") { Number, Text, Key }
            .Runs((context, parse, token) => ProposeAsync(context, parse, async session =>
            {
                var request = await session.Node.GetRequestAsync(new GrantId(parse.GetValue(Number)), token).ConfigureAwait(false);
                // The hash that is voted on is computed from the terms that were shown, not taken from the node.
                return request.Terms.Hash() == request.TermsHash
                    ? Proposal.ToApprove(session.Dao.Contracts, request.RequestId, request.Terms.Hash(), Words(parse, $"Grant request {request.RequestId}: {Sentence(session, request)}"))
                    : throw new CommandFailedException(new Refusal("grant.terms_mismatch", $"The node shows other terms than those of request {request.RequestId}.", "Do not use this node."));
            }, token)),
        new Verb("revoke", "Propose to end a grant; the unearned part of a rent goes back.", "commonhold propose revoke 3 --text 'They broke the terms'") { Number, Text, Key }
            .Runs((context, parse, token) => ProposeAsync(context, parse, session => Task.FromResult(
                Proposal.ToRevoke(session.Dao.Contracts, new GrantId(parse.GetValue(Number)), Words(parse, $"Revoke grant {parse.GetValue(Number)}"))), token)),
        new Verb("worker", "Propose to approve a worker's key.", "commonhold propose worker age1…") { WorkerKey, Text, Key }
            .Runs((context, parse, token) => ProposeAsync(context, parse, session =>
            {
                var worker = X25519Recipient.TryParse(parse.GetValue(WorkerKey)!) ?? throw new CommandFailedException("that is not an age recipient", "age1…", ExitCode.Usage);
                return Task.FromResult(Proposal.Of(
                    new AccessMarket(session.Dao.Contracts.Market).SetWorker(Bytes32.FromSpan(worker.Point), true), Words(parse, $"Approve the worker's key {worker}")));
            }, token)),
        new Verb("policy", "Propose another policy: what is asked of a contribution, and how evidence weighs.", "commonhold propose policy policy.json --text 'Count e-mail proofs in full'") { Policy, Text, Key }
            .Runs(ProposePolicyAsync),
        new Verb("list", "List proposals, newest first, with what each would really do.", "commonhold propose list").Runs(ListAsync),
    };

    private static string Words(ParseResult parse, string fact) => parse.GetValue(Text) is { Length: > 0 } why ? $"{fact}\n\n{why}" : fact;

    private static string Sentence(Session session, RequestView request) => string.Create(
        CultureInfo.InvariantCulture,
        $"{request.Terms.Mode.ToString().ToLowerInvariant()} access to {request.Terms.Scope} {(request.Terms.Scope == 1 ? "batch" : "batches")} for {Plain.Duration(request.Terms.Duration)} for {GrantsVerb.Price(session, request.Terms)}, to {request.Buyer}");

    private static async Task<int> ProposeAsync(CliContext context, ParseResult parse, Func<Session, Task<Proposal>> make, CancellationToken cancellationToken)
    {
        using var session = await Session.OpenAsync(context, cancellationToken).ConfigureAwait(false);
        using var key = session.OpenKey(parse.GetValue(Key)!);
        var proposal = (await make(session).ConfigureAwait(false)).By(key.Address);
        var governor = new DataGovernor(session.Dao.Contracts.Governor);
        var threshold = await session.ReadAsync(governor.ProposalThreshold(), cancellationToken).ConfigureAwait(false);
        var votes = await session.ReadAsync(governor.GetVotes(key.Address, await session.NowAsync(cancellationToken).ConfigureAwait(false) - 1), cancellationToken).ConfigureAwait(false);
        if (votes < threshold)
        {
            throw new CommandFailedException(new Refusal(
                "proposal.below_threshold", $"{key.Address} has {Plain.Tokens(votes)} votes, and proposing takes {Plain.Tokens(threshold)}.", "Tokens count a second after they arrive: commonhold claim"));
        }

        var receipt = await session.SendAsync(key, proposal.ToPropose(session.Dao.Contracts.Governor), cancellationToken).ConfigureAwait(false);
        var opens = (long)await session.ReadAsync(governor.ProposalSnapshot(proposal.Id), cancellationToken).ConfigureAwait(false);
        var ends = (long)await session.ReadAsync(governor.ProposalDeadline(proposal.Id), cancellationToken).ConfigureAwait(false);
        var id = proposal.Id.ToString(CultureInfo.InvariantCulture);
        context.Show(new Proposed(id, Proposal.WordsOf(proposal.Description), opens, ends, receipt.TransactionHash), console =>
        {
            console.MarkupLineInterpolated($"[green]Proposed[/]: {id}");
            console.WriteLine($"Voting opens {Plain.Time(opens)} and ends {Plain.Time(ends)}:  commonhold vote {id[..8]} for");
        });
        return ExitCode.Ok;
    }

    private static async Task<int> ProposePolicyAsync(CliContext context, ParseResult parse, CancellationToken cancellationToken)
    {
        var json = PolicyFile.Read(parse.GetValue(Policy)!);
        var digest = ContributionPolicy.DigestOf(json);
        var code = await ProposeAsync(context, parse, session =>
        {
            var policy = ContributionPolicy.Parse(json).Value;
            return policy.Schema == session.Dao.Dataset.SchemaName
                ? Task.FromResult(Proposal.ToSetPolicy(session.Dao.Contracts, digest, Words(parse, $"Judge contributions by the policy {digest}")))
                : throw new CommandFailedException(new Refusal("policy.other_schema", $"The policy is for '{policy.Schema}'; the dataset takes '{session.Dao.Dataset.SchemaName}'."));
        }, cancellationToken).ConfigureAwait(false);

        // Who votes must be able to read it. The node takes it now that it has seen the proposal.
        using var session = await Session.OpenAsync(context, cancellationToken).ConfigureAwait(false);
        await session.Node.PutPolicyAsync(json, cancellationToken).ConfigureAwait(false);
        context.Error.WriteLine($"The node shows it to voters at /v1/policies/{digest}");
        return code;
    }

    private static async Task<int> ListAsync(CliContext context, ParseResult parse, CancellationToken cancellationToken)
    {
        using var session = await Session.OpenAsync(context, cancellationToken).ConfigureAwait(false);
        var list = await session.Node.ListProposalsAsync(50, cancellationToken).ConfigureAwait(false);
        foreach (var view in list)
            _ = Inputs.Proved(view);
        context.Show(list, console =>
        {
            if (list.Count == 0)
                console.WriteLine("Nothing is up for a vote.");
            foreach (var p in list)
            {
                console.MarkupLineInterpolated($"[bold]{Plain.Short(p.ProposalId)}[/]  {p.State}");
                foreach (var sentence in p.Sentences)
                    console.WriteLine($"  does    {Plain.Text(sentence)}");
                console.WriteLine($"  says    {Plain.Text(Proposal.WordsOf(p.Description))}");
                console.WriteLine($"  votes   {Plain.Tokens(p.Votes.For)} for, {Plain.Tokens(p.Votes.Against)} against, {Plain.Tokens(p.Votes.Abstain)} abstain");
                console.WriteLine($"  opens   {Plain.Time(p.VoteStart)}, ends {Plain.Time(p.VoteEnd)}{(p.QueuedUntil is { } until ? $", can be executed from {Plain.Time(until)}" : "")}");
            }
        });
        return ExitCode.Ok;
    }

    private sealed record Proposed(string ProposalId, string Description, long OpensAt, long EndsAt, Bytes32 TransactionHash);
}
