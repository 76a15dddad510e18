using System.Text.Json;
using System.Text.Json.Nodes;
using Commonhold.Age;
using Commonhold.Client;
using Commonhold.Client.Contracts;
using Commonhold.Ethereum;
using Commonhold.Server.Accounts;
using Xunit;

namespace Commonhold.Tests.Client;

/// <summary>One account, two programs: keys, key files, signatures and sign-in messages of the browser's code and of ours are the same.</summary>
public sealed class BrowserKeysTests : IDisposable
{
    private const int Quick = 10;
    private readonly DirectoryInfo _folder = Directory.CreateTempSubdirectory("commonhold-keys-");

    public void Dispose() => _folder.Delete(recursive: true);

    [BrowserCodeFact]
    public async Task The_browsers_backup_opens_on_the_command_line()
    {
        using var key = MemberKey.Generate();
        var made = await BrowserKeys.AskAsync(new JsonObject
        {
            ["kind"] = "seal", ["account"] = key.Account.ToSecretText(), ["identity"] = key.Identity.ExportSecret(), ["passphrase"] = "k3vd-9mtq ünï", ["path"] = PathOf("backup.age"), ["workFactor"] = Quick,
        });
        using var opened = MemberKey.Load(PathOf("backup.age"), "k3vd-9mtq ünï");
        Assert.Equal((key.Address, key.Recipient), (opened.Address, opened.Recipient));
        Assert.Equal((key.Address.ToString(), key.Recipient.ToString()), ((string)made["address"]!, (string)made["recipient"]!));
    }

    [BrowserCodeFact]
    public async Task The_command_lines_key_file_opens_in_the_browser()
    {
        using var key = MemberKey.Generate();
        key.Save(PathOf("me.age"), "open sesame", Quick);
        var opened = await BrowserKeys.AskAsync(new JsonObject { ["kind"] = "open", ["path"] = PathOf("me.age"), ["passphrase"] = "open sesame" });
        Assert.Equal(key.Account.ToSecretText(), (string)opened["account"]!);
        Assert.Equal((key.Address.ToString(), key.Recipient.ToString()), ((string)opened["address"]!, (string)opened["recipient"]!));
    }

    [BrowserCodeFact]
    public async Task A_file_that_cannot_be_used_is_refused_by_name()
    {
        using var key = MemberKey.Generate();
        key.Save(PathOf("me.age"), "right", Quick);
        SealedKeyFile.Create(PathOf("validator.age"), "validator", [("account", key.Account.ToSecretText()), ("identity", key.Identity.ExportSecret())], "right", Quick);
        SealedKeyFile.Create(PathOf("half.age"), "member", [("identity", key.Identity.ExportSecret())], "right", Quick);
        SealedKeyFile.Create(PathOf("zero.age"), "member", [("account", Bytes32.Zero.ToString()), ("identity", key.Identity.ExportSecret())], "right", Quick);
        await File.WriteAllTextAsync(PathOf("text.age"), "not a key");
        var answers = await BrowserKeys.AskAllAsync(
            Open("me.age", "wrong"), Open("validator.age", "right"), Open("half.age", "right"), Open("zero.age", "right"), Open("text.age", "right"));
        Assert.Equal(["key.wrong_passphrase", "key.wrong_kind", "key.invalid", "key.invalid", "key.invalid"], answers.Select(answer => (string)answer["refusal"]!));
    }

    [BrowserCodeFact]
    public async Task A_restored_backup_is_never_kept_easier_to_guess_than_one_made_here()
    {
        using var key = MemberKey.Generate();
        key.Save(PathOf("me.age"), "open sesame", Quick);
        var question = new JsonObject { ["kind"] = "restore", ["path"] = PathOf("me.age"), ["passphrase"] = "open sesame" };
        var answers = await BrowserKeys.AskAllAsync(question, question);
        Assert.Equal([(18, false), (18, true)], answers.Select(answer => ((int)answer["workFactor"]!, (bool)answer["isSame"]!)));
        using var kept = MemberKey.Load(PathOf("me.age"), "open sesame");
        Assert.Equal((key.Address, key.Recipient), (kept.Address, kept.Recipient));
    }

    [BrowserCodeFact]
    public async Task A_seal_with_another_reading_key_than_the_account_shows_does_not_open()
    {
        using MemberKey key = MemberKey.Generate(), other = MemberKey.Generate();
        key.Save(PathOf("me.age"), "right", Quick);
        SealedKeyFile.Create(PathOf("mixed.age"), "member", [("account", key.Account.ToSecretText()), ("identity", other.Identity.ExportSecret())], "right", Quick);
        JsonObject Unseal(string file) => new()
        {
            ["kind"] = "unseal", ["path"] = PathOf(file), ["passphrase"] = "right", ["address"] = key.Address.ToString(), ["recipient"] = key.Recipient.ToString(),
        };
        var answers = await BrowserKeys.AskAllAsync(Unseal("me.age"), Unseal("mixed.age"));
        Assert.Equal(("member", "key.invalid"), ((string)answers[0]["kind"]!, (string)answers[1]["refusal"]!));
    }

    [BrowserCodeFact]
    public async Task A_new_key_of_the_browser_is_a_key_of_ours()
    {
        var made = await BrowserKeys.AskAsync(new JsonObject { ["kind"] = "new" });
        using var account = Secp256k1Key.Parse((string)made["account"]!);
        using var identity = X25519Identity.Parse((string)made["identity"]!);
        Assert.Equal((account.Address.ToString(), identity.Recipient.ToString()), ((string)made["address"]!, (string)made["recipient"]!));
        Assert.Matches("^([0-9a-z]{4}-){4}[0-9a-z]{4}$", (string)made["passphrase"]!);
        var recipient = await BrowserKeys.AskAsync(new JsonObject { ["kind"] = "recipient", ["key"] = Bytes32.FromSpan(identity.Recipient.Point).ToString() });
        Assert.Equal(identity.Recipient.ToString(), (string)recipient["recipient"]!);
    }

    [BrowserCodeFact]
    public async Task Typed_data_of_the_protocol_are_signed_as_the_vectors_say()
    {
        using var document = JsonDocument.Parse(await File.ReadAllTextAsync(Path.Combine(Repository.Root, "tests", "testdata", "protocol-vectors.json")));
        var vectors = document.RootElement;
        (string Name, string Type, string Contract)[] messages =
        [
            ("contribution", "Contribution(address owner,bytes32 ciphertextDigest,uint64 size,bytes32 ephemeralShare,bytes32 schema,uint32 keyEpoch,uint64 deadline,bytes32 evidenceDigest)", "contributionRegistry"),
            ("verdict", "Verdict(address owner,bytes32 ciphertextDigest,uint64 size,bytes32 ephemeralShare,bytes32 schema,uint32 keyEpoch,bool accepted,uint256 points,bytes32 nullifier,bytes32 reportDigest)", "contributionRegistry"),
            ("batch", "Batch(uint256 batchId,bytes32 previous,bytes32 root,uint32 count,uint256 points,bytes32 rewardRoot,uint256 rewardPoints)", "contributionRegistry"),
            ("withdrawal", "Withdrawal(uint256 batchId,uint32 index,bytes32 leaf,uint64 deadline)", "contributionRegistry"),
        ];
        var answers = await BrowserKeys.AskAllAsync([.. messages.Select(message => new JsonObject
        {
            ["kind"] = "typedData", ["account"] = KeyOf(vectors, message.Name), ["json"] = TypedDataOf(vectors, message.Name, message.Type, message.Contract),
        })]);
        foreach (var (message, answer) in messages.Zip(answers))
            Assert.Equal((message.Name, Text(vectors, message.Name, "digest"), Text(vectors, message.Name, "signature")), (message.Name, (string)answer["digest"]!, (string)answer["signature"]!));
    }

    [BrowserCodeFact]
    public async Task Messages_are_signed_and_signers_found_alike()
    {
        using var key = Secp256k1Key.Generate();
        const string text = "Grüße\nfrom the browser";
        var digest = PersonalMessage.Hash(System.Text.Encoding.UTF8.GetBytes(text));
        var signature = key.Sign(digest);
        var answers = await BrowserKeys.AskAllAsync(
            new JsonObject { ["kind"] = "message", ["account"] = key.ToSecretText(), ["text"] = text },
            new JsonObject { ["kind"] = "recover", ["digest"] = digest.ToString(), ["signature"] = signature.ToString() },
            new JsonObject { ["kind"] = "recover", ["digest"] = Keccak256.Hash("other"u8).ToString(), ["signature"] = signature.ToString() },
            new JsonObject { ["kind"] = "recover", ["digest"] = digest.ToString(), ["signature"] = "0x" + new string('0', 130) });
        Assert.Equal((digest.ToString(), signature.ToString()), ((string)answers[0]["digest"]!, (string)answers[0]["signature"]!));
        Assert.Equal(key.Address.ToString(), (string)answers[1]["address"]!);
        Assert.NotEqual(key.Address.ToString(), (string)answers[2]["address"]!);
        Assert.Equal("none", (string)answers[3]["address"]!);
    }

    [BrowserCodeFact]
    public async Task The_browsers_sign_in_message_is_of_the_standard()
    {
        using var key = Secp256k1Key.Generate();
        var answer = await BrowserKeys.AskAsync(new JsonObject
        {
            ["kind"] = "signIn", ["address"] = key.Address.ToString(), ["nonce"] = "abcdef0123456789", ["chainId"] = 31337, ["issuedAt"] = 1_800_000_000, ["expiresAt"] = 1_800_000_300,
        });
        Assert.True(SignInMessage.TryParse((string)answer["message"]!, out var message));
        Assert.Equal((key.Address, 31337UL, "localhost:7420", 1_800_000_000L, 1_800_000_300L),
            (message.Address, message.ChainId, message.Domain, message.IssuedAt.ToUnixTimeSeconds(), message.ExpirationTime!.Value.ToUnixTimeSeconds()));
    }

    [BrowserCodeFact]
    public async Task A_contracts_refusal_is_said_in_words()
    {
        var answers = await BrowserKeys.AskAllAsync(
            new JsonObject { ["kind"] = "reverted", ["data"] = Hex.Encode(AccessMarket.Abi.Error("AccessMarketGrantExpired").Encode(AbiValue.From((System.Numerics.BigInteger)3), AbiValue.From((System.Numerics.BigInteger)1_800_000_000))) },
            new JsonObject { ["kind"] = "reverted", ["data"] = Hex.Encode(AccessMarket.Abi.Error("AccessMarketMissingRuns").Encode()) },
            new JsonObject { ["kind"] = "reverted", ["data"] = "0xdeadbeef" });
        Assert.Equal("AccessMarketGrantExpired", (string)answers[0]["error"]!);
        Assert.StartsWith("The grant ended at ", (string)answers[0]["message"]!, StringComparison.Ordinal);
        Assert.Equal("The contract refused: Access market missing runs.", (string)answers[1]["message"]!, ignoreCase: true);
        Assert.Contains("0xdeadbeef", (string)answers[2]["message"]!, StringComparison.Ordinal);
    }

    private static string TypedDataOf(JsonElement vectors, string name, string type, string contract)
    {
        var fields = type[(type.IndexOf('(', StringComparison.Ordinal) + 1)..^1].Split(',').Select(field => field.Split(' ')).ToArray();
        var primary = type[..type.IndexOf('(', StringComparison.Ordinal)];
        return new JsonObject
        {
            ["domain"] = new JsonObject { ["name"] = "Commonhold", ["version"] = "1", ["chainId"] = vectors.GetProperty("chainId").GetInt64(), ["verifyingContract"] = vectors.GetProperty(contract).GetString() },
            ["primaryType"] = primary,
            ["types"] = new JsonObject { [primary] = new JsonArray([.. fields.Select(field => (JsonNode)new JsonObject { ["name"] = field[1], ["type"] = field[0] })]) },
            ["message"] = new JsonObject(fields.Select(field => KeyValuePair.Create(field[1], JsonNode.Parse(vectors.GetProperty(name).GetProperty(field[1]).GetRawText())))),
        }.ToJsonString();
    }

    private static string KeyOf(JsonElement vectors, string name) =>
        vectors.GetProperty("keys").GetProperty(Text(vectors, name, "signer")).GetProperty("privateKey").GetString()!;

    private static string Text(JsonElement vectors, string name, string field) => vectors.GetProperty(name).GetProperty(field).GetString()!;

    private JsonObject Open(string file, string passphrase) => new() { ["kind"] = "open", ["path"] = PathOf(file), ["passphrase"] = passphrase };

    private string PathOf(string file) => Path.Combine(_folder.FullName, file);
}
