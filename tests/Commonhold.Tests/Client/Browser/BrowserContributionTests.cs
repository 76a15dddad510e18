using System.Security.Cryptography;
using System.Text.Json;
using System.Text.Json.Nodes;
using Commonhold.Age;
using Commonhold.Client;
using Commonhold.Ethereum;
using Commonhold.Tests.Exports.Browser;

namespace Commonhold.Tests.Client.Browser;

/// <summary>What a member's browser makes, held against the code that validators, nodes and the command line run.</summary>
[Trait("Speed", "slow")]
public sealed class BrowserContributionTests : IDisposable
{
    private const ulong ChainId = 31337;
    private static readonly Address Registry = Address.Parse("0x5FbDB2315678afecb367f032d93F642f64180aa3");
    private static readonly Address Owner = Address.Parse("0xf39Fd6e51aad88F6F4ce6aB8827279cffFb92266");
    private readonly DirectoryInfo _folder = Directory.CreateTempSubdirectory("commonhold-browser-member-");
    private readonly X25519Identity _dataset = X25519Identity.Generate();
    private readonly X25519Identity _member = X25519Identity.Generate();
    private readonly X25519Identity _validator = X25519Identity.Generate();

    private string Ciphertext => Path.Combine(_folder.FullName, "ciphertext");

    [BrowserCodeFact]
    public async Task A_sealed_file_opens_with_its_ticket_and_with_the_members_own_key_alone()
    {
        var export = await Members.ExportAsync(rows: 400);
        var sealing = await SealAsync(export, email: null);
        var file = await File.ReadAllBytesAsync(Ciphertext);
        var digest = Bytes32.FromSpan(SHA256.HashData(file));

        Assert.Equal(digest, Bytes32.Parse(sealing["ciphertextDigest"]!.GetValue<string>()));
        Assert.Equal(file.Length, sealing["size"]!.GetValue<long>());
        using var opened = TicketFile.Open(Bytes(sealing, "ticket"), digest, _validator).Value!;
        Assert.Equal(Bytes32.FromSpan(opened.Ticket.Share), Bytes32.Parse(sealing["ephemeralShare"]!.GetValue<string>()));
        Assert.Equal(_member.Recipient.ToString(), opened.ExplainTo!.ToString());
        using var byTicket = AgeFile.Open(file, opened.Ticket.For(_dataset.Recipient));
        using var byMember = AgeFile.Open(file, _member);
        Assert.True(byTicket.Span.SequenceEqual(byMember.Span));
        Assert.NotEmpty(Members.Cleaned(byMember.Span.ToArray())); // an export of the format, cleaned already
        Assert.Throws<AgeException>(() => AgeFile.Open(file, _validator));
        Assert.Equal("ticket.unreadable", TicketFile.Open(Bytes(sealing, "ticket"), digest, _member).Refusal!.Code);
    }

    [BrowserCodeFact]
    public async Task Sealed_evidence_holds_the_message_and_the_original_files()
    {
        var email = Path.Combine(_folder.FullName, "message.eml");
        await File.WriteAllTextAsync(email, "Subject: Your data is ready\r\n\r\nHello.\r\n");
        var sealing = await SealAsync(await Members.ExportAsync(), email);
        Assert.Null(sealing["code"]);

        var digest = Bytes32.Parse(sealing["ciphertextDigest"]!.GetValue<string>());
        var evidenceDigest = Bytes32.Parse(sealing["evidenceDigest"]!.GetValue<string>());
        using var bundle = EvidenceBundle.Open(Bytes(sealing, "evidence"), evidenceDigest, digest, _validator).Value!;
        Assert.Equal(await File.ReadAllBytesAsync(email), bundle.Find(EvidenceItem.Email)!.Bytes("message").ToArray());
        Assert.Equal(["checkfile.csv", "statistics.csv"], bundle.Find(EvidenceItem.OriginalFiles)!.FileNames.Order());
        Assert.StartsWith("statistic,value", System.Text.Encoding.UTF8.GetString(bundle.Find(EvidenceItem.OriginalFiles)!.File("statistics.csv")), StringComparison.Ordinal);
    }

    [BrowserCodeFact]
    public async Task A_submission_is_the_one_that_the_node_reads()
    {
        using var member = Secp256k1Key.Generate();
        var domain = new CommonholdDomain(ChainId, Registry);
        var terms = new ContributionTerms(member.Address, Bytes32.FromSpan(new byte[32]), 123_456, Schema.Hash("share"), Schema.Hash("schema"), 3, 1_900_000_000, Bytes32.Zero);
        var asked = JsonSerializer.SerializeToNode(terms, WireJson.Default.ContributionTerms)!;
        var hashing = (await BrowserMember.AskAsync(new JsonObject { ["kind"] = "contribution", ["terms"] = asked.DeepClone(), ["registry"] = RegistryJson() }))[0];
        var digest = Bytes32.Parse(hashing["digest"]!.GetValue<string>());

        var signed = new JsonObject { ["terms"] = asked, ["signature"] = member.Sign(digest).ToString() };
        var body = (await BrowserMember.AskAsync(new JsonObject
        {
            ["kind"] = "submission", ["signed"] = signed, ["registry"] = RegistryJson(), ["validator"] = member.Address.ToString(),
            ["ticket"] = Convert.ToBase64String([1, 2, 3]), ["evidence"] = Convert.ToBase64String([4]),
        }))[0];
        var read = body.Deserialize(WireJson.Default.ContributionSubmission)!;
        Assert.True(read.IsSignedByOwner(domain));
        Assert.Equal(terms, new ContributionTerms(read.Owner, read.CiphertextDigest, read.Size, read.EphemeralShare, read.Schema, read.KeyEpoch, read.Deadline, read.EvidenceDigest));
        Assert.Equal<byte>([1, 2, 3], read.Ticket);
        Assert.Equal<byte>([4], read.Evidence!);
        Assert.Equal((ChainId, Registry), (read.ChainId!.Value, read.Registry!.Value));
    }

    [BrowserCodeFact]
    public async Task Messages_leaves_and_proofs_are_hashed_as_the_contracts_do()
    {
        var vectors = JsonNode.Parse(await File.ReadAllTextAsync(Path.Combine(Repository.Root, "tests", "testdata", "protocol-vectors.json")))!;
        var registry = new JsonObject { ["chainId"] = vectors["chainId"]!.DeepClone(), ["address"] = vectors["contributionRegistry"]!.DeepClone() };
        JsonObject Ask(string kind) => new() { ["kind"] = kind, [kind == "contribution" ? "terms" : kind] = Part(kind), ["registry"] = registry.DeepClone() };
        JsonObject Part(string kind) => vectors[kind]!.DeepClone().AsObject();
        string[] kinds = ["contribution", "verdict", "withdrawal"];
        var leaves = vectors["leaves"]!.AsArray();

        var answers = await BrowserMember.AskAsync([
            .. kinds.Select(Ask),
            .. leaves.Select(leaf => new JsonObject { ["kind"] = "leaf", ["leaf"] = leaf!.DeepClone(), ["proof"] = leaf["proof"]!.DeepClone() })]);
        for (var i = 0; i < kinds.Length; i++)
            Assert.Equal(vectors[kinds[i]]!["digest"]!.GetValue<string>(), answers[i]["digest"]!.GetValue<string>());
        for (var i = 0; i < leaves.Count; i++)
        {
            Assert.Equal(leaves[i]!["hash"]!.GetValue<string>(), answers[kinds.Length + i]["hash"]!.GetValue<string>());
            Assert.Equal(vectors["batchRoot"]!.GetValue<string>(), answers[kinds.Length + i]["root"]!.GetValue<string>());
        }
    }

    [BrowserCodeFact]
    public async Task A_ticket_goes_only_where_its_validator_said()
    {
        using var validator = Secp256k1Key.Generate();
        using var stranger = Secp256k1Key.Generate();
        var published = ValidatorRecipient.Create(validator, Registry, _validator.Recipient.ToString());
        JsonObject Ask(string recipient, Signature signature, Address registry) => new()
        {
            ["kind"] = "validator", ["registry"] = registry.ToString(),
            ["validator"] = new JsonObject { ["address"] = validator.Address.ToString(), ["recipient"] = recipient, ["signature"] = signature.ToString() },
        };
        var answers = await BrowserMember.AskAsync(
            Ask(published.Recipient, published.Signature, Registry),
            Ask(_member.Recipient.ToString(), published.Signature, Registry), // the node names its own recipient
            Ask(published.Recipient, ValidatorRecipient.Create(stranger, Registry, published.Recipient).Signature, Registry),
            Ask(published.Recipient, published.Signature, validator.Address), // signed for another DAO
            Ask("age1qqqq", published.Signature, Registry));
        Assert.Equal([true, false, false, false, false], answers.Select(answer => answer["isValid"]!.GetValue<bool>()));
    }

    [BrowserCodeFact]
    public async Task A_policy_that_is_not_the_registrys_is_refused()
    {
        var json = ContributionPolicy.Trial("reddit-export-v1").ToJsonBytes();
        JsonObject Ask(Bytes32 digest) => new() { ["kind"] = "policy", ["json"] = Convert.ToBase64String(json), ["digest"] = digest.ToString() };
        var answers = await BrowserMember.AskAsync(Ask(ContributionPolicy.DigestOf(json)), Ask(Bytes32.Zero));
        Assert.Equal("reddit-export-v1", answers[0]["schema"]!.GetValue<string>());
        Assert.Equal("policy.digest_mismatch", answers[1]["refusal"]!["code"]!.GetValue<string>());
    }

    [BrowserCodeFact]
    public async Task A_receipt_holds_only_as_it_was_signed()
    {
        using var member = Secp256k1Key.Generate();
        using var validator = Secp256k1Key.Generate();
        var domain = new CommonholdDomain(ChainId, Registry);
        const string report = """{"version":2}""";
        var terms = new ContributionTerms(member.Address, Schema.Hash("file"), 99, Schema.Hash("share"), Schema.Hash("schema"), 1, 1_900_000_000, Bytes32.Zero);
        var unsigned = new Verdict(terms.Owner, terms.CiphertextDigest, terms.Size, terms.EphemeralShare, terms.Schema, terms.KeyEpoch, true, new Points(5),
            Schema.Hash("nullifier"), Report.DigestOf(System.Text.Encoding.UTF8.GetBytes(report)));
        var verdict = SignedVerdict.From(unsigned, unsigned.Sign(validator, domain));
        var manifest = new BatchManifest(ChainId, Registry, new BatchId(2), [verdict.ToLeaf(0), verdict.ToLeaf(1)]);
        var proof = new ContributionProof(new BatchId(2), verdict.ToLeaf(1), manifest.Root, manifest.Tree.Proof(1));

        JsonObject Ask(string text, string points, string root, Address known) => new()
        {
            ["kind"] = "receipt",
            ["validators"] = new JsonArray(known.ToString()),
            ["roots"] = new JsonObject { ["2"] = root },
            ["receipt"] = new JsonObject
            {
                ["version"] = 1, ["kind"] = "commonhold-receipt", ["registry"] = RegistryJson(), ["report"] = text,
                ["verdict"] = With(JsonSerializer.SerializeToNode(verdict, WireJson.Default.SignedVerdict)!, "points", points),
                ["signed"] = new JsonObject
                {
                    ["terms"] = JsonSerializer.SerializeToNode(terms, WireJson.Default.ContributionTerms),
                    ["signature"] = terms.Signed(member, domain).Signature.ToString(),
                },
                ["place"] = JsonSerializer.SerializeToNode(proof, WireJson.Default.ContributionProof),
            },
        };
        var answers = await BrowserMember.AskAsync(
            Ask(report, "5", manifest.Root.ToString(), validator.Address),
            Ask("{}", "5", manifest.Root.ToString(), validator.Address),
            Ask(report, "6", manifest.Root.ToString(), validator.Address),
            Ask(report, "5", Bytes32.Zero.ToString(), validator.Address),
            Ask(report, "5", manifest.Root.ToString(), member.Address));
        Assert.Equal(
            ["True True True True", "True False True True", "False True True False", "True True True False", "False True True True"],
            answers.Select(answer => string.Join(' ', answer["checks"]!.AsArray().Select(check => check!["holds"]!.GetValue<bool>()))));
    }

    [BrowserCodeFact]
    public async Task The_browser_reads_what_was_sealed_to_its_member()
    {
        var file = AgeFile.Seal("""{"version":1}"""u8, _member.Recipient);
        var answers = await BrowserMember.AskAsync(new JsonObject { ["kind"] = "open", ["file"] = Convert.ToBase64String(file), ["identity"] = _member.ExportSecret() });
        Assert.Equal("""{"version":1}""", answers[0]["text"]!.GetValue<string>());
    }

    [BrowserCodeFact]
    public async Task A_code_is_the_one_that_a_validator_looks_for()
    {
        EvidenceCommitment[] commitments =
        [
            new(new CommonholdDomain(ChainId, Registry), Owner, Schema.Hash("file"), Schema.Hash("salt")),
            new(new CommonholdDomain(1, Owner), Registry, Bytes32.Zero, Bytes32.Zero),
            new(new CommonholdDomain(11_155_111, Registry), Owner, Schema.Hash("another"), EvidenceCommitment.NewSalt()),
        ];
        var answers = await BrowserMember.AskAsync([.. commitments.Select(c => new JsonObject
        {
            ["kind"] = "code", ["owner"] = c.Owner.ToString(), ["ciphertextDigest"] = c.CiphertextDigest.ToString(), ["salt"] = c.Salt.ToString(),
            ["registry"] = new JsonObject { ["chainId"] = c.Registry.ChainId, ["address"] = c.Registry.VerifyingContract.ToString() },
        })]);
        Assert.Equal(commitments.Select(c => c.AccountCode), answers.Select(answer => answer["code"]!.GetValue<string>()));
    }

    [BrowserCodeFact]
    public async Task Sealed_evidence_of_a_code_holds_its_place_and_the_salt_that_makes_it()
    {
        var sealing = await SealAsync(await Members.ExportAsync(), null, new JsonObject { ["type"] = "account_code", ["place"] = "profile", ["words"] = "About", ["url"] = "https://x.example/{account}" });
        using var bundle = Open(sealing);
        var item = Assert.Single(bundle.Items);
        Assert.Equal((EvidenceItem.AccountCode, "profile"), (item.Type, item.Text("place")));
        Assert.Equal(CodeOf(bundle), sealing["code"]!["code"]!.GetValue<string>());
        Assert.Null(sealing["code"]!["draft"]);
    }

    [BrowserCodeFact]
    public async Task A_draft_opens_for_its_member_alone_until_the_post_is_named()
    {
        const string template = "https://x.example/comments/{post}.json";
        var sealing = await SealAsync(await Members.ExportAsync(), null, new JsonObject { ["type"] = "account_code", ["place"] = "post", ["words"] = "a post", ["url"] = template });
        Assert.Null(sealing["evidence"]);
        var draft = Convert.FromBase64String(sealing["code"]!["draft"]!.GetValue<string>());
        Assert.Throws<AgeException>(() => AgeFile.Open(draft, _validator));
        var completed = (await BrowserMember.AskAsync(new JsonObject
        {
            ["kind"] = "draft", ["draft"] = Convert.ToBase64String(draft), ["identity"] = _member.ExportSecret(), ["post"] = "1abc2d", ["template"] = template,
            ["validator"] = _validator.Recipient.ToString(),
        }))[0];
        completed["ciphertextDigest"] = sealing["ciphertextDigest"]!.DeepClone();
        using var bundle = Open(completed);
        Assert.Equal("1abc2d", Assert.Single(bundle.Items).Text("post"));
        Assert.Equal(CodeOf(bundle), sealing["code"]!["code"]!.GetValue<string>());
    }

    [BrowserCodeFact]
    public async Task Sealed_evidence_of_a_link_holds_the_link_as_it_was_pasted()
    {
        const string link = "https://downloads.example.com:8443/x?token=a%2Fb+c&y=1";
        var sealing = await SealAsync(await Members.ExportAsync(), null, new JsonObject { ["type"] = "download", ["url"] = $"  {link}\n" });
        using var bundle = Open(sealing);
        Assert.Equal(link, Assert.Single(bundle.Items).Text("url"));
    }

    [BrowserCodeFact]
    public async Task A_post_is_found_in_what_people_paste()
    {
        const string template = "https://www.example.com/comments/{post}.json";
        (string Pasted, string? Post)[] cases =
        [
            ("1abc2d", "1abc2d"), (" 1abc2d ", "1abc2d"), ("https://www.example.com/r/a/comments/1abc2d/my_title/", "1abc2d"), ("https://example.com/comments/x-1?utm=1#y", "x-1"),
            ("", null), ("..", null), ("a/b", null), ("a b", null), ("https://example.com/r/a/", null), ("ä", null), (new string('a', 65), null),
        ];
        var answers = await BrowserMember.AskAsync([.. cases.Select(c => new JsonObject { ["kind"] = "post", ["pasted"] = c.Pasted, ["template"] = template })]);
        Assert.Equal(cases.Select(c => c.Post ?? "evidence.post_invalid"), answers.Select(a => (string?)a["post"] ?? (string?)a["refusal"]!["code"]));
    }

    [BrowserCodeFact]
    public async Task Only_proofs_that_the_policy_takes_and_pays_for_are_offered_and_the_best_first()
    {
        var email = new EmailSource("reddit", "mail.example", ["a@mail.example"], ["Ready"], ["u/{account}"], []);
        var code = new AccountCodeSource("reddit", "profile", "https://x.example/{account}", PageFormat.Json, "/a", "/b", "About");
        var download = new DownloadSource("reddit", ["d.example"]);
        var signIn = new SignInSource("reddit", "https://x.example/a", "https://x.example/t", "https://x.example/i", "c", "s", "/name");
        var none = ContributionPolicy.Standard("reddit-export-v1");
        var all = none with { Sources = new PolicySources([email], [code], [signIn], [download], []) };
        JsonObject Ask(ContributionPolicy policy, string platform = "reddit", string? id = "somebody") => new()
        {
            ["kind"] = "offers", ["origin"] = "https://node.example", ["policy"] = JsonNode.Parse(policy.ToJsonBytes()), ["account"] = new JsonObject { ["platform"] = platform, ["id"] = id },
        };
        var answers = await BrowserMember.AskAsync(
            Ask(none), Ask(all), Ask(all, "x"), Ask(all, id: null), Ask(all with { MinimumLevel = EvidenceLevel.Email }),
            Ask(all with { Weights = all.Weights with { AccountCode = all.Weights.Structure } }),
            Ask(all with { Required = [.. all.Required, "ownership"] }), Ask(all with { Required = [.. all.Required, "ownership.account_code"] }),
            Ask(none with { MinimumLevel = EvidenceLevel.OpenId }));
        Assert.Equal(
            [
                "/250", "download email account_code/250+", "/250", "download/250+", "download email/-+", "download email/250+",
                "download email account_code/-+", "account_code/-+", "/-",
            ],
            answers.Select(a => string.Join(' ', a["proofs"]!.AsArray().Select(p => (string)p!["type"]!)) + "/" + (a["unproved"]?.ToString() ?? "-") + ((string?)a["elsewhere"] == "sign_in" ? "+" : "")));
    }

    public void Dispose()
    {
        _dataset.Dispose();
        _member.Dispose();
        _validator.Dispose();
        _folder.Delete(recursive: true);
    }

    private async Task<JsonNode> SealAsync(byte[] export, string? email, JsonObject? proof = null)
    {
        var path = Path.Combine(_folder.FullName, "export.zip");
        await File.WriteAllBytesAsync(path, export);
        return (await BrowserMember.AskAsync(new JsonObject
        {
            ["kind"] = "seal", ["path"] = path, ["name"] = "export.zip", ["schema"] = "reddit-export-v1", ["ciphertext"] = Ciphertext, ["email"] = email, ["proof"] = proof,
            ["of"] = new JsonObject { ["registry"] = RegistryJson(), ["owner"] = Owner.ToString() },
            ["to"] = new JsonObject
            {
                ["dataset"] = _dataset.Recipient.ToString(), ["member"] = _member.Recipient.ToString(), ["validator"] = _validator.Recipient.ToString(),
            },
        }))[0];
    }

    private EvidenceBundle Open(JsonNode sealing) => EvidenceBundle.Open(
        Bytes(sealing, "evidence"), Bytes32.Parse(sealing["evidenceDigest"]!.GetValue<string>()), Bytes32.Parse(sealing["ciphertextDigest"]!.GetValue<string>()), _validator).Value!;

    private static string CodeOf(EvidenceBundle bundle) => new EvidenceCommitment(
        new CommonholdDomain(ChainId, Registry), Owner, bundle.CiphertextDigest, Bytes32.Parse(bundle.Find(EvidenceItem.AccountCode)!.Text("salt"))).AccountCode;

    private static JsonObject RegistryJson() => new() { ["chainId"] = ChainId, ["address"] = Registry.ToString() };

    private static byte[] Bytes(JsonNode answer, string field) => Convert.FromBase64String(answer[field]!.GetValue<string>());

    private static JsonNode With(JsonNode node, string field, string value)
    {
        node[field] = value;
        return node;
    }
}
