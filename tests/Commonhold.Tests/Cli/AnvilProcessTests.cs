using System.Diagnostics;
using System.Globalization;
using System.Numerics;
using Commonhold.Cli.Chain;

namespace Commonhold.Tests.Cli;

[Trait("Speed", "slow")]
public sealed class AnvilProcessTests : IDisposable
{
    private const string Someone = "0x00000000000000000000000000000000000000AA";
    private readonly string directory = Directory.CreateTempSubdirectory("commonhold-").FullName;

    public void Dispose() => Directory.Delete(directory, recursive: true);

    [Fact]
    public void No_port_is_given_twice_or_from_those_that_systems_give_to_whoever_connects()
    {
        var ports = Enumerable.Range(0, 300).Select(_ => FreePort.Take()).ToList();
        Assert.Equal(ports.Count, ports.Distinct().Count());
        Assert.All(ports, port => Assert.InRange(port, 1024, 32_767));
    }

    [AnvilFact]
    public async Task The_chain_goes_on_where_it_stopped_with_its_clock()
    {
        var options = new AnvilOptions { Directory = directory };
        (long Number, long Time) before;
        await using (var chain = await AnvilProcess.StartAsync(options, CancellationToken.None))
        {
            await chain.Control.SetBalanceAsync(Someone, new BigInteger(7), CancellationToken.None);
            await chain.Control.AdvanceAsync(TimeSpan.FromDays(3), CancellationToken.None);
            before = await chain.Control.HeadAsync(CancellationToken.None);
        }

        await using var again = await AnvilProcess.StartAsync(options, CancellationToken.None);
        Assert.True((await again.Control.HeadAsync(CancellationToken.None)).Number >= before.Number);
        await again.Control.MineAsync(CancellationToken.None);
        Assert.True((await again.Control.HeadAsync(CancellationToken.None)).Time >= before.Time);
        Assert.Equal("0x7", (await again.Control.CallAsync("eth_getBalance", [Someone, "latest"], CancellationToken.None)).GetString());
    }

    [AnvilFact]
    public async Task A_snapshot_survives_when_the_child_is_killed_and_its_last_words_are_half_written()
    {
        var options = new AnvilOptions { Directory = directory };
        await using (var chain = await AnvilProcess.StartAsync(options, CancellationToken.None))
        {
            await chain.Control.SetBalanceAsync(Someone, new BigInteger(9), CancellationToken.None);
            await new AnvilState(directory).SaveAsync(await chain.Control.DumpAsync(CancellationToken.None), CancellationToken.None);
        }

        await File.WriteAllTextAsync(Path.Combine(directory, "exit.json"), "{\"accounts\":{\"0x");
        await using var again = await AnvilProcess.StartAsync(options, CancellationToken.None);
        Assert.Equal("0x9", (await again.Control.CallAsync("eth_getBalance", [Someone, "latest"], CancellationToken.None)).GetString());
    }

    [AnvilFact]
    public async Task A_chain_that_is_still_saving_itself_is_waited_for_and_gone_on_from()
    {
        var options = new AnvilOptions { Directory = directory };
        byte[] last;
        await using (var chain = await AnvilProcess.StartAsync(options, CancellationToken.None))
        {
            Assert.Throws<IOException>(() => Hold().Dispose());
            await chain.Control.SetBalanceAsync(Someone, new BigInteger(11), CancellationToken.None);
            last = await chain.Control.DumpAsync(CancellationToken.None);
        }

        File.Delete(Path.Combine(directory, "state.json"));
        Task<AnvilProcess> starting;
        await using (Hold())
        {
            starting = AnvilProcess.StartAsync(options, CancellationToken.None);
            await File.WriteAllBytesAsync(Path.Combine(directory, "exit.json"), last);
        }

        await using var again = await starting;
        Assert.Equal("0xb", (await again.Control.CallAsync("eth_getBalance", [Someone, "latest"], CancellationToken.None)).GetString());

        FileStream Hold() => new(AnvilState.LockOf(directory), FileMode.OpenOrCreate, FileAccess.ReadWrite, FileShare.None);
    }

    [AnvilFact]
    public async Task The_child_holds_no_funded_accounts()
    {
        await using var chain = await AnvilProcess.StartAsync(new AnvilOptions(), CancellationToken.None);
        Assert.Equal(0, (await chain.Control.CallAsync("eth_accounts", [], CancellationToken.None)).GetArrayLength());
    }

    [AnvilFact]
    public async Task The_child_ends_when_the_pipe_from_its_parent_closes()
    {
        var chain = await AnvilProcess.StartAsync(new AnvilOptions { Directory = directory }, CancellationToken.None);
        var children = Children(chain.KeeperId);
        Assert.NotEmpty(children);
        await chain.DisposeAsync();
        Assert.All(children, id => Assert.False(IsAnvil(id)));
    }

    private static int[] Children(int parent) => Directory.GetDirectories("/proc")
        .Select(path => int.TryParse(Path.GetFileName(path), CultureInfo.InvariantCulture, out var id) ? id : 0)
        .Where(id => id > 0 && ParentOf(id) == parent && IsAnvil(id)).ToArray();

    private static int ParentOf(int id)
    {
        try
        {
            var stat = File.ReadAllText($"/proc/{id}/stat");
            return int.Parse(stat[(stat.LastIndexOf(')') + 2)..].Split(' ')[1], CultureInfo.InvariantCulture);
        }
        catch (IOException)
        {
            return 0;
        }
    }

    private static bool IsAnvil(int id)
    {
        try
        {
            using var process = Process.GetProcessById(id);
            return process.ProcessName == "anvil";
        }
        catch (ArgumentException)
        {
            return false;
        }
    }
}
