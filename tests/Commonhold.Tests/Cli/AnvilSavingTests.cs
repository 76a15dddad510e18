using System.Diagnostics;
using Commonhold.Cli.Chain;

namespace Commonhold.Tests.Cli;

[Trait("Speed", "slow")]
public sealed class AnvilSavingTests : IDisposable
{
    private const string Someone = "0x00000000000000000000000000000000000000AA";
    private readonly string directory = Directory.CreateTempSubdirectory("commonhold-").FullName;

    public void Dispose() => Directory.Delete(directory, recursive: true);

    [AnvilFact]
    public async Task A_block_with_a_transaction_is_saved_and_empty_ones_alone_are_not()
    {
        await using var chain = await AnvilProcess.StartAsync(
            new AnvilOptions { Directory = directory, SaveInterval = TimeSpan.FromMilliseconds(100) }, CancellationToken.None);
        var file = new FileInfo(Path.Combine(directory, "state.json"));
        await UntilAsync(() => Exists(file));
        Assert.False(await chain.Control.HasTransactionsAsync(0, 0, CancellationToken.None));

        var before = file.LastWriteTimeUtc;
        await chain.Control.SetBalanceAsync(Someone, 1_000_000_000_000_000_000, CancellationToken.None);
        await chain.Control.CallAsync("anvil_impersonateAccount", [Someone], CancellationToken.None);
        await chain.Control.CallAsync("eth_sendTransaction", [new { from = Someone, to = Someone, value = "0x1" }], CancellationToken.None);
        await UntilAsync(() => Exists(file) && file.LastWriteTimeUtc > before);
        var head = await chain.Control.HeadAsync(CancellationToken.None);
        Assert.True(await chain.Control.HasTransactionsAsync(0, head.Number, CancellationToken.None));
    }

    private static bool Exists(FileInfo file)
    {
        file.Refresh();
        return file.Exists;
    }

    private static async Task UntilAsync(Func<bool> condition)
    {
        for (var clock = Stopwatch.StartNew(); !condition(); await Task.Delay(50))
            Assert.True(clock.Elapsed < TimeSpan.FromMinutes(4), "The chain is not saved.");
    }
}
