using Commonhold.Age;
using Commonhold.Client;
using Commonhold.Ethereum;

namespace Commonhold.Tests.Client;

public sealed class GrantOpenerTests : IDisposable
{
    private readonly string _directory = Directory.CreateTempSubdirectory("commonhold-open").FullName;
    private readonly GrantWorld _world = new();

    [Fact]
    public async Task Everything_in_scope_is_opened_as_its_members_sealed_it()
    {
        _world.Commit(3);
        _world.Commit(2);
        OpenReport report = (await OpenAsync(_world.Dao.Guardians())).Value;
        Assert.True(report.IsComplete);
        Assert.Empty(report.Liars);
        Assert.Equal(_world.Plaintexts.Select(Digest), report.Contributions.Select(c => Digest(File.ReadAllBytes(c.Path!))));
        Assert.Equal(_world.Plaintexts.Select(Digest), report.Contributions.Select(c => c.PlaintextDigest!.Value));
    }

    [Fact]
    public async Task Only_the_batches_in_scope_are_opened()
    {
        _world.Commit(2);
        _world.Commit(2);
        OpenReport report = (await OpenAsync(_world.Dao.Guardians(), scope: 1)).Value;
        Assert.Equal(2, report.Contributions.Count);
    }

    [Fact]
    public async Task Two_dead_guardians_of_five_change_nothing_and_three_are_named()
    {
        _world.Commit(4);
        Assert.True((await OpenAsync(_world.Dao.Guardians((i, g) => i <= 2 ? new DeadGuardian() : g))).Value.IsComplete);

        Refusal refusal = (await OpenAsync(_world.Dao.Guardians((i, g) => i <= 3 ? new DeadGuardian() : g), "again")).Refusal!;
        Assert.Equal("guardian.too_few", refusal.Code);
        Assert.Contains("guardian 1", refusal.Detail, StringComparison.Ordinal);
    }

    [Theory]
    [InlineData("a wrong point")]
    [InlineData("no point at all")]
    public async Task A_lying_guardian_is_named_and_everything_opens_without_it(string lie)
    {
        _world.Commit(30);
        IReadOnlyList<uint> liars = [];
        // Which guardians are asked first is random; one time in four the liar is not among them.
        for (int run = 0; run < 20 && liars.Count == 0; run++)
        {
            OpenReport report = (await OpenAsync(_world.Dao.Guardians((i, g) => i switch
            {
                2 => new LyingGuardian(g, _world.Buyer, lie == "a wrong point"),
                3 => new DeadGuardian(),
                _ => g,
            }), $"run {run}")).Value;
            Assert.True(report.IsComplete, string.Join(", ", report.Contributions.Select(c => c.Refusal)));
            liars = report.Liars;
        }

        Assert.Equal([2u], liars);
    }

    [Fact]
    public async Task With_the_liar_needed_for_the_threshold_nothing_opens_and_it_is_named()
    {
        _world.Commit(3);
        Result<OpenReport> result = await OpenAsync(_world.Dao.Guardians((i, g) => i switch
        {
            1 => new LyingGuardian(g, _world.Buyer, true),
            >= 4 => new DeadGuardian(),
            _ => g,
        }));
        Assert.Equal("guardian.too_few", result.Refusal!.Code);
    }

    [Fact]
    public async Task A_refusal_by_all_guardians_keeps_its_code()
    {
        _world.Commit(1);
        Refusal refusal = (await OpenAsync(_world.Dao.Guardians((_, _) => new RefusingGuardian("grant.expired")))).Refusal!;
        Assert.Equal("grant.expired", refusal.Code);
    }

    [Fact]
    public async Task A_withdrawn_contribution_is_left_out_and_the_rest_opened()
    {
        _world.Commit(3);
        OpenReport report = (await OpenAsync(_world.Dao.Guardians((i, g) => new WithholdingGuardian(g, _world.Buyer, index: 1)))).Value;
        Assert.Equal(2, report.Count(OpenOutcome.Opened));
        OpenedContribution refused = Assert.Single(report.Contributions, c => c.Outcome == OpenOutcome.Refused);
        Assert.Equal((1u, "contribution.withdrawn"), (refused.Index, refused.Refusal!.Code));
    }

    [Theory]
    [InlineData(0u)]
    [InlineData(2u)]
    [InlineData(4_000_000_000u)]
    public async Task A_leaf_of_an_epoch_without_a_key_is_reported_and_the_rest_opened(uint epoch)
    {
        _world.Commit(3, leaf => leaf.Index == 1 ? leaf with { KeyEpoch = epoch } : leaf);
        _world.Commit(1);
        OpenReport report = (await OpenAsync(_world.Dao.Guardians())).Value;
        OpenedContribution failed = Assert.Single(report.Contributions, c => c.Outcome != OpenOutcome.Opened);
        Assert.Equal((1u, OpenOutcome.Failed, "contribution.unknown_epoch"), (failed.Index, failed.Outcome, failed.Refusal!.Code));
        Assert.Equal(3, report.Count(OpenOutcome.Opened));
    }

    [Fact]
    public async Task A_guardian_that_is_gone_when_proofs_are_asked_for_is_not_called_a_liar()
    {
        // One file that opens with nobody's answers, so that everybody is asked for a proof.
        _world.Commit(2, leaf => leaf.Index == 1 ? leaf with { CiphertextDigest = _world.Misencrypted(leaf), Size = (ulong)_world.Dao.Blobs[_world.Misencrypted(leaf)].Length } : leaf);
        OpenReport report = (await OpenAsync(_world.Dao.Guardians((_, g) => new ProoflessGuardian(g)))).Value;
        Assert.Empty(report.Liars);
        Assert.NotEmpty(report.Faults);
        Assert.Equal([OpenOutcome.Opened, OpenOutcome.Failed], report.Contributions.Select(c => c.Outcome));
    }

    [Fact]
    public async Task A_second_run_opens_only_what_is_missing_or_changed()
    {
        _world.Commit(3);
        OpenReport first = (await OpenAsync(_world.Dao.Guardians())).Value;
        await File.AppendAllTextAsync(first.Contributions[1].Path!, "changed");
        File.Delete(first.Contributions[2].Path!);

        OpenReport second = (await OpenAsync(_world.Dao.Guardians())).Value;
        Assert.Equal([OpenOutcome.AlreadyOpened, OpenOutcome.Opened, OpenOutcome.Opened], second.Contributions.Select(c => c.Outcome));
        Assert.Equal(_world.Plaintexts.Select(Digest), second.Contributions.Select(c => Digest(File.ReadAllBytes(c.Path!))));
    }

    [Fact]
    public async Task A_forged_manifest_is_refused()
    {
        _world.Commit(2);
        BatchProposal batch = _world.Dao.Committed[0];
        _world.Dao.Committed[0] = batch with { Manifest = batch.Manifest with { Leaves = [batch.Manifest.Leaves[0], batch.Manifest.Leaves[1] with { Size = 1 }] } };
        Assert.Equal("manifest.root_mismatch", (await OpenAsync(_world.Dao.Guardians())).Refusal!.Code);
    }

    [Fact]
    public async Task Another_identity_is_told_so_before_anyone_is_asked()
    {
        _world.Commit(1);
        using X25519Identity other = X25519Identity.Generate();
        GrantOpener opener = new(_world.Dao, _world.Dao, _world.Dao.Guardians(), other);
        Assert.Equal("grant.other_recipient", (await opener.OpenAsync(new GrantId(1), _world.Terms(1), _directory, null, default)).Refusal!.Code);
    }

    public void Dispose()
    {
        _world.Dispose();
        Directory.Delete(_directory, recursive: true);
    }

    private static Bytes32 Digest(byte[] bytes) => GrantWorld.Digest(bytes);

    private Task<Result<OpenReport>> OpenAsync(IReadOnlyList<GuardianLink> guardians, string folder = "out", ulong? scope = null) =>
        new GrantOpener(_world.Dao, _world.Dao, guardians, _world.Buyer).OpenAsync(
            new GrantId(1), _world.Terms(scope), Path.Combine(_directory, folder), null, default);
}
