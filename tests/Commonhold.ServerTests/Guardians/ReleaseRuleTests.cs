using Commonhold.Client;
using Commonhold.Ethereum;

namespace Commonhold.ServerTests.Guardians;

/// <summary>The release rule, over HTTP, by guardians that are processes with a real chain.</summary>
[Collection(GuardianCollection.Name), Trait("Speed", "slow")]
public sealed class ReleaseRuleTests(DaoFixture guardians)
{
    [AnvilFact]
    public async Task Without_a_grant_nothing_is_released() =>
        Assert.Equal("grant.unknown", await RefusalAsync(new GrantId(999_999), Dao.Terms(scope: 1)));

    [AnvilFact]
    public async Task A_request_that_is_not_executed_yet_opens_nothing()
    {
        await BatchAsync();
        var terms = Dao.Terms();

        Assert.Equal("grant.not_executed", await RefusalAsync(await Dao.RequestAsync(terms), terms));
    }

    [AnvilFact]
    public async Task An_answer_is_only_ever_sealed_to_the_grants_own_recipient()
    {
        await BatchAsync();
        var terms = Dao.Terms();
        var grant = await Dao.GrantAsync(terms);
        using var other = Age.X25519Identity.Generate();

        Assert.Equal("grant.terms_mismatch", await RefusalAsync(grant, terms with { Recipient = Bytes32.FromSpan(other.Recipient.Point) }));
        Assert.Single((await guardians.AskAsync(1, Request(grant, terms, 0, 0))).Answers);
    }

    [AnvilFact]
    public async Task Expired_grant_is_refused()
    {
        await BatchAsync();
        var terms = Dao.Terms(duration: 60);
        var grant = await Dao.GrantAsync(terms);
        Assert.Single((await guardians.AskAsync(1, Request(grant, terms, 0, 0))).Answers);

        await Dao.Chain.Control.AdvanceAsync(TimeSpan.FromSeconds(61), default);

        Assert.Equal("grant.expired", await RefusalAsync(grant, terms));
    }

    [AnvilFact]
    public async Task Revoked_grant_is_refused()
    {
        await BatchAsync();
        var terms = Dao.Terms();
        var grant = await Dao.GrantAsync(terms);
        Assert.Single((await guardians.AskAsync(1, Request(grant, terms, 0, 0))).Answers);

        await Dao.RevokeAsync(grant);

        Assert.Equal("grant.revoked", await RefusalAsync(grant, terms));
    }

    [AnvilFact]
    public async Task A_batch_after_the_grants_scope_is_refused()
    {
        await BatchAsync();
        var terms = Dao.Terms();
        var grant = await Dao.GrantAsync(terms);
        var later = await BatchAsync();

        Assert.Equal("grant.out_of_scope", await guardians.RefusalAsync(1, Request(grant, terms, later.BatchId.Value, 0)));
        // A wider scope in the terms is another hash.
        Assert.Equal("grant.terms_mismatch", await guardians.RefusalAsync(1, Request(grant, terms with { Scope = terms.Scope + 1 }, later.BatchId.Value, 0)));
    }

    [AnvilFact]
    public async Task A_withdrawn_contribution_is_refused_and_the_others_are_answered()
    {
        var batch = await Dao.CommitAsync(Sealed(Dao.Member, "one"), Sealed(Dao.Member, "two"), Sealed(Dao.Member, "three"));
        var terms = Dao.Terms();
        var grant = await Dao.GrantAsync(terms);

        await Dao.WithdrawAsync(Dao.Member, batch, 1);
        var answer = await guardians.AskAsync(1, Request(grant, terms, batch.BatchId.Value, 0, 1, 2, 3));

        Assert.Equal([0U, 2U], answer.Answers.Select(a => a.Index));
        Assert.Equal([new ShareRefusal(1, "contribution.withdrawn"), new ShareRefusal(3, "contribution.unknown")], answer.Refused);
    }

    [AnvilFact]
    public async Task A_forged_manifest_is_refused_until_the_true_one_is_served()
    {
        var batch = await BatchAsync();
        var victim = await BatchAsync();
        var terms = Dao.Terms();
        var grant = await Dao.GrantAsync(terms);
        // The node tells of a batch whose leaf carries the share of another member's file.
        BatchManifest forged = new(
            batch.ChainId, batch.Registry, batch.BatchId, [batch.Leaves[0] with { EphemeralShare = victim.Leaves[0].EphemeralShare }]);
        Dao.Node.Manifests[batch.BatchId.Value] = forged.ToJsonBytes();

        Assert.Equal("manifest.root_mismatch", await guardians.RefusalAsync(1, Request(grant, terms, batch.BatchId.Value, 0)));
        Assert.Equal("manifest.root_mismatch", await guardians.RefusalAsync(1, Request(grant, terms, victim.BatchId.Value, 0)));

        Dao.Node.Manifests[batch.BatchId.Value] = batch.ToJsonBytes();
        Assert.Single((await guardians.AskAsync(1, Request(grant, terms, batch.BatchId.Value, 0))).Answers);
    }

    [AnvilFact]
    public async Task A_share_copied_from_another_members_file_is_refused_and_the_owners_is_answered()
    {
        var victim = Sealed(Dao.Member, "the victim's file");
        var own = Sealed(Dao.Thief, "the thief's file");
        await Dao.CommitAsync(victim);
        var stolen = await Dao.CommitAsync(own with { Share = victim.Share }, Sealed(Dao.Thief, "an honest one"));
        var terms = Dao.Terms();
        var grant = await Dao.GrantAsync(terms);

        var answer = await guardians.AskAsync(1, Request(grant, terms, stolen.BatchId.Value, 0, 1));

        Assert.Equal([new ShareRefusal(0, "contribution.share_reused")], answer.Refused);
        Assert.Equal([1U], answer.Answers.Select(a => a.Index));
        Assert.Single((await guardians.AskAsync(1, Request(grant, terms, stolen.BatchId.Value - 1, 0))).Answers);
    }

    [AnvilFact]
    public async Task A_share_copied_from_a_withdrawn_file_is_refused()
    {
        var victim = Sealed(Dao.Member, "withdrawn later");
        var batch = await Dao.CommitAsync(victim);
        await Dao.WithdrawAsync(Dao.Member, batch, 0);
        var stolen = await Dao.CommitAsync(Sealed(Dao.Thief, "the thief's file") with { Share = victim.Share });
        var terms = Dao.Terms();
        var grant = await Dao.GrantAsync(terms);

        var answer = await guardians.AskAsync(1, Request(grant, terms, stolen.BatchId.Value, 0));

        Assert.Empty(answer.Answers);
        Assert.Equal([new ShareRefusal(0, "contribution.share_reused")], answer.Refused);
    }

    [AnvilFact]
    public async Task A_share_spelled_another_way_is_no_way_around()
    {
        var victim = Sealed(Dao.Member, "the victim's file");
        var respelled = victim.Share.ToArray();
        respelled[31] |= 0x80; // X25519 ignores the top bit: the same point, other bytes.
        var batch = await Dao.CommitAsync(victim, Sealed(Dao.Thief, "the thief's file") with { Share = Bytes32.FromSpan(respelled) });
        var terms = Dao.Terms();
        var grant = await Dao.GrantAsync(terms);

        var answer = await guardians.AskAsync(1, Request(grant, terms, batch.BatchId.Value, 0, 1));

        Assert.Equal([new ShareRefusal(1, "contribution.share_invalid")], answer.Refused);
    }

    [AnvilFact]
    public async Task A_share_copied_from_another_DAOs_file_does_not_open_that_file()
    {
        using var otherDataset = Age.X25519Identity.Generate();
        var foreign = TestDao.Seal(otherDataset.Recipient, Dao.Member.Address, "another DAO's file");
        // The thief commits the other DAO's file itself, share and all.
        var batch = await Dao.CommitAsync(foreign with { Owner = Dao.Thief.Address });
        var terms = Dao.Terms();
        var grant = await Dao.GrantAsync(terms);

        var report = (await guardians.OpenAsync(grant, terms, "foreign")).Value;

        var stolen = Assert.Single(report.Contributions, c => c.BatchId == batch.BatchId);
        Assert.Equal((OpenOutcome.Failed, "contribution.unopenable"), (stolen.Outcome, stolen.Refusal?.Code));
        Assert.Empty(report.Liars);
    }

    [AnvilFact]
    public async Task A_grant_that_a_reorganisation_takes_away_is_refused_from_then_on()
    {
        await BatchAsync();
        var terms = Dao.Terms();
        var grant = await Dao.GrantAsync(terms);
        Assert.Single((await guardians.AskAsync(1, Request(grant, terms, 0, 0))).Answers);

        await Dao.Chain.Control.CallAsync("anvil_reorg", [1, Array.Empty<object>()], default);

        Assert.Equal("grant.not_executed", await RefusalAsync(grant, terms));
        await Dao.ApproveAsync(grant, terms);
        Assert.Single((await guardians.AskAsync(1, Request(grant, terms, 0, 0))).Answers);
    }

    [AnvilFact]
    public async Task A_guardian_whose_chain_node_is_down_refuses_and_comes_back()
    {
        await BatchAsync();
        var terms = Dao.Terms();
        var grant = await Dao.GrantAsync(terms);
        guardians.Proxy.IsDown = true;
        try
        {
            Assert.Equal("guardian.chain_unavailable", await guardians.RefusalAsync(DaoFixture.Count, Request(grant, terms, 0, 0)));
        }
        finally
        {
            guardians.Proxy.IsDown = false;
        }

        Assert.Single((await guardians.AskAsync(DaoFixture.Count, Request(grant, terms, 0, 0))).Answers);
    }

    [AnvilFact]
    public async Task A_guardian_whose_chain_node_lies_low_to_hide_a_revocation_refuses()
    {
        await BatchAsync();
        var terms = Dao.Terms();
        var grant = await Dao.GrantAsync(terms);
        var (granted, _) = await Dao.Chain.Control.HeadAsync(default);
        await Dao.RevokeAsync(grant);
        Assert.Equal("grant.revoked", await guardians.RefusalAsync(DaoFixture.Count, Request(grant, terms, 0, 0)));

        guardians.Proxy.LiesAtBlock = granted;
        try
        {
            Assert.Equal("guardian.chain_stale", await guardians.RefusalAsync(DaoFixture.Count, Request(grant, terms, 0, 0)));
            // It remembers over a restart.
            await guardians.KillAsync(DaoFixture.Count);
            await guardians.StartAsync(DaoFixture.Count);
            Assert.Equal("guardian.chain_stale", await guardians.RefusalAsync(DaoFixture.Count, Request(grant, terms, 0, 0)));
        }
        finally
        {
            guardians.Proxy.LiesAtBlock = null;
        }
    }

    [AnvilFact]
    public async Task Malformed_requests_are_refused_with_one_code()
    {
        var terms = Dao.Terms(scope: 1);
        Assert.Equal("release.invalid", await guardians.RefusalAsync(1, Request(new GrantId(1), terms, 0)));
        Assert.Equal("release.invalid", await guardians.RefusalAsync(1, Request(new GrantId(1), terms, 0, 3, 3)));
        Assert.Equal("release.invalid", await guardians.RefusalAsync(
            1, Request(new GrantId(1), terms, 0, [.. Enumerable.Range(0, 1001).Select(i => (uint)i)])));
    }

    private TestDao Dao => guardians.Dao;

    private static ReleaseRequest Request(GrantId grant, GrantTerms terms, ulong batch, params uint[] indices) =>
        new(grant, terms, new BatchId(batch), indices);

    private TestContribution Sealed(Secp256k1Key owner, string plaintext) => TestDao.Seal(guardians.Dataset, owner.Address, plaintext);

    private Task<BatchManifest> BatchAsync() => Dao.CommitAsync(Sealed(Dao.Member, "a file"));

    /// <summary>Every guardian refuses, with one code.</summary>
    private async Task<string> RefusalAsync(GrantId grant, GrantTerms terms)
    {
        var codes = await Task.WhenAll(Enumerable.Range(1, DaoFixture.Count).Select(i => guardians.RefusalAsync(i, Request(grant, terms, 0, 0))));
        return Assert.Single(codes.Distinct());
    }
}
