using System.IO.Compression;
using System.Numerics;
using System.Text.Json.Nodes;
using Commonhold.Age;
using Commonhold.Client;
using Commonhold.Ethereum;
using Commonhold.Tests.Age;
using FsCheck;
using FsCheck.Fluent;

namespace Commonhold.Tests.Client.Browser;

/// <summary>The browser opens what the command line opens, refuses what it refuses, and names the same liars.</summary>
public sealed class BrowserOpeningTests : IDisposable
{
    private readonly GrantWorld _world = new();

    [BrowserCodeFact]
    public async Task Everything_in_scope_is_in_the_zip_as_its_members_sealed_it()
    {
        _world.Commit(3);
        _world.Commit(2);
        var files = Files(await OpenAsync(_world.Dao.Guardians()));
        Assert.Equal(_world.Plaintexts.Select(GrantWorld.Digest), files.Select(f => GrantWorld.Digest(f.Bytes)));
        Assert.Equal("batch-000000/000000-" + _world.Dao.Committed[0].Manifest.Leaves[0].CiphertextDigest.ToString()[2..18] + ".zip", files[0].Name);
    }

    [BrowserCodeFact]
    public async Task Two_dead_guardians_of_five_change_nothing_and_three_are_named()
    {
        _world.Commit(4);
        Assert.Equal(4, Files(await OpenAsync(_world.Dao.Guardians((i, g) => i <= 2 ? new DeadGuardian() : g))).Count);
        var refusal = (await OpenAsync(_world.Dao.Guardians((i, g) => i <= 3 ? new DeadGuardian() : g)))["refusal"]!;
        Assert.Equal("guardian.too_few", (string)refusal["code"]!);
        Assert.Contains("guardian 1", (string)refusal["detail"]!, StringComparison.Ordinal);
    }

    [BrowserCodeFact]
    public async Task A_guardian_that_answers_wrongly_is_named_and_everything_opens_without_it()
    {
        foreach (var isPoint in new[] { true, false })
        {
            var world = new GrantWorld();
            world.Commit(6);
            // Guardian 4 is down, so that one of 1, 2, 3 and 5 may be left out of the first three, and the liar is among them soon.
            JsonNode said;
            do
            {
                said = await BrowserOpener.OpenAsync(world, world.Dao.Guardians((i, g) => i switch
                {
                    2 => new LyingGuardian(g, world.Buyer, isPoint),
                    4 => new DeadGuardian(),
                    _ => g,
                }), world.Terms());
                Assert.Equal(6, Files(said).Count);
            }
            while (said["report"]!["liars"]!.AsArray().Count == 0);
            Assert.Equal([2], said["report"]!["liars"]!.AsArray().Select(l => (int)l!));
        }
    }

    [BrowserCodeFact]
    public async Task A_withdrawn_contribution_is_listed_with_its_reason_and_the_rest_opened()
    {
        _world.Commit(3);
        var said = await OpenAsync(_world.Dao.Guardians((_, g) => new WithholdingGuardian(g, _world.Buyer, index: 1)));
        Assert.Equal(2, Files(said).Count);
        Assert.Equal([("1", "contribution.withdrawn")], NotOpened(said));
    }

    [BrowserCodeFact]
    public async Task A_file_that_its_member_sealed_wrongly_or_for_no_epoch_is_listed_and_makes_nobody_a_liar()
    {
        _world.Commit(4, leaf => leaf.Index switch
        {
            1 => leaf with { CiphertextDigest = _world.Misencrypted(leaf) },
            2 => leaf with { KeyEpoch = 2 },
            _ => leaf,
        });
        var said = await OpenAsync(_world.Dao.Guardians());
        Assert.Equal(2, Files(said).Count);
        Assert.Equal([("1", "contribution.unopenable"), ("2", "contribution.unknown_epoch")], NotOpened(said));
        Assert.Empty(said["report"]!["liars"]!.AsArray());
    }

    [BrowserCodeFact]
    public async Task A_file_that_is_not_the_listed_one_is_not_opened()
    {
        _world.Commit(2);
        var leaves = _world.Dao.Committed[0].Manifest.Leaves;
        _world.Dao.Blobs[leaves[0].CiphertextDigest] = [.. _world.Dao.Blobs[leaves[1].CiphertextDigest].AsSpan(0, (int)leaves[0].Size)];
        var said = await OpenAsync(_world.Dao.Guardians());
        Assert.Equal([("0", "blob.corrupt")], NotOpened(said));
        Assert.Single(Files(said));
    }

    [BrowserCodeFact]
    public async Task A_forged_manifest_is_refused()
    {
        _world.Commit(2);
        var batch = _world.Dao.Committed[0];
        _world.Dao.Committed[0] = batch with { Manifest = batch.Manifest with { Leaves = [batch.Manifest.Leaves[0], batch.Manifest.Leaves[1] with { Size = 1 }] } };
        Assert.Equal("manifest.root_mismatch", Code(await OpenAsync(_world.Dao.Guardians())));
    }

    [BrowserCodeFact]
    public async Task A_grant_that_the_chain_does_not_show_open_on_these_terms_is_refused_before_anyone_is_asked()
    {
        _world.Commit(1);
        var terms = _world.Terms();
        foreach (var (state, hash, endsAt, code) in new[]
        {
            (2, terms.Hash(), 0UL, "grant.expired"),
            (1, terms.Hash(), 0UL, "grant.not_executed"),
            (4, terms.Hash(), FakeDao.ChainTime + 9, "grant.revoked"),
            (2, (terms with { Scope = 2 }).Hash(), FakeDao.ChainTime + 9, "grant.terms_mismatch"),
        })
        {
            var said = await BrowserOpener.OpenAsync(_world, [], terms, (what, _) =>
                what == "grant" ? new JsonObject { ["state"] = state, ["termsHash"] = hash.ToString(), ["endsAt"] = endsAt } : null);
            Assert.Equal(code, Code(said));
        }

        using var stranger = X25519Identity.Generate();
        Assert.Equal("grant.other_recipient", Code(await BrowserOpener.OpenAsync(_world, [], terms, buyer: stranger)));
    }

    [BrowserCodeFact]
    public async Task A_grant_of_more_than_200_contributions_is_left_to_the_command_line()
    {
        _world.Commit(201);
        Assert.Equal("grant.too_large", Code(await OpenAsync(_world.Dao.Guardians())));
    }

    [BrowserCodeFact]
    public async Task A_proof_holds_for_its_own_guardian_share_and_answer_only()
    {
        var shares = Ceremonies.Run(3, 5);
        var key = shares[0].Key;
        var share = AgeHeader.Parse(AgeFile.Seal("x"u8, key.Recipient)).X25519Shares[0].ToArray();
        var other = AgeHeader.Parse(AgeFile.Seal("y"u8, key.Recipient)).X25519Shares[0].ToArray();
        var (answer, proof) = (shares[1].Answer(share), shares[1].Prove(share).ToBytes());
        var claims = new List<(bool Holds, JsonObject Claim)>
        {
            (true, Claim(key, share, 2, answer.Point.Span, proof)),
            (false, Claim(key, other, 2, answer.Point.Span, proof)),
            (false, Claim(key, share, 2, shares[1].Answer(other).Point.Span, proof)),
            (false, Claim(key, share, 3, answer.Point.Span, proof)),
            (false, Claim(key, share, 9, answer.Point.Span, proof)),
            (false, Claim(Ceremonies.Run(3, 5)[0].Key, share, 2, answer.Point.Span, proof)),
        };
        for (var bit = 0; bit < DleqProof.Size * 8; bit += 37)
        {
            var changed = proof.ToArray();
            changed[bit / 8] ^= (byte)(1 << (bit % 8));
            claims.Add((false, Claim(key, share, 2, answer.Point.Span, changed)));
        }

        claims.AddRange(shares.Select(s => (true, Claim(key, other, s.Index, s.Answer(other).Point.Span, s.Prove(other).ToBytes()))));
        var said = await BrowserOpener.CheckAsync(new JsonObject { ["proofs"] = new JsonArray([.. claims.Select(c => c.Claim)]) });
        Assert.Equal(claims.Select(c => c.Holds), said["isProved"]!.AsArray().Select(held => (bool)held!));
    }

    [BrowserCodeFact]
    public async Task Shares_become_the_same_points_and_hostile_ones_are_refused()
    {
        var key = Ceremonies.Run(1, 1)[0].Key;
        var honest = Enumerable.Range(0, 20).Select(_ => AgeHeader.Parse(AgeFile.Seal([], key.Recipient)).X25519Shares[0].ToArray()).ToList();
        List<byte[]> shares =
        [
            .. honest, .. honest.Select(s => HostilePoints.OrderTwoAdded(s)), .. HostilePoints.LowOrder().Select(h => h.Share),
            .. Gen.Choose(0, 255).ArrayOf(32).Sample(60).Select(numbers => numbers.Select(n => (byte)n).ToArray()),
            .. honest.Select(s => HostilePoints.Bytes(new BigInteger(s, isUnsigned: true) + (BigInteger.One << 255))),
        ];
        var said = await BrowserOpener.CheckAsync(new JsonObject { ["shares"] = new JsonArray([.. shares.Select(s => JsonValue.Create(Hex.Encode(s)))]) });
        Assert.Equal(shares.Select(PointOf), said["points"]!.AsArray().Select(p => (string?)p));
    }

    public void Dispose() => _world.Dispose();

    private Task<JsonNode> OpenAsync(IReadOnlyList<GuardianLink> guardians) => BrowserOpener.OpenAsync(_world, guardians, _world.Terms());

    private static string Code(JsonNode said) => (string)said["refusal"]!["code"]!;

    private static IEnumerable<(string, string)> NotOpened(JsonNode said) =>
        said["report"]!["notOpened"]!.AsArray().Select(n => (n!["index"]!.ToString(), (string)n["code"]!));

    private static string? PointOf(byte[] share)
    {
        try
        {
            return Hex.Encode(GroupPoint.FromShare(share).Bytes);
        }
        catch (AgeException)
        {
            return null;
        }
    }

    /// <summary>The files of the zip but its manifest, which must list them as they are.</summary>
    private static List<(string Name, byte[] Bytes)> Files(JsonNode said)
    {
        Assert.True(said["zip"] is not null, said.ToJsonString());
        using var zip = new ZipArchive(new MemoryStream(Convert.FromBase64String((string)said["zip"]!)));
        var files = zip.Entries.Select(e => (e.FullName, Read(e))).ToList();
        var listed = JsonNode.Parse(files.Single(f => f.FullName == "opened.json").Item2)!["opened"]!.AsArray();
        files.RemoveAll(f => f.FullName == "opened.json");
        files.Sort((a, b) => string.CompareOrdinal(a.FullName, b.FullName));
        Assert.Equal(files.Select(f => (f.FullName, GrantWorld.Digest(f.Item2).ToString())), listed.Select(l => ((string)l!["file"]!, (string)l["sha256"]!)));
        return files;
    }

    private static byte[] Read(ZipArchiveEntry entry)
    {
        using var stream = entry.Open();
        using var bytes = new MemoryStream();
        stream.CopyTo(bytes);
        return bytes.ToArray();
    }

    private static JsonObject Claim(ThresholdKey key, byte[] share, int guardian, ReadOnlySpan<byte> answer, byte[] proof) => new()
    {
        ["guardians"] = key.Guardians,
        ["commitments"] = new JsonArray([.. key.Commitments.Select(c => JsonValue.Create(Hex.Encode(c.Bytes)))]),
        ["share"] = Hex.Encode(share),
        ["guardian"] = guardian,
        ["answer"] = Hex.Encode(answer),
        ["proof"] = Hex.Encode(proof),
    };
}
