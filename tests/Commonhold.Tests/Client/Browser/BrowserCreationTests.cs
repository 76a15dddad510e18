using System.Globalization;
using System.Text.Json.Nodes;
using Commonhold.Client;
using Commonhold.Ethereum;
using Commonhold.Server.Creation;
using Xunit;

namespace Commonhold.Tests.Client.Browser;

/// <summary>What the browser deploys when it creates a DAO: the same as the command line, whatever the node answers. web/agreement/creation.ts runs its code.</summary>
public sealed class BrowserCreationTests
{
    private static readonly Address Deployer = Account(77);

    /// <summary>A kind of data of one's own, with a title beyond ASCII.</summary>
    private const string Descriptor = """
        { "name": "rides-v1", "title": "Fahrten – größer", "resources": [ { "name": "rides",
          "schema": { "fields": [ { "name": "began", "type": "datetime", "constraints": { "required": true } }, { "name": "line", "constraints": { "enum": ["U6", "Ring"] } },
            { "name": "km", "type": "number", "constraints": { "minimum": 0 } } ], "primaryKey": ["began"] },
          "commonhold": { "scope": "history", "place": { "field": "line" } } } ] }
        """;

    private static readonly DaoDraft Plain = new()
    {
        Name = "Readers’ commons", Symbol = "READ", Guardians = string.Join('\n', Enumerable.Range(1, 3).Select(i => Account((ulong)i))), Validators = $"{Account(9)}, {Account(10)}",
    };

    private static readonly (string Name, DaoDraft Draft)[] Honest =
    [
        ("as the form begins", Plain),
        ("everything typed otherwise", Plain with
        {
            Schema = "spotify-history-v1", GuardianThreshold = " 3 ", ValidatorThreshold = "1", VotingDelay = "0 seconds", VotingPeriod = "90 Minutes", LateQuorum = "2weeks", Timelock = "1 hour",
            Quorum = "51", ProposalThreshold = "0.29 %", OperatorsShare = "12.5", TreasuryShare = ".5", Operators = Account(20).ToString(), Treasury = Account(21).ToString().ToLowerInvariant(),
            DailyLimit = "1,234,567", FounderAccount = Account(22).ToString(), FounderTokens = "1000",
        }),
        ("nothing for operators and treasury", Plain with { OperatorsShare = "0", TreasuryShare = "0%" }),
        ("a kind of data of one's own", Plain with { Schema = "rides-v1", Descriptor = Descriptor }),
        ("a policy of one's own", Plain with { Policy = System.Text.Encoding.UTF8.GetString((ContributionPolicy.Standard("reddit-export-v1") with { Reweighting = true }).ToJsonBytes()) }),
    ];

    [BrowserCodeFact]
    public async Task The_browser_makes_the_very_transactions_of_the_command_line()
    {
        var drafts = Honest.Select(row => row.Draft).Concat(Enumerable.Range(0, 40).Select(Random)).ToArray();
        var answers = await AskAsync([.. drafts.Select(draft => Question(draft))]);
        Assert.All(drafts.Zip(answers), pair =>
        {
            var (draft, answer) = pair;
            Assert.True(answer["refused"] is null, $"{draft}: {answer["message"]}");
            var plan = DaoPlan.Make(DraftReader.ToSettings(draft)!, Deployer);
            Assert.Equal(
                plan.Deployments.Select(each => (each.Contract, each.Address.ToString(), Hex.Encode(each.InitCode.Span), DaoCreator.GasLimit(each))),
                answer["deployments"]!.AsArray().Select(each => ((string)each!["contract"]!, (string)each["address"]!, (string)each["initCode"]!, (ulong)each["gasLimit"]!)));
            Assert.Equal(plan.Contracts.Dao.ToString(), (string)answer["contracts"]!["dao"]!);
        });
    }

    [BrowserCodeFact]
    public async Task The_browser_knows_the_standard_policy_to_the_letter()
    {
        var answer = Assert.Single(await AskAsync([Question(Plain)]));
        Assert.Equal(System.Text.Encoding.UTF8.GetString(ContributionPolicy.Standard(Plain.Schema).ToJsonBytes()), (string)answer["standardPolicy"]!);
    }

    [BrowserCodeFact]
    public async Task A_node_that_swaps_the_code_of_one_contract_is_refused_by_its_name()
    {
        var contracts = CreatedContract.All.Select(contract => contract.Name).ToArray();
        // One bit of one byte, code that is longer, and the code of another contract.
        Func<string, string, string>[] swaps =
        [
            (code, _) => code[..200] + (code[200] == '0' ? '1' : '0') + code[201..],
            (code, _) => code + "00",
            (_, name) => Hex.Encode(CreatedContract.All.First(other => other.Name != name).CreationCode.Span),
        ];
        foreach (var swap in swaps)
        {
            var answers = await AskAsync([.. contracts.Select((name, i) => Question(Plain, parts =>
                parts["codes"]![i]!["code"] = swap((string)parts["codes"]![i]!["code"]!, name)))]);
            Assert.All(contracts.Zip(answers), pair => Refused(pair.Second, $"code of {pair.First} is not the published one"));
        }

        Refused((await AskAsync([Question(Plain, parts => parts["codes"]!.AsArray().RemoveAt(5))]))[0], "no code of RevenuePool");
    }

    private static readonly (string Named, Action<JsonNode> Change)[] Lies =
    [
        ("guardians:", settings => settings["guardians"]![1] = Account(66).ToString()),
        ("guardians:", settings => settings["guardians"]!.AsArray().Add(Account(66).ToString())),
        ("guardians' threshold:", settings => settings["guardianThreshold"] = 1),
        ("validators:", settings => settings["validators"] = new JsonArray(Account(66).ToString(), Account(10).ToString())),
        ("validators' threshold:", settings => settings["validatorThreshold"] = 1),
        ("operators' share:", settings => settings["split"]!["operatorsBps"] = 1_001),
        ("treasury's share:", settings => settings["split"]!["treasuryBps"] = 0),
        ("operators' account:", settings => settings["split"]!["operators"] = Account(66).ToString()),
        ("treasury's account:", settings => settings["split"]!["treasury"] = Account(66).ToString()),
        ("name:", settings => settings["name"] = "Readers' commons"),
        ("token's symbol:", settings => settings["symbol"] = "REED"),
        ("kind of data:", settings => settings["schemaName"] = "x-export-v1"),
        ("time before a vote:", settings => settings["rules"]!["votingDelay"] = 0),
        ("time of a vote:", settings => settings["rules"]!["votingPeriod"] = 10),
        ("time after a late quorum:", settings => settings["rules"]!["lateQuorumExtension"] = 0),
        ("wait after a vote:", settings => settings["rules"]!["timelockDelay"] = 0),
        ("quorum:", settings => settings["rules"]!["quorumPercent"] = 0),
        ("least quorum:", settings => settings["rules"]!["quorumFloor"] = "1"),
        ("share that may propose:", settings => settings["rules"]!["proposalThresholdBps"] = 0),
        ("daily limit:", settings => settings["dailyLimit"] = "1000000000001"),
        ("founder's share:", settings => settings["founder"] = new JsonObject { ["account"] = Account(66).ToString(), ["units"] = "1" }),
        ("mark of a trial:", settings => settings["trial"] = true),
        ("digest of metadata:", settings => settings["metadataDigest"] = $"0x{1:x64}"),
        ("policy:", settings => settings["policy"] = Convert.ToBase64String(ContributionPolicy.Trial(Plain.Schema).ToJsonBytes())),
    ];

    [BrowserCodeFact]
    public async Task A_node_that_changes_what_was_typed_is_refused_and_the_change_is_named()
    {
        var answers = await AskAsync([.. Lies.Select(lie => Question(Plain, parts => lie.Change(parts["settings"]!)))]);
        Assert.All(Lies.Zip(answers), pair => Refused(pair.Second, $"changed the {pair.First.Named}"));
    }

    [BrowserCodeFact]
    public async Task A_description_of_the_data_that_the_node_changed_is_refused()
    {
        var draft = Honest[3].Draft;
        var other = DraftReader.ToSettings(draft with { Descriptor = Descriptor.Replace("\"km\"", "\"miles\"", StringComparison.Ordinal) })!;
        var answer = (await AskAsync([Question(draft, parts => parts["settings"]!["policy"] = Convert.ToBase64String(other.Policy))]))[0];
        Refused(answer, "changed the policy:");
    }

    [BrowserCodeFact]
    public async Task A_node_has_no_word_in_gas_addresses_and_price()
    {
        var answers = await AskAsync([Question(Plain), Question(Plain, parts =>
        {
            parts["price"] = "1";
            parts["contracts"] = new JsonObject { ["dao"] = Account(66).ToString() };
            parts["deployments"] = new JsonArray();
            foreach (var code in parts["codes"]!.AsArray())
                code!["gasLimit"] = 30_000_000;
        })]);
        Assert.Equal(answers[0].ToJsonString(), answers[1].ToJsonString());
    }

    [BrowserCodeFact]
    public async Task What_this_browser_did_not_see_being_typed_is_not_believed()
    {
        string[] steps = ["name", "data", "guardians", "validators", "voting", "money"];
        var answers = await AskAsync([.. steps.Select(step => Question(Plain, typed: typed => typed.Remove(step)))]);
        Assert.All(steps.Zip(answers), pair => Refused(pair.Second, $"did not see what was typed on the page “{pair.First}”"));
    }

    private static void Refused(JsonNode answer, string words)
    {
        Assert.Equal("OtherDao", (string?)answer["refused"]);
        Assert.Contains(words, (string)answer["message"]!, StringComparison.Ordinal);
    }

    /// <summary>What the node answers for a draft, and what its author typed.</summary>
    private static string Question(DaoDraft draft, Action<JsonObject>? lie = null, Action<JsonObject>? typed = null)
    {
        JsonObject parts = new()
        {
            ["chainId"] = 31337,
            ["settings"] = JsonNode.Parse(DaoSettingsFile.Write(DraftReader.ToSettings(draft) ?? throw new ArgumentException($"{draft} is no DAO.", nameof(draft)))),
            ["codes"] = new JsonArray([.. CreatedContract.All.Select(each => new JsonObject { ["contract"] = each.Name, ["code"] = Hex.Encode(each.CreationCode.Span) })]),
        };
        var wrote = Typed(draft);
        lie?.Invoke(parts);
        typed?.Invoke(wrote);
        return new JsonObject { ["parts"] = parts, ["deployer"] = Deployer.ToString(), ["typed"] = wrote }.ToJsonString();
    }

    private static JsonObject Typed(DaoDraft d)
    {
        var isOwn = CreateModel.Formats.All(format => format.Schema != d.Schema);
        return new JsonObject
        {
            ["name"] = new JsonObject { ["Name"] = d.Name, ["Symbol"] = d.Symbol },
            ["data"] = new JsonObject
            {
                ["Kind"] = isOwn ? "own" : d.Schema, ["OwnSchema"] = isOwn ? d.Schema : "", ["Descriptor"] = $"\r\n{d.Descriptor}\n", ["DescriptorFile"] = "",
                ["Policy"] = "", ["PolicyFile"] = d.Policy,
            },
            ["guardians"] = new JsonObject { ["Guardians"] = d.Guardians, ["GuardianThreshold"] = d.GuardianThreshold },
            ["validators"] = new JsonObject { ["Validators"] = d.Validators, ["ValidatorThreshold"] = d.ValidatorThreshold },
            ["voting"] = new JsonObject
            {
                ["VotingDelay"] = d.VotingDelay, ["VotingPeriod"] = d.VotingPeriod, ["LateQuorum"] = d.LateQuorum, ["Timelock"] = d.Timelock, ["Quorum"] = d.Quorum,
                ["ProposalThreshold"] = d.ProposalThreshold, ["Members"] = d.Members,
            },
            ["money"] = new JsonObject
            {
                ["OperatorsShare"] = d.OperatorsShare, ["TreasuryShare"] = d.TreasuryShare, ["Operators"] = d.Operators, ["Treasury"] = d.Treasury, ["DailyLimit"] = d.DailyLimit,
                ["FounderAccount"] = d.FounderAccount, ["FounderTokens"] = d.FounderTokens,
            },
        };
    }

    private static DaoDraft Random(int seed)
    {
        var random = new Random(seed);
        string Number(int from, int to) => random.Next(from, to).ToString(CultureInfo.InvariantCulture);
        string Accounts() => string.Join(random.Next(2) == 0 ? " " : "\n", Enumerable.Range(0, random.Next(1, 9)).Select(i => Account((ulong)((seed * 100) + i + 1))));
        return Plain with
        {
            Guardians = Accounts(), Validators = Accounts(), VotingDelay = $"{Number(0, 30)} days", VotingPeriod = $"{Number(1, 90)} day", Timelock = $"{Number(0, 90)} hours",
            Quorum = Number(1, 101), ProposalThreshold = (random.Next(0, 10_001) / 100m).ToString(CultureInfo.InvariantCulture),
            OperatorsShare = (random.Next(0, 5_001) / 100m).ToString(CultureInfo.InvariantCulture), TreasuryShare = (random.Next(0, 5_001) / 100m).ToString(CultureInfo.InvariantCulture),
            DailyLimit = Number(1, 1_000_000_000), FounderAccount = Account(5).ToString(), FounderTokens = Number(1, 1_000_000_000),
        };
    }

    private static Address Account(ulong number) => Address.Parse($"0x{number:x40}");

    private static async Task<IReadOnlyList<JsonNode>> AskAsync(IReadOnlyList<string> questions) =>
        [.. (await NodeScript.AskAsync("web", "dist/creation.mjs", questions)).Select(line => JsonNode.Parse(line)!)];
}
