using System.Net;
using System.Security.Cryptography;
using System.Text;
using Commonhold.Age;
using Commonhold.Client;
using Commonhold.Client.Contracts;
using Commonhold.Ethereum;

namespace Commonhold.ServerTests.Node;

/// <summary>What travels beside a contribution: evidence to the validator, the explanation back to the member, and the policy for all.</summary>
[Trait("Speed", "slow")]
public sealed class EvidenceWireTests : IAsyncLifetime
{
    private static readonly byte[] OtherPolicy = (ContributionPolicy.Trial(Schema.RedditExport) with { MinimumLevel = EvidenceLevel.Email }).ToJsonBytes();
    private readonly Scratch _scratch = new();
    private readonly X25519Identity _member = X25519Identity.Generate();
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
        _member.Dispose();
        _scratch.Dispose();
    }

    [AnvilFact]
    public async Task Evidence_reaches_the_validator_survives_a_restart_without_tables_and_is_gone_after_the_verdict()
    {
        var file = SampleFile.Make(_world);
        var evidence = Evidence(file.Digest);
        await SubmitAsync(file, evidence);

        // Killed, and the database with it: the journal has all of it.
        await _node.DisposeAsync();
        File.Delete(Path.Combine(_scratch.Path, "node.db"));
        _node = await RunningNode.StartAsync(_world, _scratch.Path);
        var item = await WorkAsync(file);
        Assert.Equal(EvidenceBundle.DigestOf(evidence), item.Contribution.EvidenceDigest);
        Assert.True(item.Contribution.IsSignedByOwner(_world.Registry));
        using (var bundle = EvidenceBundle.Open(item.Evidence, item.Contribution.EvidenceDigest, file.Digest, _world.ValidatorIdentity).Value)
            Assert.Equal("profile", bundle.Find(EvidenceItem.AccountCode)!.Text("place"));

        Assert.NotEmpty(FilesOf(file.Digest, "evidence"));
        await Desk().PostVerdictAsync(TestValidators.Accept(_world, item.Contribution), default);
        Assert.Empty(FilesOf(file.Digest, "evidence"));
        var intake = await File.ReadAllTextAsync(Assert.Single(FilesOf(file.Digest, "intake")));
        Assert.DoesNotContain(Convert.ToBase64String(item.Ticket), intake, StringComparison.Ordinal);
    }

    [AnvilFact]
    public async Task Evidence_other_than_the_member_signed_is_refused_by_a_stable_code()
    {
        var file = SampleFile.Make(_world);
        await _node.Client.UploadAsync(file.Digest, new MemoryStream(file.Age), null, default);
        var evidence = Evidence(file.Digest);
        var signed = file.Terms() with { EvidenceDigest = EvidenceBundle.DigestOf(evidence) };
        ContributionSubmission Of(ContributionTerms terms, byte[]? sent) => file.Submission(_world, terms) with { Evidence = sent };
        byte[] big = [.. evidence, .. new byte[EvidenceBundle.MaxBytes]];
        byte[] noAge = [1, 2, 3];
        var wrong = new (string Code, ContributionSubmission Submission)[]
        {
            ("evidence.digest_mismatch", Of(signed, null)),
            ("evidence.digest_mismatch", Of(file.Terms(), evidence)),
            ("evidence.digest_mismatch", Of(signed, Evidence(file.Digest))),
            ("contribution.evidence_invalid", Of(file.Terms() with { EvidenceDigest = EvidenceBundle.DigestOf(noAge) }, noAge)),
            ("contribution.evidence_invalid", Of(file.Terms() with { EvidenceDigest = EvidenceBundle.DigestOf(big) }, big)),
            ("contribution.evidence_invalid", Of(file.Terms(), [])),
            ("contribution.signature_invalid", Of(file.Terms(), evidence) with { EvidenceDigest = signed.EvidenceDigest }),
        };
        foreach (var (code, submission) in wrong)
            Assert.Equal(code, (await RefusedAsync(() => _node.Client.SubmitAsync(submission, default))).Code);
        await _node.Client.SubmitAsync(Of(signed, evidence), default);
    }

    [AnvilFact]
    public async Task The_longest_evidence_fits_through_the_nodes_limits()
    {
        var file = SampleFile.Make(_world);
        using EvidenceBundle bundle = new(file.Digest, [EvidenceItem.OfEmail(new byte[(EvidenceBundle.MaxJsonBytes - 1000) * 3 / 4])]);
        await SubmitAsync(file, bundle.Seal(_world.ValidatorIdentity.Recipient).Value);
        Assert.NotNull((await WorkAsync(file)).Evidence);
    }

    [AnvilFact]
    public async Task The_explanation_reaches_the_member_as_the_validator_sealed_it_and_nothing_else_does()
    {
        var file = SampleFile.Make(_world);
        await SubmitAsync(file, null);
        Assert.Null(await _node.Client.GetExplanationAsync(file.Digest, default));
        var sent = new ValueExplanation(1, file.Digest, TestValidators.Worth, Points.Zero, EvidenceLevel.Structure, 500,
            [new ExplainedCell("comment", "r/example", "2019-Q1", 47, 47, TestValidators.Worth)], 0, Points.Zero);
        var explanation = sent.Seal(_member.Recipient);
        var terms = (await WorkAsync(file)).Contribution;
        var verdict = Verdict(terms, Report.DigestOf(explanation)) with { Explanation = explanation };

        foreach (var other in new[] { null, new byte[] { 1 }, new byte[ValueExplanation.MaxBytes + 1] })
            Assert.Equal("explanation.digest_mismatch", (await RefusedAsync(() => Desk().PostVerdictAsync(verdict with { Explanation = other }, default))).Code);
        Assert.Equal("explanation.digest_mismatch", (await RefusedAsync(() => Desk().PostVerdictAsync(Verdict(terms, default) with { Explanation = explanation }, default))).Code);
        Assert.Equal("verdict.report_mismatch", (await RefusedAsync(() => Desk().PostVerdictAsync(Verdict(terms, default, reported: new Points(1)), default))).Code);
        await Desk().PostVerdictAsync(verdict, default);

        var status = (await _node.Client.GetContributionAsync(file.Digest, default))!;
        var report = Report.Parse(Encoding.UTF8.GetBytes(status.Report!)).Value;
        var read = ValueExplanation.Open((await _node.Client.GetExplanationAsync(file.Digest, default))!, report, _member).Value;
        Assert.Equal(sent.Cells, read.Cells);
        using var stranger = X25519Identity.Generate();
        Assert.Equal("explanation.unreadable", ValueExplanation.Open(explanation, report, stranger).Refusal?.Code);
        await Eventually.HoldsAsync(async () => (await Desk().GetWorkAsync(TimeSpan.Zero, default)).Batches is [var batch] && batch.Verdicts.All(v => v.Explanation is null), "a batch carries no explanations");
    }

    [AnvilFact]
    public async Task A_verdict_that_does_not_know_what_the_account_was_paid_is_refused()
    {
        using var owner = Secp256k1Key.Generate();
        var (first, second) = (SampleFile.Make(_world, owner), SampleFile.Make(_world, owner));
        await SubmitAsync(first, null);
        await TestValidators.UntilAsync(_world, _node, first.Digest, ContributionState.Committed);
        await SubmitAsync(second, null);
        var terms = (await WorkAsync(second)).Contribution;
        Assert.Equal("verdict.paid_before_stale", (await RefusedAsync(() => Desk().PostVerdictAsync(Verdict(terms, default, paidBefore: TestValidators.Worth.Value - 1), default))).Code);
        await Desk().PostVerdictAsync(Verdict(terms, default, paidBefore: TestValidators.Worth.Value), default);
    }

    [AnvilFact]
    public async Task The_policy_is_the_one_of_the_chain_and_another_comes_by_vote_alone()
    {
        var registry = new ContributionRegistry(_world.Contracts.Registry);
        var dao = await _node.Client.GetDaoAsync(default);
        Assert.Equal(await _world.ReadAsync(registry.PolicyDigest()), dao.Dataset.PolicyDigest);
        Assert.Equal(EvidenceLevel.Structure, (await _node.Client.GetPolicyAsync(dao.Dataset.PolicyDigest, default)).MinimumLevel);
        Assert.Equal(ContributionPolicy.DigestOf(await _node.Http.GetByteArrayAsync("v1/policy")), dao.Dataset.PolicyDigest);

        var digest = ContributionPolicy.DigestOf(OtherPolicy);
        Assert.Equal("policy.unknown", (await RefusedAsync(() => _node.Client.GetPolicyAsync(digest, default))).Code);
        Assert.Equal("policy.not_proposed", (await RefusedAsync(() => _node.Client.PutPolicyAsync(OtherPolicy, default))).Code);
        Assert.Equal(HttpStatusCode.UnprocessableEntity, (await PutAsync(digest, [.. OtherPolicy, 32])).StatusCode);
        Assert.Equal(HttpStatusCode.UnprocessableEntity, (await PutAsync(ContributionPolicy.DigestOf("{}"u8), "{}"u8.ToArray())).StatusCode);
        Assert.Equal(HttpStatusCode.RequestEntityTooLarge, (await PutAsync(digest, new byte[ContributionPolicy.MaxBytes + 1])).StatusCode);

        var view = new ChainView(_world.Chain, _world.Contracts.Dao);
        await BlockedBatchTests.VoteAsync(_world, registry.SetPolicyDigest(digest));
        await Eventually.HoldsAsync(async () => (await _node.Client.GetDaoAsync(default)).Dataset.PolicyDigest == digest, "the node names the new policy");
        Assert.Equal("node.differs_from_chain", (await view.CheckAsync(dao, default))?.Code);
        Assert.Null(await view.CheckAsync(await _node.Client.GetDaoAsync(default), default));
        await _node.Client.PutPolicyAsync(OtherPolicy, default);
        Assert.Equal(EvidenceLevel.Email, (await _node.Client.GetPolicyAsync(digest, default)).MinimumLevel);
        Assert.Equal(OtherPolicy, await _node.Http.GetByteArrayAsync("v1/policy"));
    }

    private static async Task<Refusal> RefusedAsync(Func<Task> call) => (await Assert.ThrowsAnyAsync<CommonholdException>(call)).Refusal!;

    private ValidatorNodeClient Desk() => new(_node.Http, _world.Validators[0], _world.Contracts.Registry);

    private async Task<WorkItem> WorkAsync(SampleFile file) =>
        (await Desk().GetWorkAsync(TimeSpan.Zero, default)).Contributions.Single(item => item.Contribution.CiphertextDigest == file.Digest);

    private byte[] Evidence(Bytes32 digest)
    {
        using EvidenceBundle bundle = new(digest, [EvidenceItem.OfAccountCode("profile", Bytes32.FromSpan(RandomNumberGenerator.GetBytes(32)))]);
        return bundle.Seal(_world.ValidatorIdentity.Recipient).Value;
    }

    private async Task SubmitAsync(SampleFile file, byte[]? evidence)
    {
        await _node.Client.UploadAsync(file.Digest, new MemoryStream(file.Age), null, default);
        await _node.Client.SubmitAsync(file.Submission(_world, file.Terms() with { EvidenceDigest = EvidenceBundle.DigestOf(evidence) }) with { Evidence = evidence }, default);
    }

    private VerdictSubmission Verdict(ContributionTerms terms, Bytes32 explanation, Points? reported = null, UInt128? paidBefore = null)
    {
        var key = _world.Validators[0];
        var report = new Report(Report.CurrentVersion, terms.CiphertextDigest, key.Address, 1, true, reported ?? TestValidators.Worth, null, default, EvidenceLevel.Structure,
            new Points(paidBefore ?? 0), Findings.NotChecked("A test."), [], [], explanation).ToJsonBytes();
        var verdict = new Verdict(terms.Owner, terms.CiphertextDigest, terms.Size, terms.EphemeralShare, terms.Schema, terms.KeyEpoch, true, TestValidators.Worth,
            Keccak256.Hash(terms.Owner.AsSpan()), Report.DigestOf(report));
        return VerdictSubmission.From(SignedVerdict.From(verdict, verdict.Sign(key, _world.Registry)), key.Address, report);
    }

    private string[] FilesOf(Bytes32 digest, string folder) =>
        [.. Directory.EnumerateFiles(_scratch.Path, $"{digest.ToString()[2..]}.*", SearchOption.AllDirectories).Where(path => path.Contains($"/{folder}/", StringComparison.Ordinal))];

    private Task<HttpResponseMessage> PutAsync(Bytes32 digest, byte[] body)
    {
        var request = new HttpRequestMessage(HttpMethod.Put, $"v1/policies/{digest}") { Content = new ByteArrayContent(body), Headers = { ExpectContinue = true } };
        return _node.Http.SendAsync(request);
    }
}
