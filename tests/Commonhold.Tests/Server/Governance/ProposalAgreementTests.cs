using System.Globalization;
using System.Numerics;
using System.Text.Json;
using System.Text.Json.Nodes;
using Commonhold.Client;
using Commonhold.Client.Contracts;
using Commonhold.Ethereum;
using Commonhold.Server.Access;
using Commonhold.Server.Governance;
using Commonhold.Server.Indexer;
using Xunit;

namespace Commonhold.Tests.Server.Governance;

/// <summary>What the node says of a proposal against what the browser reads for itself: a voter signs only where the two agree.</summary>
public sealed class ProposalAgreementTests
{
    private static readonly DaoContracts Contracts = new(At(1), At(2), At(3), At(4), At(5), At(6), At(7), At(8));
    private static readonly ActionReader Reader = new(new Dao(31337, Contracts, default));

    public static TheoryData<string, string, string> Sentences => new()
    {
        { "approve", Call(new AccessMarket(Contracts.Market).Approve(new GrantId(3), Digest(9))), $"Approve request 3 with exactly the terms {Digest(9)}." },
        { "revoke", Call(new AccessMarket(Contracts.Market).Revoke(new GrantId(17))), "End grant 17 now; rent that is not yet earned goes back to the buyer." },
        { "approve a worker", Call(new AccessMarket(Contracts.Market).SetWorker(Digest(5), true)), $"Let the worker with this key run grants: {RequestSentence.Recipient(Digest(5))}." },
        { "remove a worker", Call(new AccessMarket(Contracts.Market).SetWorker(Digest(5), false)), $"Let the worker with this key run no more grants: {RequestSentence.Recipient(Digest(5))}." },
        { "validators", Call(new ContributionRegistry(Contracts.Registry).SetValidators([At(20), At(21)], 2)), $"Make 2 accounts the validators, 2 of whom sign a batch: {At(20)}, {At(21)}." },
        { "daily limit", Call(new ContributionRegistry(Contracts.Registry).SetDailyLimit(1_500_500_000)), "Let at most 1,500.5 tokens be minted a day." },
        { "policy", Call(new ContributionRegistry(Contracts.Registry).SetPolicyDigest(Digest(7))), $"Judge contributions by the policy with the digest {Digest(7)}." },
        { "guardians", Call(new GuardianRegistry(Contracts.Guardians).StartEpoch([At(32), At(33), At(34)], 2)), $"Start a new dataset key with 3 guardians, 2 of whom open a file: {At(32)}, {At(33)}, {At(34)}." },
        { "split", Call(new RevenuePool(Contracts.Pool).SetSplit(new RevenuePool.Split(1_000, 250, At(40), At(41)))), $"Share later revenue out as 87.5% to the members, 10% to the operators at {At(40)} and 2.5% to the treasury at {At(41)}." },
        { "voting delay", Call(new DataGovernor(Contracts.Governor).SetVotingDelay(86_400)), "Let voting begin 1 day after a proposal." },
        { "voting period", Call(new DataGovernor(Contracts.Governor).SetVotingPeriod(604_800)), "Let voting last 7 days." },
        { "late quorum", Call(new DataGovernor(Contracts.Governor).SetLateQuorumVoteExtension(5_400)), "Let voting go on for 1 hour 30 minutes when the quorum is reached late." },
        { "threshold", Call(new DataGovernor(Contracts.Governor).SetProposalThreshold(50)), "Let whoever has 0.5% of all tokens propose." },
        { "quorum floor", Call(new DataGovernor(Contracts.Governor).SetQuorumFloor(BigInteger.Pow(10, 18))), "Ask for at least 1 token in every vote." },
        { "quorum part", Call(new DataGovernor(Contracts.Governor).UpdateQuorumNumerator(4)), "Ask for 4% of all tokens in every vote." },
        { "timelock", Call(new TimelockController(Contracts.Timelock).UpdateDelay(172_800)), "Let 2 days pass between a vote and carrying it out." },
        { "another function", Call(new DataToken(Contracts.Token).Transfer(At(50), 5)), $"Call transfer of the token with to {At(50)}, value 5." },
        { "tuples in lists", Call(new ContributionRegistry(Contracts.Registry).ClaimMany([new ContributionRegistry.ClaimRecord(At(60), 7, [Digest(1), Digest(2)])])), $"Call claimMany of the contribution registry with claims {At(60)}, 7, {Digest(1)}, {Digest(2)}." },
        { "bytes", Call(new DataGovernor(Contracts.Governor).Relay(At(61), 0, new byte[] { 1, 2, 255 })), $"Call relay of the governor with target {At(61)}, value 0, data 0x0102ff." },
        { "an unknown function", Text(Contracts.Market, "0x12345678"), "Call the access market with 4 bytes that cannot be read." },
        { "no function", Text(Contracts.Market, "0x1234"), "Call the access market with 2 bytes that cannot be read." },
        { "a stranger's contract", Text(At(99), "0x"), $"Call {At(99)} with 0 bytes that cannot be read." },
        { "arguments cut short", Text(Contracts.Market, Hex.Encode(new AccessMarket(Contracts.Market).Revoke(new GrantId(1)).Data.Span[..20])), "Call revoke of the access market with arguments that are not valid: it will fail." },
        { "paying", Text(At(99), "0x", "1500000000000000000"), $"Call {At(99)} with 0 bytes that cannot be read, paying 1,500,000,000,000,000,000 wei." },
    };

    [Theory]
    [MemberData(nameof(Sentences))]
    public void A_call_is_told_by_its_calldata(string what, string action, string sentence)
    {
        Assert.NotEmpty(what);
        Assert.Equal(sentence, ActionSentence.Of(Reader.Read(Parse(action))));
    }

    [BrowserCodeFact]
    public async Task The_browser_reads_every_call_as_the_node_does()
    {
        var actions = Sentences.Select(row => Parse((string)row[1])).ToList();
        var answers = await BrowserGovern.AskAsync([.. actions.Select(action => new JsonObject
        {
            ["kind"] = "action", ["contracts"] = ToNode(Contracts, WireJson.Default.DaoContracts), ["action"] = ActionNode(action), ["request"] = "Let 0x1 read it",
        })]);
        for (var i = 0; i < actions.Count; i++)
        {
            var read = Reader.Read(actions[i]);
            Assert.Equal(ActionSentence.Of(read, "Let 0x1 read it"), (string?)answers[i]["sentence"]);
            Assert.Equal(read.Arguments.Select(argument => (argument.Name, argument.Value, argument.Meaning)),
                answers[i]["arguments"]!.AsArray().Select(argument => ((string)argument!["name"]!, (string)argument["value"]!, (string?)argument["meaning"])));
        }
    }

    [BrowserCodeFact]
    public async Task The_browser_tells_a_request_as_the_node_does_and_hashes_the_same_terms()
    {
        var raw = new GrantTerms(GrantMode.Raw, Pricing.Sale, 0, 0, 30 * 86_400, 2, At(70), new Wei(1_000_000_000), Digest(8), Digest(9), default, default);
        GrantTerms[] terms =
        [
            raw, raw with { Price = Wei.Zero, Currency = default }, raw with { Pricing = Pricing.Rent, Price = new Wei(10_500_000), Renewals = 3 },
            raw with { Pricing = Pricing.Rent, Renewals = 1, Duration = 90 }, raw with { Mode = GrantMode.Anonymised, Runs = 1, OutputPolicyDigest = Digest(3) },
            raw with { Mode = GrantMode.Query, Runs = 1_000 }, raw with { Mode = GrantMode.Job, Runs = 1, JobDigest = Digest(4), Duration = 31_536_000 + 86_400 },
        ];
        var currency = new Currency(At(70), "USDC", 6);
        var answers = await BrowserGovern.AskAsync([.. terms.Select((of, i) => new JsonObject
        {
            ["kind"] = "request", ["buyer"] = At(71).ToString(), ["terms"] = ToNode(of, WireJson.Default.GrantTerms), ["contributions"] = i == 0 ? "1" : "1234567",
            ["currency"] = new JsonObject { ["symbol"] = currency.Symbol, ["decimals"] = currency.Decimals },
        })]);
        for (var i = 0; i < terms.Length; i++)
        {
            Assert.Equal(RequestSentence.Of(At(71), terms[i], i == 0 ? 1 : 1_234_567, currency), (string?)answers[i]["sentence"]);
            Assert.Equal(terms[i].Hash().ToString(), (string?)answers[i]["hash"]);
        }

        Assert.Equal($"Let {At(71)} read 1 contribution raw for 30 days for 1,000 USDC", (string?)answers[0]["sentence"]);
    }

    [BrowserCodeFact]
    public async Task The_mark_of_who_may_propose_is_written_and_hidden_alike_by_browser_and_node()
    {
        using var key = Secp256k1Key.Generate();
        var signed = Proposal.ToRevoke(Contracts, new GrantId(1), "They broke the terms").By(key.Address);
        string[] descriptions =
        [
            signed.Description, "", "They broke the terms", $"#proposer={key.Address}", $"a #proposer={key.Address} b", $"x\n#proposer={key.Address.ToString().ToLowerInvariant()}", $"x#proposer={key.Address}0",
            $"x #proposer=0x{new string('g', 40)}", $"one\n\n#proposer={key.Address}\n\n#proposer={At(3)}", $"#proposer=0X{key.Address.ToString()[2..]}",
        ];
        var answer = (await BrowserGovern.AskAsync([new JsonObject
        {
            ["kind"] = "words", ["words"] = "They broke the terms", ["proposer"] = key.Address.ToString(), ["descriptions"] = new JsonArray([.. descriptions.Select(text => JsonValue.Create(text))]),
        }]))[0];
        Assert.Equal(signed.Description, (string?)answer["signed"]);
        Assert.Equal(descriptions.Select(Proposal.WordsOf), answer["words"]!.AsArray().Select(words => (string)words!));
        Assert.Equal("They broke the terms", Proposal.WordsOf(signed.Description));
        Assert.NotEqual(Proposal.ToRevoke(Contracts, new GrantId(1), "They broke the terms").By(At(4)).Id, signed.Id);
    }

    [BrowserCodeFact]
    public async Task The_browser_numbers_proposals_and_words_signatures_as_the_contracts_do()
    {
        var proposal = new Proposal([Contracts.Market, At(99)], [0, 5], [new AccessMarket(Contracts.Market).Revoke(new GrantId(1)).Data, new byte[] { 1 }], "Because “we” can\n🙂");
        using var key = Secp256k1Key.Generate();
        var ballots = new[] { new Ballot(proposal.Id, VoteSupport.For, key.Address, 4), new Ballot(proposal.Id, VoteSupport.Against, key.Address, 5, "No: ünsafe") };
        var delegation = new Delegation(At(80), 6, 4_000_000_000);
        var answers = await BrowserGovern.AskAsync([
            new JsonObject
            {
                ["kind"] = "proposal", ["description"] = proposal.Description,
                ["actions"] = new JsonArray([.. proposal.Targets.Select((target, i) => ActionNode(new ProposalAction(target, proposal.Values[i].ToString(CultureInfo.InvariantCulture), Hex.Encode(proposal.Calldatas[i].Span))))]),
            },
            .. ballots.Select(ballot => new JsonObject
            {
                ["kind"] = "ballot", ["chainId"] = 31337, ["governor"] = Contracts.Governor.ToString(), ["proposalId"] = ballot.ProposalId.ToString(CultureInfo.InvariantCulture),
                ["support"] = (int)ballot.Support, ["voter"] = ballot.Voter.ToString(), ["nonce"] = ballot.Nonce.ToString(CultureInfo.InvariantCulture), ["reason"] = ballot.Reason,
            }),
            new JsonObject
            {
                ["kind"] = "delegation", ["chainId"] = 31337, ["token"] = Contracts.Token.ToString(), ["name"] = "Test data", ["delegatee"] = delegation.Delegatee.ToString(),
                ["nonce"] = "6", ["expiry"] = "4000000000",
            },
        ]);
        Assert.Equal(proposal.Id.ToString(CultureInfo.InvariantCulture), (string?)answers[0]["id"]);
        for (var i = 0; i < ballots.Length; i++)
        {
            Assert.True(Secp256k1Key.TryRecover(Bytes32.Parse((string)answers[i + 1]["digest"]!), ballots[i].Sign(key, 31337, Contracts.Governor), out var signer));
            Assert.Equal(key.Address, signer);
        }

        Assert.Equal(delegation.Digest("Test data", 31337, Contracts.Token).ToString(), (string?)answers[^1]["digest"]);
    }

    private static Address At(byte number)
    {
        var bytes = new byte[20];
        bytes[19] = number;
        return Address.FromSpan(bytes);
    }

    private static Bytes32 Digest(byte number) => Keccak256.Hash([number]);

    private static string Call(ContractCall call) => Text(call.To, Hex.Encode(call.Data.Span));

    // Theory rows are told apart by their text.
    private static string Text(Address target, string calldata, string value = "0") => $"{target} {value} {calldata}";

    private static ProposalAction Parse(string text) => text.Split(' ') is var parts ? new ProposalAction(Address.Parse(parts[0]), parts[1], parts[2]) : null!;

    private static JsonObject ActionNode(ProposalAction action) => new() { ["target"] = action.Target.ToString(), ["value"] = action.Value, ["calldata"] = action.Calldata };

    private static JsonNode ToNode<T>(T value, System.Text.Json.Serialization.Metadata.JsonTypeInfo<T> type) => JsonSerializer.SerializeToNode(value, type)!;
}
