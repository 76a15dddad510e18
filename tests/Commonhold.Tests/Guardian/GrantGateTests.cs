using Commonhold.Client;
using Commonhold.Ethereum;
using Commonhold.Guardians.Release;

namespace Commonhold.Tests.Guardian;

public sealed class GrantGateTests
{
    private const ulong Now = 1_800_000_000;

    private static readonly GrantTerms Terms = new(
        GrantMode.Raw, Pricing.Sale, 0, 0, 3600, 3, Address.Zero, new Wei(5), Keccak256.Hash([1]),
        Keccak256.Hash([2]), Bytes32.Zero, Bytes32.Zero);

    private static readonly GrantReading Active = new(GrantStage.Granted, Terms.Hash(), Now + 3600, WorkerApproved: false);

    [Fact]
    public void An_active_grant_opens_the_batches_in_its_scope() => Assert.Null(Check(Active, Terms));

    [Theory]
    [InlineData("no such request", 0, "grant.unknown")]
    [InlineData("not voted on", 1, "grant.not_executed")]
    [InlineData("refunded", 3, "grant.not_executed")]
    [InlineData("revoked", 4, "grant.revoked")]
    [InlineData("something newer", 5, "grant.unknown")]
    public void A_request_that_is_no_active_grant_is_refused(string name, int stage, string code)
    {
        var refusal = Check(Active with { Stage = (GrantStage)stage }, Terms);

        Assert.True(code == refusal?.Code, name);
        Assert.NotNull(refusal.Hint);
    }

    [Fact]
    public void Another_recipient_than_the_grants_is_refused() =>
        Assert.Equal("grant.terms_mismatch", Check(Active, Terms with { Recipient = Keccak256.Hash([9]) })?.Code);

    [Fact]
    public void A_wider_scope_than_the_grants_is_refused() =>
        Assert.Equal("grant.terms_mismatch", Check(Active, Terms with { Scope = 4 })?.Code);

    [Theory]
    [InlineData(-1, null)]
    [InlineData(0, "grant.expired")]
    [InlineData(1, "grant.expired")]
    public void A_grant_ends_at_its_second(int secondsAfterEnd, string? code)
    {
        var now = (ulong)((long)Active.EndsAt + secondsAfterEnd);

        Assert.Equal(code, GrantGate.Check(Request(Terms, 0), Active, now, batchCount: 3)?.Code);
    }

    [Theory]
    [InlineData(2, 3, null)]
    [InlineData(3, 9, "grant.out_of_scope")]
    [InlineData(2, 2, "grant.out_of_scope")]
    public void A_batch_beyond_the_scope_or_the_chain_is_refused(ulong batch, ulong batchesOnChain, string? code) =>
        Assert.Equal(code, GrantGate.Check(Request(Terms, batch), Active, Now, batchesOnChain)?.Code);

    [Theory]
    [InlineData(GrantMode.Anonymised)]
    [InlineData(GrantMode.Query)]
    [InlineData(GrantMode.Job)]
    public void Modes_other_than_raw_open_only_to_an_approved_worker(GrantMode mode)
    {
        var terms = Terms with { Mode = mode };
        var grant = Active with { TermsHash = terms.Hash() };

        Assert.Equal("grant.worker_unapproved", Check(grant, terms)?.Code);
        Assert.Null(Check(grant with { WorkerApproved = true }, terms));
    }

    private static Refusal? Check(GrantReading grant, GrantTerms terms) =>
        GrantGate.Check(Request(terms, 0), grant, Now, batchCount: 3);

    private static ReleaseRequest Request(GrantTerms terms, ulong batch) =>
        new(new GrantId(17), terms, new BatchId(batch), [0]);
}
