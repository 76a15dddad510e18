using System.Security.Cryptography;
using System.Text;
using Commonhold.Client;
using Commonhold.Client.Contracts;
using Commonhold.Ethereum;
using Commonhold.Server.Web;
using Commonhold.ServerTests.Node;
using Commonhold.Tests.Server.Web;
using Microsoft.AspNetCore.Routing;

namespace Commonhold.ServerTests.Web;

/// <summary>A node whose DAO has a contribution, a request, a proposal and a vote, every text of which tries to become markup.</summary>
public sealed class WebWorld : IAsyncLifetime
{
    private readonly Scratch _scratch = new();
    private RunningNode? _node;

    /// <summary>The whole corpus in one text: a purpose, a description and a reason have room for it.</summary>
    public static string HostileText { get; } = string.Join('\n', Xss.Corpus);

    public NodeWorld Chain { get; private set; } = null!;

    internal string DataDirectory => _scratch.Path;

    internal RunningNode Node => _node!; // Null only where every test is skipped.

    /// <summary>Contributed, was refused and accepted, asked, proposed and voted.</summary>
    internal Secp256k1Key Member { get; private set; } = null!;

    internal GrantId Request { get; private set; }

    internal Proposal Proposal { get; private set; } = null!;

    /// <summary>Every page that the node has, with its parameters filled in.</summary>
    internal IReadOnlyList<string> Pages => [.. Node.Get<EndpointDataSource>().Endpoints.Select(endpoint => endpoint.Metadata.GetMetadata<PageMetadata>()?.Pattern).OfType<string>()
        .Select(Address).OfType<string>()];

    public async Task InitializeAsync()
    {
        if (!Commonhold.Tests.Require.Anvil())
            return;
        Chain = await NodeWorld.CreateAsync();
        _node = await RunningNode.StartAsync(Chain, _scratch.Path);
        var member = SampleFile.Make(Chain);
        await Chain.FundAsync(member.Owner.Address);
        await member.ContributeAsync(Chain, Node.Client);
        Member = member.Owner;
        await JudgeAsync(member, accepted: true);
        var refused = SampleFile.Make(Chain, member.Owner);
        await refused.ContributeAsync(Chain, Node.Client);
        await JudgeAsync(refused, accepted: false);
        await TestValidators.UntilAsync(Chain, Node, member.Digest, ContributionState.Committed);
        var claim = await Node.Client.RelayClaimsAsync([member.Owner.Address], default);
        await Eventually.HoldsAsync(async () => (await Node.Client.GetRelayAsync(claim.Id, default)).State == RelayState.Mined, "the rewards are claimed");
        await AskAsync(member.Owner);
        await VoteAsync(member.Owner);
        await Eventually.HoldsAsync(async () => (await Node.Http.GetStringAsync($"v1/proposals/{Proposal.Id}/votes")).Contains("alert", StringComparison.Ordinal), "the vote is indexed");
    }

    public async Task DisposeAsync()
    {
        if (_node is not null)
            await _node.DisposeAsync();
        if (Chain is not null)
            await Chain.DisposeAsync();
        _scratch.Dispose();
    }

    /// <summary>A validator whose every word tries to become markup.</summary>
    private async Task JudgeAsync(SampleFile file, bool accepted)
    {
        var (terms, key) = (file.Terms(), Chain.Validators[0]);
        var findings = Findings.NotChecked(HostileText);
        var points = accepted ? TestValidators.Worth : Points.Zero;
        var report = new Report(Report.CurrentVersion, file.Digest, key.Address, 1, accepted, points, accepted ? null : new Refusal("export.invalid", HostileText, HostileText), default,
            EvidenceLevel.Structure, TestValidators.AnythingPaid, findings, [], accepted ? [new ValuePart(HostileText, 1, 1, points)] : [], default).ToJsonBytes();
        var verdict = new Verdict(terms.Owner, terms.CiphertextDigest, terms.Size, terms.EphemeralShare, terms.Schema, terms.KeyEpoch, accepted, points,
            Keccak256.Hash(terms.Owner.AsSpan()), Report.DigestOf(report));
        await new ValidatorNodeClient(Node.Http, key, Chain.Contracts.Registry).PostVerdictAsync(
            VerdictSubmission.From(SignedVerdict.From(verdict, verdict.Sign(key, Chain.Registry)), key.Address, report), default);
    }

    private async Task AskAsync(Secp256k1Key buyer)
    {
        await Chain.SendAsync(buyer, new TestCurrency(Chain.Currency).Mint(buyer.Address, 1_000_000));
        await Chain.SendAsync(buyer, new TestCurrency(Chain.Currency).Approve(Chain.Contracts.Market, 1_000_000));
        var purpose = Bytes32.FromSpan(SHA256.HashData(Encoding.UTF8.GetBytes(HostileText)));
        var terms = new GrantTerms(GrantMode.Raw, Pricing.Sale, 0, 0, 86_400, 1, Chain.Currency, new Wei(1_000_000), Bytes32.FromSpan(Chain.Dataset.Recipient.Point), purpose, default, default);
        var receipt = await Chain.SendAsync(buyer, new AccessMarket(Chain.Contracts.Market).Request(terms.ToContract()));
        var asked = receipt.Logs.Single(log => log.Address == Chain.Contracts.Market && log.Topics[0] == AccessMarket.AccessRequestedEvent.Event.Topic);
        Request = AccessMarket.AccessRequestedEvent.Decode(asked.Topics, asked.Data.Span).RequestId;
        await Node.Client.PutPurposeAsync(HostileText, default);
        Proposal = Proposal.ToApprove(Chain.Contracts, Request, terms.Hash(), HostileText);
    }

    private async Task VoteAsync(Secp256k1Key voter)
    {
        var governor = new DataGovernor(Chain.Contracts.Governor);
        await Chain.Anvil.AdvanceToAsync((await Chain.Anvil.HeadAsync(default)).Time + 2, default); // Votes count what was held a second before.
        await Chain.SendAsync(voter, Proposal.ToPropose(Chain.Contracts.Governor));
        await Chain.Anvil.AdvanceToAsync((long)await Chain.ReadAsync(governor.ProposalSnapshot(Proposal.Id)) + 2, default);
        var vote = DataGovernor.Abi.Functions.Single(function => function.Name == "castVoteWithReason");
        await Chain.SendAsync(voter, Chain.Contracts.Governor, vote.EncodeCall(AbiValue.From(Proposal.Id), AbiValue.From((byte)1), AbiValue.From(HostileText)));
    }

    private string? Address(string pattern) => pattern switch
    {
        "/vote/{id}" => $"/vote/{Proposal.Id}",
        "/requests/{id}" => $"/requests/{Request}",
        _ when pattern.Contains('{', StringComparison.Ordinal) => null,
        _ => pattern,
    };
}
