using System.Collections.Concurrent;
using System.Diagnostics;
using System.Security.Cryptography;
using System.Text;
using Commonhold.Age;
using Commonhold.Client;
using Commonhold.Ethereum;
using Commonhold.Guardians;
using Commonhold.Guardians.Hosting;
using Commonhold.Guardians.Keys;
using Commonhold.Guardians.Release;
using Xunit.Abstractions;

namespace Commonhold.ServerTests.Guardians;

/// <summary>What a guardian's process does besides the rule: log, limits, size of calls, its own readiness.</summary>
[Collection(GuardianCollection.Name), Trait("Speed", "slow")]
public sealed class GuardianProcessTests(DaoFixture guardians, ITestOutputHelper output)
{
    [AnvilFact]
    public async Task Killed_in_the_middle_of_answering_it_has_logged_every_answer_that_left()
    {
        var batch = await Dao.CommitAsync(Sealed("one"), Sealed("two"));
        var terms = Dao.Terms();
        var grant = await Dao.GrantAsync(terms);
        ReleaseRequest request = new(grant, terms, batch.BatchId, [0, 1]);
        ConcurrentBag<Bytes32> left = [];
        var client = guardians.Client(4);
        var asking = Enumerable.Range(0, 6).Select(_ => Task.Run(async () =>
        {
            while (true)
                left.Add(Bytes32.FromSpan(SHA256.HashData(await client.ReleaseAsync(request, default))));
        })).ToArray();
        while (left.Count < 25 && !asking.Any(one => one.IsFaulted))
            await Task.Delay(5);

        await guardians.KillAsync(4);
        foreach (var one in asking)
            await Assert.ThrowsAnyAsync<CommonholdException>(() => one);
        await guardians.StartAsync(4);

        ReleaseLogVerifier log = new();
        HashSet<Bytes32> logged = [];
        await foreach (var line in LinesAsync(4))
            logged.Add(log.Accept(Encoding.UTF8.GetBytes(line)).Release.AnswerDigest);
        Assert.Superset(left.ToHashSet(), logged);
        Assert.Equal(2, (await guardians.AskAsync(4, request)).Answers.Count);
    }

    [AnvilFact]
    public async Task A_thousand_contributions_are_answered_in_one_call()
    {
        var contributions = Enumerable.Range(0, ReleaseRequest.MaxIndices).Select(i => Sealed($"{i}")).ToArray();
        var batch = await Dao.CommitAsync(contributions);
        var terms = Dao.Terms();
        var grant = await Dao.GrantAsync(terms);
        ReleaseRequest request = new(grant, terms, batch.BatchId, [.. Enumerable.Range(0, contributions.Length).Select(i => (uint)i)]);

        Assert.Equal(contributions.Length, (await guardians.AskAsync(1, request)).Answers.Count);
        var clock = Stopwatch.StartNew();
        for (var call = 0; call < 3; call++)
            await guardians.Client(1).ReleaseAsync(request, default);
        output.WriteLine($"{3 * contributions.Length / clock.Elapsed.TotalSeconds:0} contributions/s by one guardian over HTTP");

        var proved = await guardians.AskAsync(1, request with { Proofs = true });
        Assert.All(proved.Answers.Take(20), answer => Assert.True(DleqProof.Parse(Hex.Decode(answer.Proof!)).Proves(
            guardians.Key, batch.Leaves[(int)answer.Index].EphemeralShare.AsSpan(), new PartialAnswer(1, answer.Answer.ToArray()))));
    }

    [AnvilFact]
    public async Task More_than_a_grant_may_ask_for_in_a_minute_is_refused()
    {
        var batch = await Dao.CommitAsync(Sealed("one"), Sealed("two"), Sealed("three"));
        var terms = Dao.Terms();
        var grant = await Dao.GrantAsync(terms);
        await guardians.KillAsync(3);
        using var passphrase = await Passphrase.ReadAsync(guardians.PassphraseFile, default);
        try
        {
            var settings = guardians.Settings(guardians.DirectoryOf(3), Dao.Chain.Url) with { Limits = new RateLimits(PerGrant: 2, Total: 1000) };
            await using var host = await GuardianHost.StartAsync(settings, passphrase, TimeProvider.System, default);
            var client = guardians.Client(host.Address);
            await client.ReleaseAsync(new ReleaseRequest(grant, terms, batch.BatchId, [0, 1]), default);

            var refused = await Assert.ThrowsAnyAsync<CommonholdException>(
                () => client.ReleaseAsync(new ReleaseRequest(grant, terms, batch.BatchId, [2]), default));

            Assert.Equal("guardian.rate_limited", refused.Refusal?.Code);
            Assert.Equal(3U, (await client.GetInfoAsync(default)).Index);
        }
        finally
        {
            await guardians.StartAsync(3);
        }
    }

    [AnvilFact]
    public async Task A_guardian_with_another_share_than_the_confirmed_one_does_not_answer()
    {
        var terms = Dao.Terms();
        var grant = await Dao.GrantAsync(terms);
        using var passphrase = await Passphrase.ReadAsync(guardians.PassphraseFile, default);
        var directory = guardians.TemporaryDirectory("wrong-share");
        Directory.CreateDirectory(directory);
        using (var keys = await GuardianKeyFile.OpenAsync(Path.Combine(guardians.DirectoryOf(2), "guardian.age"), passphrase, default))
        using (GuardianKeys wrong = new(keys.Account, keys.Identity, [new HeldShare(31337, Dao.Contracts.Guardians, 1, LyingGuardian.OtherShare(2))]))
            await GuardianKeyFile.SaveAsync(Path.Combine(directory, "guardian.age"), wrong, passphrase, default, workFactor: 4);

        await using var host = await GuardianHost.StartAsync(guardians.Settings(directory, Dao.Chain.Url), passphrase, TimeProvider.System, default);
        var refused = await Assert.ThrowsAnyAsync<CommonholdException>(
            () => guardians.Client(host.Address).ReleaseAsync(new ReleaseRequest(grant, terms, new BatchId(0), [0]), default));

        Assert.Equal("guardian.not_ready", refused.Refusal?.Code);
    }

    [AnvilFact]
    public async Task A_guardian_before_its_ceremony_says_that_it_is_not_ready()
    {
        using var passphrase = await Passphrase.ReadAsync(guardians.PassphraseFile, default);
        var directory = guardians.TemporaryDirectory("new-guardian");
        await GuardianRuntime.InitializeAsync(directory, passphrase, default, workFactor: 4);
        await using var host = await GuardianHost.StartAsync(guardians.Settings(directory, Dao.Chain.Url), passphrase, TimeProvider.System, default);
        var client = guardians.Client(host.Address);

        var release = await Assert.ThrowsAnyAsync<CommonholdException>(
            () => client.ReleaseAsync(new ReleaseRequest(new GrantId(0), Dao.Terms(), new BatchId(0), [0]), default));
        var info = await Assert.ThrowsAnyAsync<CommonholdException>(() => client.GetInfoAsync(default));
        Assert.Equal(["guardian.not_ready", "guardian.not_ready"], new[] { release.Refusal?.Code, info.Refusal?.Code }.AsEnumerable());
        // And whoever is no guardian on chain cannot take part in a ceremony.
        var stranger = await Assert.ThrowsAsync<GuardianException>(() => host.Runtime.Ceremony.RunAsync(1, null, default));
        Assert.Equal("ceremony.not_guardian", stranger.Code);
    }

    private TestDao Dao => guardians.Dao;

    private TestContribution Sealed(string plaintext) => TestDao.Seal(guardians.Dataset, Dao.Member.Address, plaintext);

    private async IAsyncEnumerable<string> LinesAsync(int guardian)
    {
        ulong from = 0;
        for (ulong before = ulong.MaxValue; before != from;)
        {
            before = from;
            await foreach (var line in guardians.Client(guardian).ReadLogAsync(from, default))
            {
                from++;
                yield return line;
            }
        }
    }
}
