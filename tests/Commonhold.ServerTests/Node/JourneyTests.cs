using System.Net;
using System.Net.Http.Headers;
using System.Net.Http.Json;
using System.Text.Json;
using Commonhold.Client;
using Commonhold.Client.Contracts;
using Commonhold.Ethereum;
using Commonhold.Exports;

namespace Commonhold.ServerTests.Node;

/// <summary>One chain and one node for all of <see cref="JourneyTests"/>.</summary>
public sealed class JourneyFixture : IAsyncLifetime
{
    private RunningNode? _node;

    public NodeWorld World { get; private set; } = null!;

    internal RunningNode Node => _node!; // Null only where every test is skipped.

    internal Scratch Scratch { get; } = new();

    public async Task InitializeAsync()
    {
        if (!Commonhold.Tests.Require.Anvil())
            return;
        World = await NodeWorld.CreateAsync();
        _node = await RunningNode.StartAsync(World, Scratch.Path);
    }

    public async Task DisposeAsync()
    {
        if (_node is not null)
            await _node.DisposeAsync();
        if (World is not null)
            await World.DisposeAsync();
        Scratch.Dispose();
    }
}

[Trait("Speed", "slow")]
public sealed class JourneyTests(JourneyFixture fixture) : IClassFixture<JourneyFixture>
{
    private readonly NodeWorld _world = fixture.World;
    private readonly RunningNode _node = fixture.Node;

    [AnvilFact]
    public async Task A_contribution_is_uploaded_judged_committed_claimed_and_withdrawn()
    {
        var file = SampleFile.Make(_world, size: 200_000);
        await file.ContributeAsync(_world, _node.Client);
        Assert.Equal(ContributionState.Waiting, (await _node.Client.GetContributionAsync(file.Digest, default))!.State);
        await TestValidators.UntilAsync(_world, _node, file.Digest, ContributionState.Committed);

        var proof = await _node.Client.GetProofAsync(file.Digest, default);
        Assert.True(proof.IsValid);
        var onChain = await _world.ReadAsync(new ContributionRegistry(_world.Contracts.Registry).BatchAt(proof.BatchId.Value));
        Assert.Equal(proof.Root, onChain.Root);
        Assert.Null((await _node.Client.GetManifestAsync(proof.BatchId, default)).Value.Against(_world.Registry.ChainId, _world.Contracts.Registry, proof.BatchId, onChain.Root, onChain.Count));
        using var downloaded = new MemoryStream();
        await _node.Client.DownloadBlobAsync(file.Digest, downloaded, 1 << 20, default);
        Assert.Equal(file.Age, downloaded.ToArray());

        await MinedAsync(await _node.Client.RelayClaimsAsync([file.Owner.Address], default));
        Assert.Equal(TestValidators.Worth.ToTokenUnits().Value, await _world.ReadAsync(new DataToken(_world.Contracts.Token).BalanceOf(file.Owner.Address)));
        await Eventually.HoldsAsync(async () => (await _node.Client.GetRewardsAsync(file.Owner.Address, default)).Claimed == TestValidators.Worth, "the claim is indexed");
        Assert.Equal("relay.nothing_to_do", (await RefusedAsync(() => _node.Client.RelayClaimsAsync([file.Owner.Address], default))).Code);

        var wish = new Withdrawal(proof.BatchId, proof.Leaf.Index, proof.Leaf.Hash(), 4_000_000_000);
        var forged = new RelayWithdrawal(file.Digest, wish.Deadline, wish.Sign(_world.Guardian, _world.Registry));
        Assert.Equal("relay.would_revert", (await RefusedAsync(() => _node.Client.RelayWithdrawalAsync(forged, default))).Code);
        await MinedAsync(await _node.Client.RelayWithdrawalAsync(new RelayWithdrawal(file.Digest, wish.Deadline, wish.Sign(file.Owner, _world.Registry)), default));
        await TestValidators.UntilAsync(_world, _node, file.Digest, ContributionState.Withdrawn);
        Assert.Equal(HttpStatusCode.Gone, (await _node.Http.GetAsync($"v1/blobs/{file.Digest}")).StatusCode);
        await Eventually.HoldsAsync(() => Task.FromResult(!Directory.EnumerateFiles(fixture.Scratch.Path, file.Digest.ToString()[2..], SearchOption.AllDirectories).Any()), "the file is deleted");
    }

    [AnvilFact]
    public async Task A_contribution_that_is_not_what_it_says_is_refused_by_a_stable_code()
    {
        var file = SampleFile.Make(_world);
        Assert.Equal("contribution.not_uploaded", (await RefusedAsync(() => _node.Client.SubmitAsync(file.Submission(_world), default))).Code);
        await _node.Client.UploadAsync(file.Digest, new MemoryStream(file.Age), null, default);
        var good = file.Submission(_world);
        using var stranger = Secp256k1Key.Generate();
        var wrongOnes = new Dictionary<string, ContributionSubmission>
        {
            ["contribution.signature_invalid"] = good with { Signature = file.Terms().Sign(stranger, _world.Registry) },
            ["contribution.expired"] = file.Submission(_world, file.Terms(deadline: 1)),
            ["contribution.other_epoch"] = file.Submission(_world, file.Terms() with { KeyEpoch = 2 }),
            ["contribution.other_schema"] = file.Submission(_world, file.Terms() with { Schema = Bytes32.Zero }),
            ["contribution.share_mismatch"] = file.Submission(_world, file.Terms() with { EphemeralShare = SampleFile.Make(_world).Share }),
            ["contribution.size_invalid"] = file.Submission(_world, file.Terms() with { Size = 1 }),
            ["contribution.not_a_validator"] = good with { Validator = stranger.Address },
            ["contribution.ticket_invalid"] = good with { Ticket = [1, 2, 3] },
        };
        foreach (var (code, submission) in wrongOnes)
            Assert.Equal(code, (await RefusedAsync(() => _node.Client.SubmitAsync(submission, default))).Code);
        foreach (var elsewhere in new[] { new CommonholdDomain(1, _world.Contracts.Registry), new CommonholdDomain(_world.Registry.ChainId, _world.Contracts.Dao) })
            Assert.Equal("contribution.signature_invalid",
                (await RefusedAsync(() => _node.Client.SubmitAsync(good with { Signature = file.Terms().Sign(file.Owner, elsewhere) }, default))).Code);

        await _node.Client.SubmitAsync(good, default);
        await _node.Client.SubmitAsync(good, default); // A client that lost the first answer.
        Assert.Equal("contribution.digest_taken",
            (await RefusedAsync(() => _node.Client.SubmitAsync((file with { Owner = stranger }).Submission(_world), default))).Code);
        Assert.Single(await _node.Client.ListContributionsAsync(file.Owner.Address, default));

        // The same header, and with it the same share, under another payload.
        var copy = file.Age.ToArray();
        copy[^1] ^= 1;
        var thief = file with { Owner = stranger, Age = copy, Digest = Bytes32.FromSpan(System.Security.Cryptography.SHA256.HashData(copy)) };
        await _node.Client.UploadAsync(thief.Digest, new MemoryStream(copy), null, default);
        Assert.Equal("contribution.share_reused", (await RefusedAsync(() => _node.Client.SubmitAsync(thief.Submission(_world), default))).Code);
    }

    [AnvilFact]
    public async Task Verdicts_and_batch_signatures_count_only_from_who_they_must_come_from()
    {
        var file = SampleFile.Make(_world);
        await file.ContributeAsync(_world, _node.Client);
        var good = TestValidators.Accept(_world, file.Terms());
        var other = new ValidatorNodeClient(_node.Http, _world.Validators[1], _world.Contracts.Registry);
        using var stranger = Secp256k1Key.Generate();
        Assert.Equal("verdict.not_genuine", (await RefusedAsync(() => other.PostVerdictAsync(good with { Points = new Points(5) }, default))).Code);
        Assert.Equal("verdict.not_genuine", (await RefusedAsync(() => other.PostVerdictAsync(good with { Report = [1] }, default))).Code);
        Assert.Equal("verdict.not_genuine", (await RefusedAsync(() => other.PostVerdictAsync(
            good with { Validator = stranger.Address, Signature = good.Sign(stranger, _world.Registry) }, default))).Code);
        Assert.Equal("verdict.not_assigned", (await RefusedAsync(() => other.PostVerdictAsync(
            good with { Validator = _world.Validators[1].Address, Signature = good.Sign(_world.Validators[1], _world.Registry) }, default))).Code);
        Assert.Equal("request.unauthorised", (await RefusedAsync(() => new ValidatorNodeClient(_node.Http, stranger, _world.Contracts.Dao).GetWorkAsync(TimeSpan.Zero, default))).Code);
        Assert.Equal("validator.unknown", (await RefusedAsync(() => new ValidatorNodeClient(_node.Http, stranger, _world.Contracts.Registry).GetWorkAsync(TimeSpan.Zero, default))).Code);

        await other.PostVerdictAsync(good, default);
        await other.PostVerdictAsync(good, default);
        Assert.Equal("verdict.conflict", (await RefusedAsync(() => other.PostVerdictAsync(TestValidators.Accept(_world, file.Terms(), accepted: false), default))).Code);
        var batch = Assert.Single((await Eventually.GetAsync(async () =>
            await other.GetWorkAsync(TimeSpan.FromSeconds(5), default) is { Batches.Count: > 0 } work ? work : null, "a batch is open")).Batches);
        Assert.Equal("batch.signature_invalid", (await RefusedAsync(() => other.PostBatchSignatureAsync(batch.BatchId,
            new BatchSignature(_world.Validators[1].Address, batch.StructHash(), batch.Sign(stranger, _world.Registry)), default))).Code);
        Assert.Equal("batch.stale", (await RefusedAsync(() => other.PostBatchSignatureAsync(batch.BatchId,
            new BatchSignature(_world.Validators[1].Address, Bytes32.Zero, batch.Sign(_world.Validators[1], _world.Registry)), default))).Code);
    }

    [AnvilFact]
    public async Task An_upload_over_HTTP_goes_on_where_it_stopped()
    {
        var file = SampleFile.Make(_world, size: 5_000);
        Assert.Equal(HttpStatusCode.NotFound, (await HeadAsync(file.Digest)).StatusCode);
        Assert.Equal("upload.unknown", await CodeOf(await PatchAsync(file.Digest, 0, file.Age)));
        Assert.Equal(HttpStatusCode.Created, (await _node.Http.PostAsJsonAsync("v1/uploads", new { ciphertextDigest = file.Digest.ToString(), size = file.Age.Length })).StatusCode);
        Assert.Equal(HttpStatusCode.NoContent, (await PatchAsync(file.Digest, 0, file.Age[..2_000])).StatusCode);
        Assert.Equal("2000", Assert.Single((await HeadAsync(file.Digest)).Headers.GetValues("Upload-Offset")));
        Assert.Equal("upload.offset_mismatch", await CodeOf(await PatchAsync(file.Digest, 1_000, file.Age[1_000..])));
        Assert.Equal(HttpStatusCode.NoContent, (await PatchAsync(file.Digest, 2_000, file.Age[2_000..])).StatusCode);
        Assert.Equal(file.Age, await _node.Http.GetByteArrayAsync($"v1/blobs/{file.Digest}"));
        using var range = new HttpRequestMessage(HttpMethod.Get, $"v1/blobs/{file.Digest}") { Headers = { Range = new RangeHeaderValue(10, 19) } };
        Assert.Equal(file.Age[10..20], await (await _node.Http.SendAsync(range)).Content.ReadAsByteArrayAsync());
    }

    [AnvilTheory]
    [InlineData("a field is missing", "v1/uploads", """{"size":1}""", 422, "request.invalid")]
    [InlineData("a field is of the wrong kind", "v1/uploads", """{"ciphertextDigest":"0x12","size":1}""", 422, "request.invalid")]
    [InlineData("a field stands twice", "v1/uploads", """{"size":1,"size":1}""", 422, "request.invalid")]
    [InlineData("it is no JSON", "v1/relay/claims", "{", 422, "request.invalid")]
    [InlineData("too many", "v1/relay/claims", """{"accounts":[]}""", 422, "relay.accounts_invalid")]
    [InlineData("no such address", "v1/nothing", "{}", 404, "request.not_found")]
    public async Task What_cannot_be_read_is_a_problem_with_a_code(string why, string path, string body, int status, string code)
    {
        Assert.NotEmpty(why);
        var response = await _node.Http.PostAsync(path, new StringContent(body, MediaTypeHeaderValue.Parse("application/json")));
        Assert.Equal(status, (int)response.StatusCode);
        Assert.Equal("application/problem+json", response.Content.Headers.ContentType?.MediaType);
        using var problem = JsonDocument.Parse(await response.Content.ReadAsStringAsync());
        Assert.Equal(code, problem.RootElement.GetProperty("code").GetString());
        if (code == "request.invalid")
            Assert.NotEmpty(problem.RootElement.GetProperty("errors").EnumerateArray());
    }

    [AnvilFact]
    public async Task A_body_beyond_the_limit_is_not_read()
    {
        // Without it the node may close the connection while the body is still being sent, and the answer is lost with it.
        using var request = new HttpRequestMessage(HttpMethod.Post, "v1/relay/claims")
        {
            Content = new StringContent(new string(' ', 1 << 20), MediaTypeHeaderValue.Parse("application/json")), Headers = { ExpectContinue = true },
        };
        var response = await _node.Http.SendAsync(request);
        Assert.Equal("request.too_large", await CodeOf(response));
    }

    [AnvilFact]
    public async Task The_page_says_what_this_is_without_any_script()
    {
        var response = await _node.Http.GetAsync("");
        var page = await response.Content.ReadAsStringAsync();
        foreach (var text in new[] { NodeWorld.Name, "This is a trial", _world.Contracts.Dao.ToString(), "Who can read what", "Encrypted files and the public list", _world.Dataset.Recipient.ToString() })
            Assert.Contains(text, page, StringComparison.Ordinal);
        Assert.Empty(Commonhold.Tests.Server.Web.Xss.Dangers(page));
        Assert.Contains("default-src 'none'", Assert.Single(response.Headers.GetValues("Content-Security-Policy")), StringComparison.Ordinal);
        Assert.False(response.Headers.Contains("Access-Control-Allow-Origin"));
    }

    [AnvilFact]
    public async Task Programs_find_the_DAO_and_every_address_described()
    {
        var dao = await _node.Client.GetDaoAsync(default);
        Assert.True(dao.Trial);
        Assert.Equal((_world.Contracts, _world.Dataset.Recipient.ToString(), true), (dao.Contracts, dao.Dataset.Recipient, dao.Dataset.Active));
        Assert.Equal(_world.Validators.Select(key => key.Address), dao.Validators.Members.Select(validator => validator.Address));

        var validator = _world.Validators[0];
        var recipient = ValidatorRecipient.Create(validator, _world.Contracts.Registry, _world.ValidatorIdentity.Recipient.ToString());
        await new ValidatorNodeClient(_node.Http, validator, _world.Contracts.Registry).PublishRecipientAsync(recipient, default);
        Assert.True((await _node.Client.GetDaoAsync(default)).Validators.Members[0].HasValidRecipient(_world.Contracts.Registry));
        var replayed = await _node.Http.PutAsJsonAsync($"v1/validators/{validator.Address}", recipient, WireJson.Default.ValidatorRecipient);
        Assert.Equal(HttpStatusCode.Unauthorized, replayed.StatusCode);
        var forged = new ValidatorNodeClient(_node.Http, _world.Validators[1], _world.Contracts.Registry);
        Assert.Equal("validator.signature_invalid", (await RefusedAsync(() => forged.PublishRecipientAsync(recipient, default))).Code);

        using var document = JsonDocument.Parse(await _node.Http.GetStringAsync("openapi/v1.json"));
        var paths = document.RootElement.GetProperty("paths").EnumerateObject().Select(path => path.Name).ToHashSet();
        foreach (var path in new[] { "/v1/dao", "/v1/uploads/{digest}", "/v1/contributions", "/v1/verdicts", "/v1/relay/votes", "/v1/ceremonies/{epoch}/{round}/{guardian}", "/v1/grants/{id}", "/v1/proposals" })
            Assert.Contains(path, paths);
        Assert.Contains("commonhold_chain_head", await _node.Http.GetStringAsync("metrics"), StringComparison.Ordinal);
    }

    [AnvilFact]
    public async Task The_first_message_of_a_ceremony_stays()
    {
        var domain = new CommonholdDomain(_world.Registry.ChainId, _world.Contracts.Guardians);
        CeremonyPut Put(byte[] bytes, Secp256k1Key key) => new(bytes, new CeremonyMessage(1, 0, _world.Guardian.Address,
            Bytes32.FromSpan(System.Security.Cryptography.SHA256.HashData(bytes))).Sign(key, domain));
        await _node.Client.PutCeremonyMessageAsync(1, 0, 1, Put([1], _world.Guardian), default);
        await _node.Client.PutCeremonyMessageAsync(1, 0, 1, Put([1], _world.Guardian), default);
        Assert.Equal("ceremony.conflict", (await RefusedAsync(() => _node.Client.PutCeremonyMessageAsync(1, 0, 1, Put([2], _world.Guardian), default))).Code);
        Assert.Equal("ceremony.signature_invalid", (await RefusedAsync(() => _node.Client.PutCeremonyMessageAsync(1, 1, 1, Put([1], _world.Relayer), default))).Code);
        Assert.Equal("ceremony.not_a_guardian", (await RefusedAsync(() => _node.Client.PutCeremonyMessageAsync(1, 0, 2, Put([1], _world.Guardian), default))).Code);
        Assert.Equal([1], Assert.Single(await _node.Client.GetCeremonyMessagesAsync(1, 0, default)).Message);
    }

    [AnvilFact]
    public async Task The_faucet_of_a_trial_gives_gas_and_test_currency_once_a_minute()
    {
        using var account = Secp256k1Key.Generate();
        for (var i = 0; i < 3; i++)
            Assert.Equal(HttpStatusCode.Accepted, (await _node.Http.PostAsJsonAsync("v1/trial/faucet", new { account = account.Address.ToString() })).StatusCode);
        await Eventually.HoldsAsync(async () => await _world.ReadAsync(new TestCurrency(_world.Currency).BalanceOf(account.Address)) > 0, "the currency is there");
        Assert.True(await _world.Chain.BalanceAsync(account.Address, BlockReference.Latest, default) > 0);
    }

    [AnvilFact]
    public async Task A_trial_has_made_up_files_of_its_kind_and_no_two_are_one_persons()
    {
        var files = new HashSet<string>();
        const int People = 25;
        for (var i = 0; i < People; i++)
        {
            using var answer = await _node.Http.GetAsync("v1/trial/sample");
            Assert.Equal(HttpStatusCode.OK, answer.StatusCode);
            files.Add(answer.Content.Headers.ContentDisposition!.FileName!);
            var source = ExportSource.OpenArchive(new MemoryStream(await answer.Content.ReadAsByteArrayAsync()));
            Assert.Equal(Schema.RedditExport, ExportFormats.Recognise(source)[0].Format.Schema);
        }

        Assert.Equal(People, files.Count);
    }

    private async Task MinedAsync(RelayReceipt receipt) => await Eventually.HoldsAsync(async () =>
        await _node.Client.GetRelayAsync(receipt.Id, default) is var status && status.State != RelayState.Failed ? status.State == RelayState.Mined
            : throw new InvalidOperationException(status.Error), "the operation is mined");

    private static async Task<Refusal> RefusedAsync(Func<Task> call) => (await Assert.ThrowsAnyAsync<CommonholdException>(call)).Refusal!;

    private Task<HttpResponseMessage> HeadAsync(Bytes32 digest) => _node.Http.SendAsync(new HttpRequestMessage(HttpMethod.Head, $"v1/uploads/{digest}"));

    private Task<HttpResponseMessage> PatchAsync(Bytes32 digest, long offset, byte[] content)
    {
        var request = new HttpRequestMessage(HttpMethod.Patch, $"v1/uploads/{digest}") { Content = new ByteArrayContent(content) };
        request.Content.Headers.ContentType = new MediaTypeHeaderValue("application/offset+octet-stream");
        request.Headers.Add("Upload-Offset", offset.ToString(System.Globalization.CultureInfo.InvariantCulture));
        return _node.Http.SendAsync(request);
    }

    private static async Task<string?> CodeOf(HttpResponseMessage response)
    {
        using var problem = JsonDocument.Parse(await response.Content.ReadAsStringAsync());
        return problem.RootElement.GetProperty("code").GetString();
    }
}
