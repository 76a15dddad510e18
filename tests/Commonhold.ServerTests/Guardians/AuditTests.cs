using System.Runtime.CompilerServices;
using System.Text;
using Commonhold.Client;
using Commonhold.Ethereum;
using Commonhold.Guardians.Audit;

namespace Commonhold.ServerTests.Guardians;

[Collection(GuardianCollection.Name), Trait("Speed", "slow")]
public sealed class AuditTests(DaoFixture guardians)
{
    [AnvilFact]
    public async Task What_honest_guardians_logged_is_borne_out_by_the_chain()
    {
        var batch = await Dao.CommitAsync([.. Enumerable.Range(0, 3).Select(i => TestDao.Seal(guardians.Dataset, Dao.Member.Address, $"{i}"))]);
        var terms = Dao.Terms();
        var grant = await Dao.GrantAsync(terms);
        await guardians.AskAsync(1, new ReleaseRequest(grant, terms, batch.BatchId, [0, 2]));
        await guardians.AskAsync(1, new ReleaseRequest(grant, terms, batch.BatchId, [1]));
        // What came later does not make the release wrong.
        await Dao.WithdrawAsync(Dao.Member, batch, 2);
        await Dao.RevokeAsync(grant);

        var audit = Assert.Single((await Auditor().AuditAsync([new AuditSubject(1, guardians.Client(1))], default)).Guardians);

        Assert.Equal(3, audit.Contributions[grant.Value]);
        var own = (await LinesAsync(guardians.Client(1))).Where(e => e.Release.GrantId == grant).Select(e => (long?)e.Sequence).ToArray();
        Assert.Equal(2, own.Length);
        Assert.DoesNotContain(audit.Findings, finding => own.Contains(finding.Sequence) || finding.Sequence is null);
    }

    [AnvilFact]
    public async Task Every_false_statement_in_a_log_is_found()
    {
        var batch = await Dao.CommitAsync(
            TestDao.Seal(guardians.Dataset, Dao.Member.Address, "a"), TestDao.Seal(guardians.Dataset, Dao.Member.Address, "b"));
        await Dao.WithdrawAsync(Dao.Member, batch, 1);
        var terms = Dao.Terms();
        var before = await HeadAsync();
        var grant = await Dao.GrantAsync(terms);
        var shortTerms = Dao.Terms(duration: 10);
        var brief = await Dao.GrantAsync(shortTerms);
        await Dao.Chain.Control.AdvanceAsync(TimeSpan.FromSeconds(11), default);
        var head = await HeadAsync();
        ReleaseRecord honest = new(
            1, head.Number, head.Hash, grant, terms.Hash(), batch.BatchId, [0], Keccak256.Hash([1]), []);
        (ReleaseRecord Release, string? Code)[] lines =
        [
            (honest, null),
            (honest with { BlockHash = Keccak256.Hash([2]) }, AuditCodes.BlockUnknown),
            (honest with { GrantId = new GrantId(123_456) }, AuditCodes.GrantInactive),
            (honest with { Block = before.Number, BlockHash = before.Hash }, AuditCodes.GrantInactive),
            (honest with { TermsHash = Keccak256.Hash([3]) }, AuditCodes.TermsMismatch),
            (honest with { GrantId = brief, TermsHash = shortTerms.Hash() }, AuditCodes.Expired),
            (honest with { BatchId = new BatchId(terms.Scope) }, AuditCodes.OutOfScope),
            (honest with { Indices = [2] }, AuditCodes.UnknownContribution),
            (honest with { Indices = [1] }, AuditCodes.Withdrawn),
        ];
        ForgedLog log = new(lines.Select(line => line.Release));

        var audit = Assert.Single((await Auditor().AuditAsync([new AuditSubject(3, log)], default)).Guardians);

        Assert.Equal(
            lines.Select((line, i) => ((long?)i, line.Code)).Where(line => line.Code is not null),
            audit.Findings.Select(finding => (finding.Sequence, (string?)finding.Code)));
    }

    [AnvilFact]
    public async Task A_log_that_was_written_anew_or_broken_or_cannot_be_read_is_reported()
    {
        var head = await HeadAsync();
        ReleaseRecord release = new(
            1, head.Number, head.Hash, new GrantId(0), Keccak256.Hash([1]), new BatchId(0), [0], Keccak256.Hash([1]), []);
        ForgedLog earlier = new([release, release]);
        ForgedLog anew = new([release with { Time = 2 }, release, release]);
        var known = (await Auditor().AuditAsync([new AuditSubject(1, earlier)], default)).Guardians[0].Head;

        var report = await Auditor().AuditAsync(
        [
            new AuditSubject(1, anew, known),
            new AuditSubject(2, new ForgedLog([release]), known),
            new AuditSubject(3, new ForgedLog([release, release]) { Spoil = true }),
            new AuditSubject(4, guardians.Client(new Uri("http://127.0.0.1:9"))),
            new AuditSubject(5, earlier, known),
        ], default);

        var whole = report.Guardians.Select(g => g.Findings.FirstOrDefault(f => f.Sequence is null or 1)?.Code).ToArray();
        Assert.Equal([AuditCodes.Rewritten, AuditCodes.Rewritten, AuditCodes.ChainBroken, AuditCodes.Unreachable], whole.Take(4));
        Assert.DoesNotContain(report.Guardians[4].Findings, f => f.Code == AuditCodes.Rewritten);
    }

    [AnvilFact]
    public async Task The_audit_command_reports_what_was_released_and_remembers_where_the_logs_ended()
    {
        var batch = await Dao.CommitAsync(TestDao.Seal(guardians.Dataset, Dao.Member.Address, "a"));
        var terms = Dao.Terms();
        var grant = await Dao.GrantAsync(terms);
        await guardians.AskAsync(2, new ReleaseRequest(grant, terms, batch.BatchId, [0]));
        var home = Directory.CreateDirectory(guardians.TemporaryDirectory("auditor")).FullName;
        await Dao.File.WriteAsync(Path.Combine(home, "dao.json"), default);
        string[] command = ["audit", "--home", home, "--rpc", Dao.Chain.Url.ToString(), "--guardian", guardians.AddressOf(1), "--guardian", guardians.AddressOf(2)];

        await using var first = CommonholdProcess.Start([.. command, "--json"]);
        await first.ExitCodeAsync();
        using var report = System.Text.Json.JsonDocument.Parse(first.Said);
        Assert.Equal(1, report.RootElement.GetProperty("guardians")[1].GetProperty("contributions").GetProperty($"{grant.Value}").GetInt64());

        // A guardian that shows another's log is one whose log was written anew.
        await using var second = CommonholdProcess.Start([.. command[..^2], "--guardian", guardians.AddressOf(3)]);
        Assert.Equal(1, await second.ExitCodeAsync());
        Assert.Contains("audit.log_rewritten", second.Said, StringComparison.Ordinal);
    }

    private TestDao Dao => guardians.Dao;

    private LogAuditor Auditor() => new(Dao.Ethereum, Dao.Contracts, firstBlock: 0);

    private async Task<BlockHeader> HeadAsync() => (await Dao.Ethereum.BlockAsync(BlockReference.Latest, default))!;

    private static async Task<List<ReleaseLogEntry>> LinesAsync(IGuardianClient client)
    {
        List<ReleaseLogEntry> entries = [];
        await foreach (var line in client.ReadLogAsync(0, default))
            entries.Add(ReleaseLogEntry.Parse(Encoding.UTF8.GetBytes(line)));
        return entries;
    }

    /// <summary>A well-formed log that says what it is told to.</summary>
    private sealed class ForgedLog(IEnumerable<ReleaseRecord> releases) : IGuardianClient
    {
        public bool Spoil { get; init; }

        public async IAsyncEnumerable<string> ReadLogAsync(ulong from, [EnumeratorCancellation] CancellationToken cancellationToken)
        {
            await Task.CompletedTask;
            Bytes32 previous = default;
            long sequence = 0;
            foreach (var release in releases)
            {
                var entry = ReleaseLogEntry.Chain(sequence, release, previous);
                previous = entry.Digest;
                var line = Encoding.UTF8.GetString(entry.ToLine());
                if ((ulong)sequence++ >= from)
                    yield return Spoil && sequence == 2 ? line.Replace("\"batchId\":0", "\"batchId\":1", StringComparison.Ordinal) : line;
            }
        }

        public Task<GuardianInfo> GetInfoAsync(CancellationToken cancellationToken) => throw new NotSupportedException();

        public Task<byte[]> ReleaseAsync(ReleaseRequest request, CancellationToken cancellationToken) => throw new NotSupportedException();
    }
}
