using System.Security.Cryptography;
using Commonhold.Age;
using Commonhold.Client;
using Commonhold.Ethereum;

namespace Commonhold.Tests.Client;

public sealed class GrantOpenerTests : IDisposable
{
    private readonly string _directory = Directory.CreateTempSubdirectory("commonhold-open").FullName;
    private readonly FakeDao _dao = new();
    private readonly X25519Identity _buyer = X25519Identity.Generate();
    private readonly List<byte[]> _plaintexts = [];

    [Fact]
    public async Task Everything_in_scope_is_opened_as_its_members_sealed_it()
    {
        Commit(3);
        Commit(2);
        OpenReport report = (await OpenAsync(_dao.Guardians())).Value;
        Assert.True(report.IsComplete);
        Assert.Empty(report.Liars);
        Assert.Equal(_plaintexts.Select(Digest), report.Contributions.Select(c => Digest(File.ReadAllBytes(c.Path!))));
        Assert.Equal(_plaintexts.Select(Digest), report.Contributions.Select(c => c.PlaintextDigest!.Value));
    }

    [Fact]
    public async Task Only_the_batches_in_scope_are_opened()
    {
        Commit(2);
        Commit(2);
        OpenReport report = (await OpenAsync(_dao.Guardians(), scope: 1)).Value;
        Assert.Equal(2, report.Contributions.Count);
    }

    [Fact]
    public async Task Two_dead_guardians_of_five_change_nothing_and_three_are_named()
    {
        Commit(4);
        Assert.True((await OpenAsync(_dao.Guardians((i, g) => i <= 2 ? new DeadGuardian() : g))).Value.IsComplete);

        Refusal refusal = (await OpenAsync(_dao.Guardians((i, g) => i <= 3 ? new DeadGuardian() : g), "again")).Refusal!;
        Assert.Equal("guardian.too_few", refusal.Code);
        Assert.Contains("guardian 1", refusal.Detail, StringComparison.Ordinal);
    }

    [Theory]
    [InlineData("a wrong point")]
    [InlineData("no point at all")]
    public async Task A_lying_guardian_is_named_and_everything_opens_without_it(string lie)
    {
        Commit(30);
        IReadOnlyList<uint> liars = [];
        // Which guardians are asked first is random; one time in four the liar is not among them.
        for (int run = 0; run < 20 && liars.Count == 0; run++)
        {
            OpenReport report = (await OpenAsync(_dao.Guardians((i, g) => i switch
            {
                2 => new LyingGuardian(g, _buyer, lie == "a wrong point"),
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
        Commit(3);
        Result<OpenReport> result = await OpenAsync(_dao.Guardians((i, g) => i switch
        {
            1 => new LyingGuardian(g, _buyer, true),
            >= 4 => new DeadGuardian(),
            _ => g,
        }));
        Assert.Equal("guardian.too_few", result.Refusal!.Code);
    }

    [Fact]
    public async Task A_refusal_by_all_guardians_keeps_its_code()
    {
        Commit(1);
        Refusal refusal = (await OpenAsync(_dao.Guardians((_, _) => new RefusingGuardian("grant.expired")))).Refusal!;
        Assert.Equal("grant.expired", refusal.Code);
    }

    [Fact]
    public async Task A_withdrawn_contribution_is_left_out_and_the_rest_opened()
    {
        Commit(3);
        OpenReport report = (await OpenAsync(_dao.Guardians((i, g) => new WithholdingGuardian(g, _buyer, index: 1)))).Value;
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
        Commit(3, leaf => leaf.Index == 1 ? leaf with { KeyEpoch = epoch } : leaf);
        Commit(1);
        OpenReport report = (await OpenAsync(_dao.Guardians())).Value;
        OpenedContribution failed = Assert.Single(report.Contributions, c => c.Outcome != OpenOutcome.Opened);
        Assert.Equal((1u, OpenOutcome.Failed, "contribution.unknown_epoch"), (failed.Index, failed.Outcome, failed.Refusal!.Code));
        Assert.Equal(3, report.Count(OpenOutcome.Opened));
    }

    [Fact]
    public async Task A_guardian_that_is_gone_when_proofs_are_asked_for_is_not_called_a_liar()
    {
        // One file that opens with nobody's answers, so that everybody is asked for a proof.
        Commit(2, leaf => leaf.Index == 1 ? leaf with { CiphertextDigest = Misencrypted(leaf), Size = (ulong)_dao.Blobs[Misencrypted(leaf)].Length } : leaf);
        OpenReport report = (await OpenAsync(_dao.Guardians((_, g) => new ProoflessGuardian(g)))).Value;
        Assert.Empty(report.Liars);
        Assert.NotEmpty(report.Faults);
        Assert.Equal([OpenOutcome.Opened, OpenOutcome.Failed], report.Contributions.Select(c => c.Outcome));
    }

    [Fact]
    public async Task A_second_run_opens_only_what_is_missing_or_changed()
    {
        Commit(3);
        OpenReport first = (await OpenAsync(_dao.Guardians())).Value;
        await File.AppendAllTextAsync(first.Contributions[1].Path!, "changed");
        File.Delete(first.Contributions[2].Path!);

        OpenReport second = (await OpenAsync(_dao.Guardians())).Value;
        Assert.Equal([OpenOutcome.AlreadyOpened, OpenOutcome.Opened, OpenOutcome.Opened], second.Contributions.Select(c => c.Outcome));
        Assert.Equal(_plaintexts.Select(Digest), second.Contributions.Select(c => Digest(File.ReadAllBytes(c.Path!))));
    }

    [Fact]
    public async Task A_forged_manifest_is_refused()
    {
        Commit(2);
        BatchProposal batch = _dao.Committed[0];
        _dao.Committed[0] = batch with { Manifest = batch.Manifest with { Leaves = [batch.Manifest.Leaves[0], batch.Manifest.Leaves[1] with { Size = 1 }] } };
        Assert.Equal("manifest.root_mismatch", (await OpenAsync(_dao.Guardians())).Refusal!.Code);
    }

    [Fact]
    public async Task Another_identity_is_told_so_before_anyone_is_asked()
    {
        Commit(1);
        using X25519Identity other = X25519Identity.Generate();
        GrantOpener opener = new(_dao, _dao, _dao.Guardians(), other);
        Assert.Equal("grant.other_recipient", (await opener.OpenAsync(new GrantId(1), Terms(1), _directory, null, default)).Refusal!.Code);
    }

    public void Dispose()
    {
        _buyer.Dispose();
        Directory.Delete(_directory, recursive: true);
    }

    private static Bytes32 Digest(byte[] bytes) => Bytes32.FromSpan(SHA256.HashData(bytes));

    private GrantTerms Terms(ulong scope) => new(
        GrantMode.Raw, Pricing.Sale, 0, 0, 1000, scope, Address.Zero, Wei.Zero, Bytes32.FromSpan(_buyer.Recipient.Point), default, default, default);

    private Task<Result<OpenReport>> OpenAsync(IReadOnlyList<GuardianLink> guardians, string folder = "out", ulong? scope = null) =>
        new GrantOpener(_dao, _dao, guardians, _buyer).OpenAsync(
            new GrantId(1), Terms(scope ?? (ulong)_dao.Committed.Count), Path.Combine(_directory, folder), null, default);

    private void Commit(int count, Func<Leaf, Leaf>? change = null)
    {
        List<Leaf> leaves = [];
        for (int i = 0; i < count; i++)
        {
            byte[] plaintext = RandomNumberGenerator.GetBytes(200 + i);
            _plaintexts.Add(plaintext);
            using TicketRecipient dataset = new(_dao.Key.Recipient);
            byte[] file = AgeFile.Seal(plaintext, dataset);
            Bytes32 digest = Digest(file);
            _dao.Blobs[digest] = file;
            leaves.Add(new Leaf((uint)i, Address.Zero, digest, (ulong)file.Length, Bytes32.FromSpan(dataset.Ticket.Share), _dao.Info.Dataset.Schema, 1, new Points(1), digest));
        }

        _dao.Committed.Add(_dao.Propose(_ => [.. leaves.Select(change ?? (leaf => leaf))]));
    }

    /// <summary>The leaf's file with its file key wrapped wrongly: its member encrypted it so.</summary>
    private Bytes32 Misencrypted(Leaf leaf)
    {
        byte[] file = [.. _dao.Blobs[leaf.CiphertextDigest]];
        // The last character of the stanza's body; the one before it, because the last may have to be zero bits.
        int end = file.AsSpan().IndexOf("\n---"u8) - 2;
        file[end] = (byte)(file[end] == 'A' ? 'B' : 'A');
        Bytes32 digest = Digest(file);
        _dao.Blobs[digest] = file;
        return digest;
    }

    /// <summary>Changes another guardian's answers: opened with the buyer's key, sealed again.</summary>
    private abstract class ChangingGuardian(IGuardianClient inner, X25519Identity buyer) : IGuardianClient
    {
        public Task<GuardianInfo> GetInfoAsync(CancellationToken cancellationToken) => inner.GetInfoAsync(cancellationToken);

        public async Task<byte[]> ReleaseAsync(ReleaseRequest request, CancellationToken cancellationToken)
        {
            using SecretBytes json = AgeFile.Open(await inner.ReleaseAsync(request, cancellationToken), buyer);
            ReleaseAnswer answer = System.Text.Json.JsonSerializer.Deserialize(json.Span, WireJson.Default.ReleaseAnswer)!;
            return AgeFile.Seal(System.Text.Json.JsonSerializer.SerializeToUtf8Bytes(Change(answer), WireJson.Default.ReleaseAnswer), buyer.Recipient);
        }

        public IAsyncEnumerable<string> ReadLogAsync(ulong from, CancellationToken cancellationToken) => inner.ReadLogAsync(from, cancellationToken);

        protected abstract ReleaseAnswer Change(ReleaseAnswer answer);
    }

    private sealed class LyingGuardian(IGuardianClient inner, X25519Identity buyer, bool isPoint) : ChangingGuardian(inner, buyer)
    {
        protected override ReleaseAnswer Change(ReleaseAnswer answer) => answer with
        {
            // Another contribution's true answer is a fine point, and wrong here; the digest of something is rarely a point at all.
            Answers = [.. answer.Answers.Select((a, i) => a with
            {
                Answer = isPoint && answer.Answers.Count > 1 ? answer.Answers[(i + 1) % answer.Answers.Count].Answer : Bytes32.FromUInt256(2),
            })],
        };
    }

    private sealed class WithholdingGuardian(IGuardianClient inner, X25519Identity buyer, uint index) : ChangingGuardian(inner, buyer)
    {
        protected override ReleaseAnswer Change(ReleaseAnswer answer) => answer with
        {
            Answers = [.. answer.Answers.Where(a => a.Index != index)],
            Refused = answer.Answers.Any(a => a.Index == index) ? [new ShareRefusal(index, "contribution.withdrawn")] : [],
        };
    }

    private sealed class ProoflessGuardian(IGuardianClient inner) : IGuardianClient
    {
        public Task<GuardianInfo> GetInfoAsync(CancellationToken cancellationToken) => inner.GetInfoAsync(cancellationToken);

        public Task<byte[]> ReleaseAsync(ReleaseRequest request, CancellationToken cancellationToken) => request.Proofs
            ? throw new CommonholdException(new Refusal("guardian.rate_limited", "Ask again in 60 s."), isTransient: true)
            : inner.ReleaseAsync(request, cancellationToken);

        public IAsyncEnumerable<string> ReadLogAsync(ulong from, CancellationToken cancellationToken) => inner.ReadLogAsync(from, cancellationToken);
    }

    private sealed class DeadGuardian : IGuardianClient
    {
        public Task<GuardianInfo> GetInfoAsync(CancellationToken cancellationToken) => throw Dead();

        public Task<byte[]> ReleaseAsync(ReleaseRequest request, CancellationToken cancellationToken) => throw Dead();

        public IAsyncEnumerable<string> ReadLogAsync(ulong from, CancellationToken cancellationToken) => throw Dead();

        private static CommonholdException Dead() => new(new Refusal("http.unreachable", "It is down."), isTransient: true);
    }

    private sealed class RefusingGuardian(string code) : IGuardianClient
    {
        public Task<GuardianInfo> GetInfoAsync(CancellationToken cancellationToken) => throw new NotSupportedException();

        public Task<byte[]> ReleaseAsync(ReleaseRequest request, CancellationToken cancellationToken) =>
            throw new CommonholdException(new Refusal(code, "No."));

        public IAsyncEnumerable<string> ReadLogAsync(ulong from, CancellationToken cancellationToken) => throw new NotSupportedException();
    }
}
