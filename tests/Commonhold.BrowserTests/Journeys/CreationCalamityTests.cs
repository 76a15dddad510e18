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
    private readonly HttpClient _http = new();
    private OwnNode? _own;
    private EthereumNode _chain = null!;

    private NodeProcess Node => _own!.Node;

    public async Task InitializeAsync()
    {
        if (Missing.Reason is not null)
            return;
        _own = await OwnNode.StartAsync();
        _chain = new EthereumNode(new JsonRpcClient(_http, Node.Chain));
    }

    public async Task DisposeAsync()
    {
        if (_own is not null)
            await _own.DisposeAsync();
        _http.Dispose();
    }

    [ChromiumFact]
    public Task A_creation_paid_from_elsewhere_survives_a_killed_node_and_its_treasury_gets_the_rest() =>
        _own!.PlayAsync(nameof(CreationCalamityTests), ["founder"], visitors => PlayAsync(new Founder(visitors[0])));

    private async Task PlayAsync(Founder founder)
    {
        await founder.FillsInAsync("Storm commons");
        await founder.BeginsAsync();
        var key = await founder.KeyAsync();
        var price = await founder.PriceAsync();
        var passing = await Turnstile.InstallAsync(founder.At, Node.Chain, 3);

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
        await Node.KillAsync();
        await held.AbortAsync("connectionreset");
        await founder.At.SeesAsync("It stopped");
        await founder.At.SeesAsync("does not answer");
        await founder.At.SeesAsync("Nothing is lost: go on from here");
        await Node.RiseAsync();
        Assert.Equal(stand, await SentAsync(key));
    }

    private Task<ulong> SentAsync(Address key) => _chain.TransactionCountAsync(key, BlockReference.Latest, CancellationToken.None);

    private async Task PayAsync(Address key, BigInteger wei)
    {
        using var somebody = Secp256k1Key.Generate();
        using var control = new AnvilControl(Node.Chain);
        using var sender = new TransactionSender(_chain, somebody);
        await control.SetBalanceAsync(somebody.Address.ToString(), BigInteger.Pow(10, 20), CancellationToken.None);
        await sender.SendAsync(new TransactionRequest(key, ReadOnlyMemory<byte>.Empty) { ValueWei = wei }, CancellationToken.None);
    }
}
