using System.Diagnostics;
using Commonhold.Client.Contracts;
using Commonhold.Ethereum;
using Commonhold.Guardians;
using Commonhold.Guardians.Keys;

namespace Commonhold.ServerTests.Guardians;

[Trait("Speed", "slow")]
public sealed class CeremonyTests
{
    private const int Count = 5;

    [AnvilFact]
    public async Task Five_processes_make_a_key_though_each_of_them_is_killed_on_the_way()
    {
        var root = Directory.CreateTempSubdirectory("commonhold-ceremony-");
        try
        {
            var secret = Path.Combine(root.FullName, "passphrase");
            await File.WriteAllTextAsync(secret, "correct horse battery staple\n");
            using var passphrase = await Passphrase.ReadAsync(secret, default);
            var accounts = new Address[Count];
            for (var i = 0; i < Count; i++)
                accounts[i] = (await GuardianRuntime.InitializeAsync(DirectoryOf(root, i), passphrase, default, workFactor: 4)).Account;
            await using var dao = await TestDao.StartAsync(accounts, 3);
            GuardianRegistry registry = new(dao.Contracts.Guardians);

            // The first four wait in round 0 for the fifth; killed there, and again wherever they are when it has begun.
            var processes = Enumerable.Range(0, 4).Select(i => Start(root, i, secret, dao)).ToArray();
            await WaitUntilAsync(() => Enumerable.Range(0, 4).All(i => File.Exists(Path.Combine(DirectoryOf(root, i), "ceremony-1.age"))), () => "four guardians have begun");
            foreach (var process in processes)
                await process.DisposeAsync();
            processes = [.. Enumerable.Range(0, Count).Select(i => Start(root, i, secret, dao))];
            for (var i = 0; i < Count; i++)
            {
                await WaitUntilAsync(() => processes[i].Said.Contains("round", StringComparison.Ordinal) || processes[i].Said.Contains("confirmed", StringComparison.Ordinal), () => $"guardian {i + 1} takes part: {processes[i].Said}");
                await processes[i].DisposeAsync();
                processes[i] = Start(root, i, secret, dao);
            }

            foreach (var process in processes)
            {
                Assert.True(await process.ExitCodeAsync() == 0, process.Said);
                await process.DisposeAsync();
            }

            Assert.Equal(1U, await dao.Ethereum.ReadAsync(registry.ActiveEpoch(), BlockReference.Latest, default));
            var epoch = await dao.Ethereum.ReadAsync(registry.EpochAt(1), BlockReference.Latest, default);
            Assert.Equal(3, epoch.Commitments.Count);
            // A guardian that is told again finds that all is done.
            await using var again = Start(root, 0, secret, dao);
            Assert.Equal(0, await again.ExitCodeAsync());
            Assert.False(File.Exists(Path.Combine(DirectoryOf(root, 0), "ceremony-1.age")));
        }
        finally
        {
            root.Delete(recursive: true);
        }
    }

    private static string DirectoryOf(DirectoryInfo root, int guardian) => Path.Combine(root.FullName, $"guardian-{guardian + 1}");

    private static CommonholdProcess Start(DirectoryInfo root, int guardian, string secret, TestDao dao) => CommonholdProcess.Start(
        "guardian", "dkg", "--data", DirectoryOf(root, guardian), "--passphrase-file", secret, "--dao", dao.Contracts.Dao.ToString(),
        "--rpc", dao.Chain.Url.ToString(), "--node", dao.Node.Address.ToString(), "--finality", "depth:0", "--max-chain-age", "0");

    private static async Task WaitUntilAsync(Func<bool> condition, Func<string> what)
    {
        for (var clock = Stopwatch.StartNew(); !condition(); await Task.Delay(20))
            Assert.True(clock.Elapsed < CommonholdProcess.Patience, $"Waited {CommonholdProcess.Patience} in vain: {what()}");
    }
}
