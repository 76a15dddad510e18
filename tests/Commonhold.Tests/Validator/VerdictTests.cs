using System.Text;
using Commonhold.Age;
using Commonhold.Client;
using Commonhold.Ethereum;
using Commonhold.Tests.Client;
using Commonhold.Validator;
using Commonhold.Validator.Ownership;
using Commonhold.Validator.State;
using Microsoft.Extensions.Logging.Abstractions;

namespace Commonhold.Tests.Validator;

/// <summary>The four results of a verdict, the policy behind them, and what a proof changes.</summary>
public sealed class VerdictTests : IDisposable
{
    private readonly string _directory = Directory.CreateTempSubdirectory("commonhold-validator").FullName;
    private readonly FakeDao _dao = new();
    private readonly ValidatorKey _key = ValidatorKey.Generate();
    private readonly MemberKey _alice = MemberKey.Generate();
    private readonly MemberKey _bob = MemberKey.Generate();

    public VerdictTests() => _dao.Validators.Add(new ValidatorInfo(_key.Address));

    public void Dispose()
    {
        _key.Dispose();
        _alice.Dispose();
        _bob.Dispose();
        Directory.Delete(_directory, recursive: true);
    }

    [Fact]
    public async Task Every_result_says_what_it_proves_and_what_it_does_not()
    {
        (_, Report report) = await JudgeAsync(_alice, 0, "good 1");
        Assert.All(report.Findings.Named, f => Assert.Equal((f.Name, CheckOutcome.Passed), (f.Name, f.Finding.Outcome)));
        Assert.All(report.Findings.Named, f => Assert.True(f.Finding.Reason.Length > 10 && f.Finding.Proves.Length > 10 && f.Finding.DoesNotProve.Length > 10, f.Name));
        Assert.Equal((EvidenceLevel.Email, _dao.Info.Dataset.PolicyDigest), (report.Level, report.PolicyDigest));
        Assert.Contains(report.Checks, c => c is { Name: "id_time", Outcome: not CheckOutcome.Failed });
    }

    [Fact]
    public async Task Without_evidence_ownership_is_said_to_be_not_checked_and_the_reward_is_weighed_by_it()
    {
        (VerdictSubmission unproved, Report report) = await JudgeAsync(_alice, 0);
        Assert.Equal((CheckOutcome.NotChecked, EvidenceLevel.Structure), (report.Findings.Ownership.Outcome, report.Level));
        (VerdictSubmission proved, _) = await JudgeAsync(_bob, 1, "good 1");
        Assert.True(unproved.Accepted && proved.Accepted);
        Assert.InRange((double)proved.Points.Value / (double)unproved.Points.Value, 1.5, 2.5);
    }

    [Fact]
    public async Task The_value_is_explained_by_cell_to_the_member_alone_and_adds_up()
    {
        (VerdictSubmission verdict, Report report) = await JudgeAsync(_alice, 0);
        ValueExplanation explanation = ValueExplanation.Open(verdict.Explanation!, report, _alice.Identity).Value;
        Assert.Equal(verdict.Points.Value, explanation.Cells.Aggregate(explanation.OtherPoints.Value, (sum, cell) => sum + cell.Points.Value));
        Assert.Contains(explanation.Cells, cell => cell.Place.Length > 0 && cell.Quarter.Length > 0 && cell.NewRows > 0);
        Assert.Equal("explanation.unreadable", ValueExplanation.Open(verdict.Explanation!, report, _bob.Identity).Refusal?.Code);
        // What the member alone may know stands nowhere in what everybody sees.
        string shown = Encoding.UTF8.GetString(verdict.Report);
        Assert.All(explanation.Cells.Where(c => c.Place.Length > 4), cell => Assert.DoesNotContain(cell.Place, shown, StringComparison.OrdinalIgnoreCase));
    }

    [Fact]
    public async Task An_account_moves_from_who_proved_nothing_to_who_proves_it_and_never_back()
    {
        (VerdictSubmission thief, _) = await JudgeAsync(_bob, 0);
        (VerdictSubmission refused, Report why) = await JudgeAsync(_alice, 0);
        Assert.Equal((false, "account.other_owner"), (refused.Accepted, why.Refusal?.Code));

        (VerdictSubmission owner, Report report) = await JudgeAsync(_alice, 0, "good 1");
        Assert.True(owner.Accepted, report.Refusal?.ToString());
        Assert.Equal(thief.Nullifier, owner.Nullifier);
        Assert.Equal(thief.Points, report.PaidBefore);

        Assert.Equal("account.other_owner", (await JudgeAsync(_bob, 0)).Report.Refusal?.Code);
        Assert.Equal("account.other_owner", (await JudgeAsync(_bob, 0, "good 2")).Report.Refusal?.Code);
    }

    [Fact]
    public async Task A_proof_serves_one_owner_and_one_account()
    {
        Assert.True((await JudgeAsync(_alice, 0, "good 1")).Verdict.Accepted);
        Assert.Equal("evidence.replayed", (await JudgeAsync(_bob, 1, "good 1")).Report.Refusal?.Code);
        Assert.Equal("evidence.replayed", (await JudgeAsync(_alice, 1, "good 1")).Report.Refusal?.Code);
        Assert.True((await JudgeAsync(_bob, 1, "good 2")).Verdict.Accepted);
    }

    [Fact]
    public async Task The_same_contents_count_again_only_with_a_better_proof_and_then_pay_the_difference()
    {
        (VerdictSubmission first, _) = await JudgeAsync(_alice, 0);
        Assert.Equal("contribution.duplicate", (await JudgeAsync(_alice, 0)).Report.Refusal?.Code);
        (VerdictSubmission proved, Report report) = await JudgeAsync(_alice, 0, "good 1");
        Assert.True(proved.Accepted, report.Refusal?.ToString());
        Assert.InRange((double)(first.Points.Value + proved.Points.Value) / (double)first.Points.Value, 1.9, 2.1);
        Assert.Equal("contribution.duplicate", (await JudgeAsync(_alice, 0, "good 1")).Report.Refusal?.Code);
    }

    [Fact]
    public async Task Evidence_that_proved_false_refuses_and_leaves_nothing_behind()
    {
        Assert.Equal("email.forged", (await JudgeAsync(_bob, 0, "forged")).Report.Refusal?.Code);
        Assert.True((await JudgeAsync(_alice, 0)).Verdict.Accepted);
    }

    [Fact]
    public async Task A_check_that_the_policy_requires_and_nobody_made_is_a_refusal()
    {
        _dao.Require(policy => policy with { Required = [.. policy.Required, "ownership"] });
        (_, Report report) = await JudgeAsync(_alice, 0);
        Assert.Equal("contribution.check_missing", report.Refusal?.Code);
        Assert.True((await JudgeAsync(_alice, 0, "good 1")).Verdict.Accepted);

        _dao.Require(policy => policy with { Required = ["ownership.download"] });
        Assert.Equal("contribution.check_missing", (await JudgeAsync(_bob, 1, "good 2")).Report.Refusal?.Code);
        _dao.Require(policy => policy with { Required = [], MinimumLevel = EvidenceLevel.Fetched });
        Assert.Equal("contribution.level_too_low", (await JudgeAsync(_bob, 1, "good 2")).Report.Refusal?.Code);
    }

    [Fact]
    public async Task Evidence_that_the_node_keeps_back_makes_the_contribution_wait()
    {
        await _dao.SubmitAsync(_alice, Members.Cleaned(await Members.ExportAsync(0)), _key.Identity.Recipient, terms => terms with { EvidenceDigest = Keccak256.Hash("withheld"u8) });
        Assert.Empty(await RunAsync());
    }

    [Fact]
    public async Task A_verdict_that_another_validators_batch_overtook_is_given_anew()
    {
        bool isOvertaken = true;
        Bytes32 nullifier = default;
        _dao.BeforeVerdict = verdict =>
        {
            if (!isOvertaken)
                return;
            isOvertaken = false;
            nullifier = verdict.Nullifier;
            BatchManifest other = new(_dao.Info.ChainId, _dao.Info.Contracts.Registry, new BatchId(0),
                [new Leaf(0, _alice.Address, Keccak256.Hash("other"u8), 1, Keccak256.Hash("share"u8), _dao.Info.Dataset.Schema, 1, new Points(1000), nullifier)]);
            BatchMessage batch = BatchMessage.Of(other, new RewardTree([KeyValuePair.Create(_alice.Address, new Points(1000))]), Bytes32.Zero);
            _dao.Committed.Add(BatchProposal.From(batch, other, []));
            throw new CommonholdException(new Refusal("verdict.paid_before_stale", "A test."));
        };
        await _dao.SubmitAsync(_alice, Members.Cleaned(await Members.ExportAsync(0)), _key.Identity.Recipient);
        VerdictSubmission anew = Assert.Single(await RunAsync());
        Report report = anew.ReadReport().Value;
        Assert.Equal(new Points(1000), report.PaidBefore);
        Assert.Equal(anew.Points, report.Points);
        Assert.Contains(report.Checks, c => c.Name == "paid_elsewhere");
        // 1,000 points less than the parts say that the rows are worth.
        Assert.Equal(anew.Points.Value + 1000, report.Value.Aggregate(UInt128.Zero, (sum, part) => sum + part.Points.Value));
    }

    private async Task<(VerdictSubmission Verdict, Report Report)> JudgeAsync(MemberKey member, int account, string? email = null)
    {
        await _dao.SubmitAsync(
            member, Members.Cleaned(await Members.ExportAsync(account)), _key.Identity.Recipient,
            evidence: email is null ? null : () => [EvidenceItem.OfEmail(Encoding.UTF8.GetBytes(email))]);
        VerdictSubmission verdict = Assert.Single(await RunAsync());
        return (verdict, verdict.ReadReport().Value);
    }

    private async Task<IReadOnlyList<VerdictSubmission>> RunAsync()
    {
        int before = _dao.Verdicts.Count;
        using ValidatorState state = ValidatorState.Open(_directory);
        using ValidatorProcess process = new(
            _dao, _dao, _key, state, new OwnershipLadder([new TestProof()]), new ValidatorOptions { StateDirectory = _directory }, TimeProvider.System, NullLogger<ValidatorProcess>.Instance);
        await process.RunOnceAsync(default);
        return _dao.Verdicts[before..];
    }

    /// <summary>Believes every e-mail that says "good"; each is used up once.</summary>
    private sealed class TestProof : IOwnershipProof
    {
        public string Type => EvidenceItem.Email;

        public Task<ProofResult> VerifyAsync(EvidenceItem item, ProofContext context, CancellationToken cancellationToken) => Task.FromResult(
            item.Text("message").StartsWith("good", StringComparison.Ordinal)
                ? ProofResult.Passed(ProofResult.NameOf(Type), EvidenceLevel.Email, "The mailbox is the account's.", "Control of the mailbox.", "That the rows are unaltered.", Keccak256.Hash(item.Bytes("message")))
                : ProofResult.Failed(ProofResult.NameOf(Type), new Refusal("email.forged", "Nobody signed it.")));
    }
}
