using System.Numerics;
using Commonhold.BrowserTests.People;
using Commonhold.BrowserTests.World;
using Commonhold.Cli.Chain;
using Commonhold.Client;
using Commonhold.Ethereum;

namespace Commonhold.BrowserTests.Journeys;

/// <summary>A DAO created from a browser whose node dies half way, and whose gas money came from somebody whom the page does not know.</summary>
[Collection(nameof(CalamityTests))]
[Trait("Speed", "slow")]
public sealed class CreationCalamityTests : IAsyncLifetime
{
    private static readonly BigInteger TooMuch = BigInteger.Pow(10, 16);
    private readonly DirectoryInfo _home = Directory.CreateTempSubdirectory("commonhold-calamity-");
    private readonly HttpClient _http = new();
    private NodeProcess _node = null!;
    private ChromiumBrowser _chromium = null!;
    private EthereumNode _chain = null!;

    public async Task InitializeAsync()
    {
        if (Missing.Reason is not null)
            return;
        var browser = ChromiumBrowser.StartAsync();
        _node = await NodeProcess.StartAsync(Path.Combine(_home.FullName, "home"));
        _chain = new EthereumNode(new JsonRpcClient(_http, _node.Chain));
        _chromium = await browser;
    }

    public async Task DisposeAsync()
    {
        if (_chromium is not null)
            await _chromium.DisposeAsync();
        if (_node is not null)
            await _node.DisposeAsync();
        _http.Dispose();
        _home.Delete(recursive: true);
    }

    [ChromiumFact]
    public async Task A_creation_paid_from_elsewhere_survives_a_killed_node_and_its_treasury_gets_the_rest()
    {
        await using var visitor = await Visitor.EnterAsync(_chromium.Browser, _node.Home, [_node.Chain], "founder", Habits.Desk, anyLoopback: true);
        // While the node is dead, its pages cannot reach it; that is what is tried here.
        visitor.Watch.Expect("ERR_CONNECTION_REFUSED|ERR_EMPTY_RESPONSE|ERR_CONNECTION_RESET|ERR_INCOMPLETE_CHUNKED_ENCODING|Failed to load resource|Failed to fetch");
        try
        {
            await PlayAsync(new Founder(visitor));
            visitor.Watch.AssertQuiet();
        }
        catch
        {
            await visitor.SaveAsync(Artefacts.Folder("failed", nameof(CreationCalamityTests)));
            throw;
        }
    }

    private async Task PlayAsync(Founder founder)
    {
        await founder.FillsInAsync("Storm commons");
        await founder.BeginsAsync();
        var key = await founder.KeyAsync();
        var price = await founder.PriceAsync();
        var passing = await Turnstile.InstallAsync(founder.At, _node.Chain, 3);

        // Somebody pays from a wallet that this browser knows nothing of, a little more than was asked for; the page goes on by itself.
        await PayAsync(key, price.Value + TooMuch);

        // The machine loses its power, with the chain on it, and the tab is closed.
        await LosesPowerAsync(founder, key, passing, 3);
        await founder.ComesBackAsync();
        await founder.At.SeesAsync("3 of 8 contracts stand");

        // It loses it again, and the tab stays open.
        passing.May = 5;
        await founder.GoesOnAsync();
        await LosesPowerAsync(founder, key, passing, 5);
        passing.May = int.MaxValue;
        await founder.GoesOnAsync();
        await founder.HasDaoAsync();

        // No contract was created twice; the ninth transaction takes what is left to the treasury, because nobody else is known.
        var codes = await DaoCode.ReadAsync(_chain, await CreationTests.DownloadAsync(founder), CancellationToken.None);
        Assert.All(codes, code => Assert.True(code is { HasPublishedCode: true, IsCreatedAsWritten: true }, code.ToString()));
        Assert.Equal(9UL, await SentAsync(key));
        Assert.InRange(await _chain.BalanceAsync(Address.OfContract(key, 0), BlockReference.Latest, CancellationToken.None), TooMuch, TooMuch + price.Value);
        Assert.InRange(await _chain.BalanceAsync(key, BlockReference.Latest, CancellationToken.None), BigInteger.Zero, price.Value / 100);
    }

    /// <summary>While so many contracts stand and the next one is on its way; the node is up again afterwards.</summary>
    private async Task LosesPowerAsync(Founder founder, Address key, Turnstile passing, ulong stand)
    {
        var held = await passing.HeldAsync();
        Assert.Equal(stand, await SentAsync(key));
        await _node.KillAsync();
        await held.AbortAsync("connectionreset");
        await founder.At.SeesAsync("It stopped");
        await founder.At.SeesAsync("does not answer");
        await founder.At.SeesAsync("Nothing is lost: go on from here");
        await _node.RiseAsync();
        Assert.Equal(stand, await SentAsync(key));
    }

    private Task<ulong> SentAsync(Address key) => _chain.TransactionCountAsync(key, BlockReference.Latest, CancellationToken.None);

    private async Task PayAsync(Address key, BigInteger wei)
    {
        using var somebody = Secp256k1Key.Generate();
        using var control = new AnvilControl(_node.Chain);
        using var sender = new TransactionSender(_chain, somebody);
        await control.SetBalanceAsync(somebody.Address.ToString(), BigInteger.Pow(10, 20), CancellationToken.None);
        await sender.SendAsync(new TransactionRequest(key, ReadOnlyMemory<byte>.Empty) { ValueWei = wei }, CancellationToken.None);
    }
}
