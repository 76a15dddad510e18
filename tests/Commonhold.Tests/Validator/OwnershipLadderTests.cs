using Commonhold.Client;
using Commonhold.Ethereum;
using Commonhold.Validator.Ownership;
using CheckOutcome = Commonhold.Client.CheckOutcome;

namespace Commonhold.Tests.Validator;

/// <summary>A level is reached by a proof that passed, or not at all.</summary>
public sealed class OwnershipLadderTests
{
    private static readonly Refusal Forged = new("email.forged", "The signature is not the provider's.");

    [Fact]
    public async Task Without_evidence_the_level_is_structure_and_ownership_is_not_checked()
    {
        OwnershipOutcome outcome = await ClimbAsync([], []);
        Assert.Equal((EvidenceLevel.Structure, CheckOutcome.NotChecked, null), (outcome.Level, outcome.Finding.Outcome, outcome.Refusal));
    }

    [Fact]
    public async Task The_best_proof_that_passed_gives_the_level()
    {
        OwnershipOutcome outcome = await ClimbAsync(
            [Passing(EvidenceItem.AccountCode, EvidenceLevel.AccountCode), Passing(EvidenceItem.Email, EvidenceLevel.Email)],
            [EvidenceItem.OfEmail([1]), EvidenceItem.OfAccountCode("x", default)]);
        Assert.Equal((EvidenceLevel.Email, CheckOutcome.Passed), (outcome.Level, outcome.Finding.Outcome));
        Assert.Equal(2, outcome.Nullifiers.Count);
    }

    [Fact]
    public async Task A_proof_that_only_supports_others_gives_no_level()
    {
        OwnershipOutcome outcome = await ClimbAsync([Passing(EvidenceItem.OriginalFiles, null)], [new EvidenceItem(EvidenceItem.OriginalFiles)]);
        Assert.Equal((EvidenceLevel.Structure, CheckOutcome.NotChecked), (outcome.Level, outcome.Finding.Outcome));
    }

    [Theory]
    [InlineData(true)]
    [InlineData(false)]
    public async Task Evidence_that_proved_false_refuses_where_the_policy_says_so(bool refuses)
    {
        OwnershipOutcome outcome = await ClimbAsync(
            [new FixedProof(EvidenceItem.Email, ProofResult.Failed("ownership.email", Forged)), Passing(EvidenceItem.AccountCode, EvidenceLevel.AccountCode)],
            [EvidenceItem.OfEmail([1]), EvidenceItem.OfAccountCode("x", default)],
            refuses);
        Assert.Equal(refuses ? Forged : null, outcome.Refusal);
        Assert.Equal(refuses ? CheckOutcome.Failed : CheckOutcome.Passed, outcome.Finding.Outcome);
        Assert.Single(outcome.Nullifiers);
    }

    [Fact]
    public async Task Evidence_that_nobody_here_checks_is_said_to_be_not_checked()
    {
        OwnershipOutcome outcome = await ClimbAsync([], [new EvidenceItem("tlsnotary"), EvidenceItem.OfIdToken("t", default)]);
        Assert.All(outcome.Results, r => Assert.Equal(CheckOutcome.NotChecked, r.Outcome));
        Assert.DoesNotContain("tlsnotary", outcome.Results[0].Name, StringComparison.Ordinal);
        Assert.Equal(EvidenceLevel.Structure, outcome.Level);
    }

    private static FixedProof Passing(string type, EvidenceLevel? level) =>
        new(type, ProofResult.Passed(ProofResult.NameOf(type), level, "It is.", "Something.", "Else.", Keccak256.Hash(System.Text.Encoding.UTF8.GetBytes(type))));

    private static Task<OwnershipOutcome> ClimbAsync(IReadOnlyList<IOwnershipProof> proofs, IReadOnlyList<EvidenceItem> items, bool refuses = true) =>
        new OwnershipLadder(proofs).ClimbAsync(
            new ProofContext(null!, null!, null!, null!, new EvidenceBundle(default, items), ContributionPolicy.Trial("x") with { RefuseFailedProofs = refuses }, default),
            default);

    private sealed class FixedProof(string type, ProofResult result) : IOwnershipProof
    {
        public string Type => type;

        public Task<ProofResult> VerifyAsync(EvidenceItem item, ProofContext context, CancellationToken cancellationToken) => Task.FromResult(result);
    }
}
