using System.Net.Http.Json;
using System.Text.Json.Nodes;
using Commonhold.Client;
using Commonhold.Client.Contracts;
using Commonhold.Ethereum;
using Commonhold.Tests;
using Commonhold.Tests.Client;

namespace Commonhold.ServerTests.Node;

/// <summary>The browser's code holds a real node against a real chain, and sends: what a lying node changes in its answer is named.</summary>
[Trait("Speed", "slow")]
public sealed class BrowserChainTests : IAsyncLifetime
{
    private readonly Scratch _scratch = new();
    private NodeWorld _world = null!;
    private RunningNode _node = null!;

    public async Task InitializeAsync()
    {
        if (!Commonhold.Tests.Require.Anvil())
            return;
        _world = await NodeWorld.CreateAsync();
        _node = await RunningNode.StartAsync(_world, _scratch.Path);
    }

    public async Task DisposeAsync()
    {
        if (_node is not null)
            await _node.DisposeAsync();
        if (_world is not null)
            await _world.DisposeAsync();
        _scratch.Dispose();
    }

    [BrowserCodeFact]
    public async Task A_lie_of_the_node_is_named()
    {
        var info = (await _node.Http.GetFromJsonAsync<JsonObject>("/v1/dao"))!;
        using var stranger = Secp256k1Key.Generate();
        var other = stranger.Address.ToString();
        (string Path, JsonNode? Lie, string Field)[] lies =
        [
            ("name", "Another dataset", "the DAO's name"),
            ("chainId", 1, "the chain"),
            ("contracts.token", other, "the token"),
            ("contracts.registry", other, "the registry of contributions"),
            ("contracts.guardians", other, "the registry of guardians"),
            ("contracts.pool", other, "the revenue pool"),
            ("contracts.market", other, "the market"),
            ("contracts.governor", other, "the governor"),
            ("contracts.timelock", other, "the timelock"),
            ("contracts.dao", other, $"the contract at {other}"),
            ("dataset.recipient", "age1ql3z7hjy54pw3hyww5ayyfg7zqgvc7w3j2elw8zmrj2kg5sfn9aqmcac8p", "the dataset's recipient"),
            ("dataset.keyEpoch", 2, "the dataset's key epoch"),
            ("dataset.active", false, "whether the dataset has a key"),
            ("dataset.schema", Keccak256.Hash("other"u8).ToString(), "the dataset's schema"),
            ("dataset.schemaName", "other-export-v1", "the schema's name"),
            ("dataset.policyDigest", Keccak256.Hash("other"u8).ToString(), "the policy"),
            ("guardians.threshold", 0, "how many guardians open a file"),
            ("guardians.members", new JsonArray(), "the guardians"),
            ("validators.threshold", 1, "how many validators sign a batch"),
            ("validators.members", new JsonArray(new JsonObject { ["address"] = other }), "the validators"),
        ];
        var answers = await BrowserKeys.AskAllAsync([Question(info), .. lies.Select(lie => Question(With(info, lie.Path, lie.Lie)))]);
        Assert.True((bool?)answers[0]["checked"]);
        Assert.Equal(lies.Select(lie => lie.Field), answers.Skip(1).Select(answer => (string?)answer["field"]));
    }

    [BrowserCodeFact]
    public async Task Tickets_go_only_where_their_validator_says()
    {
        var (key, registry) = (_world.Validators[0], _world.Contracts.Registry);
        var info = (await _node.Http.GetFromJsonAsync<JsonObject>("/v1/dao"))!;
        var recipient = _world.ValidatorIdentity.Recipient.ToString();
        var (index, honest) = (info["validators"]!["members"]!.AsArray().ToList().FindIndex(member => (string?)member!["address"] == key.Address.ToString()), ValidatorRecipient.Create(key, registry, recipient).Signature.ToString());
        using var stranger = Secp256k1Key.Generate();
        var forged = ValidatorRecipient.Create(stranger, registry, recipient).Signature.ToString();
        var answers = await BrowserKeys.AskAllAsync(Question(Announced(honest)), Question(Announced(forged)), Question(Announced(null)));
        Assert.True((bool?)answers[0]["checked"]);
        Assert.All(answers.Skip(1), answer => Assert.Equal($"where tickets for validator {key.Address} go", (string?)answer["field"]));

        JsonObject Announced(string? signature)
        {
            var changed = With(info, $"validators.members.{index}.recipient", recipient);
            return signature is null ? changed : With(changed, $"validators.members.{index}.signature", signature);
        }
    }

    [BrowserCodeFact]
    public async Task A_key_of_the_browser_sends_and_is_told_why_not()
    {
        using var buyer = Secp256k1Key.Generate();
        var currency = new TestCurrency(_world.Currency);
        var poor = await BrowserKeys.AskAllAsync(Send(buyer, currency.Mint(buyer.Address, 1_000_000)));
        Assert.Contains("too little of the chain's own currency", (string?)poor[0]["message"], StringComparison.Ordinal);
        await _world.FundAsync(buyer.Address);
        var answers = await BrowserKeys.AskAllAsync(
            Send(buyer, currency.Mint(buyer.Address, 1_000_000)), Send(buyer, currency.Transfer(_world.Relayer.Address, 400_000)), Send(buyer, currency.Transfer(_world.Relayer.Address, 600_001)));
        Assert.All(answers.Take(2), answer => Assert.Matches("^0x[0-9a-f]{64}$", (string?)answer["hash"]));
        Assert.Equal("ERC20InsufficientBalance", (string?)answers[2]["error"]);
        Assert.Equal("The account has too little of this currency: 600000 of 600001 base units.", (string?)answers[2]["message"]);
        Assert.Equal(600_000, await _world.ReadAsync(currency.BalanceOf(buyer.Address)));
    }

    private JsonObject Question(JsonObject info) => new() { ["kind"] = "verify", ["rpc"] = _world.Rpc.ToString(), ["info"] = info.DeepClone() };

    private JsonObject Send(Secp256k1Key key, ContractCall call) =>
        new() { ["kind"] = "send", ["rpc"] = _world.Rpc.ToString(), ["account"] = key.ToSecretText(), ["to"] = call.To.ToString(), ["data"] = Hex.Encode(call.Data.Span), ["value"] = "0" };

    private static JsonObject With(JsonObject info, string path, JsonNode? value)
    {
        var changed = info.DeepClone().AsObject();
        JsonNode at = changed;
        var names = path.Split('.');
        foreach (var name in names[..^1])
            at = (at is JsonArray list ? list[int.Parse(name, System.Globalization.CultureInfo.InvariantCulture)] : at[name])!;
        at[names[^1]] = value;
        return changed;
    }
}
