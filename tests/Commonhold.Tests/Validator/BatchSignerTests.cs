using Commonhold.Client;
using Commonhold.Ethereum;
using Commonhold.Tests.Client;
using Commonhold.Validator;
using Commonhold.Validator.Batches;
using Commonhold.Validator.State;

namespace Commonhold.Tests.Validator;

public sealed class BatchSignerTests : IDisposable
{
    private readonly string _directory = Directory.CreateTempSubdirectory("commonhold-signer").FullName;
    private readonly FakeDao _dao = new();
    private readonly ValidatorKey _key = ValidatorKey.Generate();
    private readonly ValidatorKey _peer = ValidatorKey.Generate();
    private readonly Address[] _members = [.. Enumerable.Range(0, 4).Select(i => Address.FromSpan(Keccak256.Hash([(byte)i]).AsSpan()[..20]))];
    private int _count;

    public BatchSignerTests() => _dao.Validators.AddRange([new ValidatorInfo(_key.Address), new ValidatorInfo(_peer.Address)]);

    [Fact]
    public async Task A_chain_of_honest_batches_is_signed_one_after_the_other()
    {
        using ValidatorState state = ValidatorState.Open(_directory);
        BatchSigner signer = Signer(state);
        for (int batch = 0; batch < 4; batch++)
        {
            Judge(0, 5);
            Judge(1 + (batch % 3), 7);
            BatchProposal proposal = _dao.Propose();
            BatchSignature signature = (await signer.SignAsync(proposal, _dao.Info, default)).Value;
            Assert.Equal(_key.Address, _dao.Info.RegistryDomain.Recover(proposal.StructHash(), signature.Signature));
            _dao.Committed.Add(proposal);
        }
    }

    [Fact]
    public async Task Asking_twice_gives_the_same_signature()
    {
        using ValidatorState state = ValidatorState.Open(_directory);
        Judge(0, 5);
        BatchProposal proposal = _dao.Propose();
        Assert.Equal((await Signer(state).SignAsync(proposal, _dao.Info, default)).Value, (await Signer(state).SignAsync(proposal, _dao.Info, default)).Value);
    }

    [Fact]
    public async Task A_batch_that_never_came_on_chain_may_be_replaced_by_another()
    {
        using ValidatorState state = ValidatorState.Open(_directory);
        BatchSigner signer = Signer(state);
        Judge(0, 5);
        Assert.False((await signer.SignAsync(_dao.Propose(), _dao.Info, default)).IsRefused);
        Judge(1, 6);
        BatchProposal second = _dao.Propose();
        Assert.False((await signer.SignAsync(second, _dao.Info, default)).IsRefused);
        _dao.Committed.Add(second);
        Judge(2, 6);
        Assert.False((await signer.SignAsync(_dao.Propose(), _dao.Info, default)).IsRefused);
    }

    [Fact]
    public async Task A_validator_that_lost_its_state_learns_the_batches_again_and_proves_them()
    {
        using (ValidatorState state = ValidatorState.Open(_directory))
        {
            for (int batch = 0; batch < 3; batch++)
            {
                Judge(batch, 5);
                BatchProposal proposal = _dao.Propose();
                Assert.False((await Signer(state).SignAsync(proposal, _dao.Info, default)).IsRefused);
                _dao.Committed.Add(proposal);
            }
        }

        using ValidatorState empty = ValidatorState.Open(Path.Combine(_directory, "new"));
        Judge(3, 5);
        Assert.False((await Signer(empty).SignAsync(_dao.Propose(), _dao.Info, default)).IsRefused);
    }

    [Theory]
    [InlineData("points", "batch.wrong_totals")]
    [InlineData("reward root", "batch.wrong_totals")]
    [InlineData("reward points", "batch.wrong_totals")]
    [InlineData("root", "manifest.root_mismatch")]
    [InlineData("count", "manifest.root_mismatch")]
    [InlineData("number", "batch.wrong_number")]
    [InlineData("previous", "batch.previous_unknown")]
    [InlineData("registry", "manifest.other_batch")]
    [InlineData("verdict dropped", "batch.verdict_missing")]
    [InlineData("verdict changed", "batch.verdict_unsigned")]
    [InlineData("leaf changed", "manifest.root_mismatch")]
    public async Task A_batch_that_does_not_follow_from_its_verdicts_is_not_signed(string what, string code)
    {
        using ValidatorState state = ValidatorState.Open(_directory);
        Judge(0, 5);
        _dao.Committed.Add(_dao.Propose());
        Assert.False((await Signer(state).SignAsync(_dao.Committed[0], _dao.Info, default)).IsRefused);
        Judge(1, 5);
        BatchProposal good = _dao.Propose();
        BatchProposal bad = what switch
        {
            "points" => good with { Points = new Points(6) },
            "reward root" => good with { RewardRoot = Keccak256.Hash("x"u8) },
            "reward points" => good with { RewardPoints = new Points(99) },
            "root" => good with { Root = Keccak256.Hash("x"u8) },
            "count" => good with { Count = 2 },
            "number" => good with { BatchId = new BatchId(3) },
            "previous" => good with { Previous = Keccak256.Hash("x"u8) },
            "registry" => good with { Manifest = good.Manifest with { Registry = _key.Address } },
            "verdict dropped" => good with { Verdicts = [] },
            "verdict changed" => Changed(good),
            _ => good with { Manifest = good.Manifest with { Leaves = [good.Manifest.Leaves[0] with { Points = new Points(500) }] } },
        };
        Assert.Equal(code, (await Signer(state).SignAsync(bad, _dao.Info, default)).Refusal?.Code);
        Assert.False((await Signer(state).SignAsync(good, _dao.Info, default)).IsRefused);

        // Leaf, totals and roots all agree with the raised verdict; only its signature does not.
        static BatchProposal Changed(BatchProposal good)
        {
            VerdictSubmission raised = good.Verdicts[0] with { Points = new Points(500) };
            return good with { Verdicts = [raised], Manifest = good.Manifest with { Leaves = [raised.ToLeaf(0)] }, Root = raised.ToLeaf(0).Hash() };
        }
    }

    [Fact]
    public async Task A_digest_a_share_or_an_account_stands_once_in_the_dataset()
    {
        using ValidatorState state = ValidatorState.Open(_directory);
        BatchSigner signer = Signer(state);
        VerdictSubmission first = Judge(0, 5);
        _dao.Committed.Add(_dao.Propose());
        Assert.False((await signer.SignAsync(_dao.Committed[0], _dao.Info, default)).IsRefused);

        Assert.Equal("batch.duplicate_share", await WithAsync(share: first.EphemeralShare));
        Assert.Equal("batch.account_shared", await WithAsync(nullifier: first.Nullifier));
        Assert.Equal("batch.duplicate_digest", await WithAsync(digest: first.CiphertextDigest));

        async Task<string?> WithAsync(Bytes32? share = null, Bytes32? nullifier = null, Bytes32? digest = null)
        {
            VerdictSubmission verdict = Judge(1, 5, share: share, nullifier: nullifier, digest: digest);
            BatchManifest manifest = new(_dao.Info.ChainId, _dao.Info.Contracts.Registry, new BatchId(1), [verdict.ToLeaf(0)]);
            RewardTree rewards = new([KeyValuePair.Create(_members[0], new Points(5)), KeyValuePair.Create(_members[1], new Points(5))]);
            BatchProposal proposal = BatchProposal.From(BatchMessage.Of(manifest, rewards, _dao.Head!.StructHash()), manifest, [verdict]);
            _dao.Verdicts.Remove(verdict);
            return (await signer.SignAsync(proposal, _dao.Info, default)).Refusal?.Code;
        }
    }

    [Fact]
    public async Task A_peers_verdict_counts_only_for_a_validator_that_was_told_of_the_peer()
    {
        using ValidatorState state = ValidatorState.Open(_directory);
        Judge(0, 5, by: _peer);
        BatchProposal proposal = _dao.Propose();
        Assert.Equal("batch.verdict_unsigned", (await Signer(state).SignAsync(proposal, _dao.Info, default)).Refusal?.Code);
        Assert.False((await Signer(state, _peer.Address).SignAsync(proposal, _dao.Info, default)).IsRefused);

        // Voted out: the node no longer lists it, and its verdicts end with that.
        _dao.Validators.RemoveAt(1);
        Assert.Equal("batch.verdict_unsigned", (await Signer(state, _peer.Address).SignAsync(proposal, _dao.Info, default)).Refusal?.Code);
    }

    public void Dispose()
    {
        _key.Dispose();
        _peer.Dispose();
        Directory.Delete(_directory, recursive: true);
    }

    [Fact]
    public async Task An_account_changes_its_owner_only_by_a_report_that_proves_it_and_only_once()
    {
        using ValidatorState state = ValidatorState.Open(_directory);
        BatchSigner signer = Signer(state, _peer.Address);
        Bytes32 account = Keccak256.Hash("account"u8);
        Judge(0, 5, nullifier: account);
        await CommitAsync(signer);

        Judge(1, 5, nullifier: account, paidBefore: 5);
        Assert.Equal("batch.account_shared", (await signer.SignAsync(_dao.Propose(), _dao.Info, default)).Refusal?.Code);
        Retract();
        Judge(1, 0, _peer, nullifier: account, level: EvidenceLevel.Email, paidBefore: 5);
        await CommitAsync(signer);

        // Back to who proved nothing, or on to another who proves it too: never.
        foreach (EvidenceLevel level in new[] { EvidenceLevel.Structure, EvidenceLevel.OpenId })
        {
            Judge(0, 1, nullifier: account, level: level, paidBefore: 5);
            Assert.Equal("batch.account_shared", (await signer.SignAsync(_dao.Propose(), _dao.Info, default)).Refusal?.Code);
            Retract();
        }
    }

    [Fact]
    public async Task A_report_that_its_verdict_was_not_signed_over_grounds_nothing()
    {
        using ValidatorState state = ValidatorState.Open(_directory);
        BatchSigner signer = Signer(state);
        Bytes32 account = Keccak256.Hash("account"u8);
        Judge(0, 5, nullifier: account);
        await CommitAsync(signer);

        VerdictSubmission unproved = Judge(1, 5, nullifier: account, paidBefore: 5);
        Report forged = unproved.ReadReport().Value with { Level = EvidenceLevel.Email };
        forged = forged with { Findings = forged.Findings with { Ownership = new Finding(CheckOutcome.Passed, "It is.", "All.", "Nothing.") } };
        _dao.Verdicts[^1] = unproved with { Report = forged.ToJsonBytes() };
        Assert.Equal("batch.report_other", (await signer.SignAsync(_dao.Propose(), _dao.Info, default)).Refusal?.Code);
    }

    [Theory]
    [InlineData("what two validators paid for the same rows", 0, 0, true)]
    [InlineData("a verdict that knew of the other", 0, 5, false)]
    [InlineData("the same in the other order", 5, 0, false)]
    public async Task A_batch_pays_an_account_only_on_top_of_what_it_was_paid(string name, int firstKnew, int secondKnew, bool isRefused)
    {
        using ValidatorState state = ValidatorState.Open(_directory);
        BatchSigner signer = Signer(state, _peer.Address);
        Bytes32 account = Keccak256.Hash("account"u8);
        Judge(0, 5, nullifier: account, paidBefore: firstKnew);
        Judge(0, 5, _peer, nullifier: account, paidBefore: secondKnew);
        Assert.Equal((name, isRefused ? "verdict.paid_before_stale" : null), (name, (await signer.SignAsync(_dao.Propose(), _dao.Info, default)).Refusal?.Code));
    }

    private async Task CommitAsync(BatchSigner signer)
    {
        BatchProposal proposal = _dao.Propose();
        Assert.Null((await signer.SignAsync(proposal, _dao.Info, default)).Refusal);
        _dao.Committed.Add(proposal);
    }

    private void Retract() => _dao.Verdicts.RemoveAt(_dao.Verdicts.Count - 1);

    private BatchSigner Signer(ValidatorState state, params Address[] peers) =>
        new(_dao, state, new DatasetLedger(), _key, new ValidatorOptions { StateDirectory = _directory, Peers = peers });

    private VerdictSubmission Judge(
        int member, int points, ValidatorKey? by = null, Bytes32? share = null, Bytes32? nullifier = null, Bytes32? digest = null,
        EvidenceLevel level = EvidenceLevel.Structure, int paidBefore = 0)
    {
        Bytes32 Next(string what) => Keccak256.Hash(System.Text.Encoding.UTF8.GetBytes($"{what} {_count}"));
        Bytes32 file = digest ?? Next("digest");
        Finding ownership = new(level.IsProved() ? CheckOutcome.Passed : CheckOutcome.NotChecked, "A test.", "Nothing.", "Anything.");
        byte[] report = new Report(
            Report.CurrentVersion, file, (by ?? _key).Address, 1, true, new Points((UInt128)points), null, default, level, new Points((UInt128)paidBefore),
            Findings.NotChecked("A test.") with { Ownership = ownership }, [], [], default).ToJsonBytes();
        Verdict verdict = new(
            _members[member], file, 10, share ?? Next("share"), _dao.Info.Dataset.Schema, 1, true, new Points((UInt128)points),
            nullifier ?? Next("account"), Report.DigestOf(report));
        _count++;
        ValidatorKey signer = by ?? _key;
        VerdictSubmission submission = VerdictSubmission.From(
            SignedVerdict.From(verdict, verdict.Sign(signer.Account, _dao.Info.RegistryDomain)), signer.Address, report);
        _dao.Verdicts.Add(submission);
        return submission;
    }
}
