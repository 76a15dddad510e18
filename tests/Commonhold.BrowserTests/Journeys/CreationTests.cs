using System.Numerics;
using System.Text.Json.Nodes;
using Commonhold.BrowserTests.People;
using Commonhold.BrowserTests.World;
using Commonhold.Client;
using Commonhold.Client.Contracts;
using Commonhold.Ethereum;

namespace Commonhold.BrowserTests.Journeys;

/// <summary>A DAO created from a browser: closed and reopened at every bad moment, paid by a wallet, and by a node that lies.</summary>
[Collection(JourneysCollection.Name)]
[Trait("Speed", "slow")]
public sealed class CreationTests(Commons commons)
{
    private EthereumNode Chain => commons.World.Chain;

    [ChromiumFact]
    public Task A_creation_that_a_wallet_pays_survives_every_closed_tab_and_the_rest_of_the_gas_goes_back() => commons.PlayAsync(async stage =>
    {
        var founder = new Founder(await stage.VisitorAsync("founder"));
        using var wallet = await TestWallet.InstallAsync(founder.At, commons);
        await commons.Node.Chain.Control.SetBalanceAsync(wallet.Address.ToString(), BigInteger.Pow(10, 20), CancellationToken.None);
        await founder.FillsInAsync("Wallet commons");

        // Closed after the plan is made and before anything is paid: the same key waits for the money afterwards.
        await founder.BeginsAsync();
        var key = await founder.KeyAsync();
        await founder.ComesBackAsync();
        await founder.At.SeesAsync("0 of 8 contracts stand");
        await founder.GoesOnAsync();
        Assert.Equal(key, await founder.KeyAsync());
        var price = await founder.PriceAsync();

        // Three transactions pass, and the fourth is lost on its way; then the tab is closed.
        var passing = await Turnstile.InstallAsync(founder.At, commons.Node.Chain.Url, 3);
        await founder.At.Button("Pay with Test wallet").ClickAsync();
        founder.At.Watch.Expect("ERR_CONNECTION_RESET");
        await (await passing.HeldAsync()).AbortAsync("connectionreset");
        await founder.At.SeesAsync("Nothing is lost: go on from here");
        await founder.ComesBackAsync();
        await founder.At.SeesAsync("3 of 8 contracts stand");

        // The fourth waits in the pool when the tab is closed: it counts, and is not sent twice.
        await Mines(false);
        try
        {
            passing.May = 4;
            await founder.GoesOnAsync();
            await passing.Full;
            await commons.World.UntilAsync("the fourth transaction waits in the pool", async () =>
                await Chain.TransactionCountAsync(key, BlockReference.Pending, CancellationToken.None) == 4, CancellationToken.None);
            await founder.ComesBackAsync();
            await founder.At.SeesAsync("3 of 8 contracts stand");
            passing.May = int.MaxValue;
            await founder.GoesOnAsync();
            await founder.At.SeesAsync("3 of 8 stand");
        }
        finally
        {
            // Other journeys live on this chain.
            await Mines(true);
        }

        await founder.HasDaoAsync();

        var deed = await commons.World.ReadAsync(new DataDao(Address.OfContract(key, 7)).Deed(), CancellationToken.None);
        Assert.Equal(Address.OfContract(key, 0), deed.Timelock);
        // Eight deployments and the refund; what is left is less than a transfer costs, and the wallet paid less than was asked for.
        Assert.Equal(9UL, await Chain.TransactionCountAsync(key, BlockReference.Latest, CancellationToken.None));
        Assert.InRange(await Chain.BalanceAsync(key, BlockReference.Latest, CancellationToken.None), BigInteger.Zero, price.Value / 100);
        Assert.InRange(BigInteger.Pow(10, 20) - await Chain.BalanceAsync(wallet.Address, BlockReference.Latest, CancellationToken.None), BigInteger.One, price.Value * 3 / 4);
        // The code is the published code, created with what was typed: by the command line's own eyes.
        var file = await DownloadAsync(founder);
        Assert.All(await DaoCode.ReadAsync(Chain, file, CancellationToken.None), code => Assert.True(code is { HasPublishedCode: true, IsCreatedAsWritten: true }, code.ToString()));
    });

    [ChromiumFact]
    public Task A_node_that_lies_about_code_settings_or_gas_is_refused_before_any_coin_moves() => commons.PlayAsync(async stage =>
    {
        var founder = new Founder(await stage.VisitorAsync("founder"));
        await founder.FillsInAsync("Honest commons");
        (string Says, Action<JsonNode> Lie)[] lies =
        [
            ("code of RevenuePool is not the published one", parts => parts["codes"]![5]!["code"] = (string)parts["codes"]![5]!["code"]! + "00"),
            ("changed the guardians:", parts => parts["settings"]!["guardians"]![2] = $"0x{66:x40}"),
            ("changed the operators' share:", parts => parts["settings"]!["split"]!["operatorsBps"] = 9_000),
            ("changed the validators' threshold:", parts => parts["settings"]!["validatorThreshold"] = 0),
            ("on chain 1, and its own chain is", parts => parts["chainId"] = 1),
        ];
        foreach (var (says, lie) in lies)
        {
            await AnswersAsync(founder.At, lie);
            await founder.At.GoAsync("/create/review");
            await founder.BeginsAsync();
            await Assertions.Expect(founder.Detail).ToContainTextAsync(says);
            await Assertions.Expect(founder.Detail).ToContainTextAsync("Nothing was sent");
            // Nothing began: another visit starts from the beginning, with no key that waits for money.
            await founder.At.GoAsync("/create/review");
            await Assertions.Expect(founder.At.Button("Create the DAO")).ToBeVisibleAsync();
            await founder.At.Context.UnrouteAllAsync();
        }

        // Gas and price are this browser's own: what the node says of them is not even read.
        await AnswersAsync(founder.At, parts =>
        {
            parts["price"] = "1";
            foreach (var code in parts["codes"]!.AsArray())
                code!["gasLimit"] = 30_000_000;
        });
        List<ulong> limits = [];
        await founder.At.Context.RouteAsync(commons.Node.Chain.Url + "**", async route =>
        {
            if (JsonNode.Parse(route.Request.PostData ?? "null") is JsonObject call && (string?)call["method"] == "eth_sendRawTransaction")
                limits.Add(GasOf(Hex.Decode((string)call["params"]![0]!)));
            await route.ContinueAsync();
        });
        await founder.BeginsAsync();
        await founder.At.Button("Take trial gas money").ClickAsync();
        await founder.HasDaoAsync();
        var file = await DownloadAsync(founder);
        var deployer = (await DaoCode.ReadAsync(Chain, file, CancellationToken.None))[0].CreatedBy!.Value;
        var from = (await Chain.ReceiptAsync(deployer, CancellationToken.None))!.From;
        Assert.Equal(DaoPlan.Make(file.Settings, from).Deployments.Select(DaoCreator.GasLimit), limits.Take(8));
    });

    [ChromiumFact]
    public Task Pages_that_this_browser_did_not_see_being_saved_are_asked_for_again() => commons.PlayAsync(async stage =>
    {
        var founder = new Founder(await stage.VisitorAsync("founder"));
        await founder.FillsInAsync("Seen commons");
        // Storage was cleared, and the draft is still at the node.
        await founder.At.Page.EvaluateAsync("() => new Promise((done, failed) => { const r = indexedDB.deleteDatabase('commonhold-creation'); r.onsuccess = done; r.onerror = failed; })");
        await founder.At.GoAsync("/create/review");
        await founder.At.SeesAsync("This browser has not seen everything being typed");
        await Assertions.Expect(founder.At.Button("Create the DAO")).ToBeHiddenAsync();
        await founder.Detail.GetByRole(AriaRole.Link, new() { Name = "Name and token" }).ClickAsync();
        for (var page = 0; page < 6; page++)
            await founder.SavesAsync();
        await Assertions.Expect(founder.At.Button("Create the DAO")).ToBeVisibleAsync();
    });

    private async Task Mines(bool atOnce)
    {
        await commons.Node.Chain.Control.CallAsync("evm_setIntervalMining", [atOnce ? 6 : 0], CancellationToken.None);
        await commons.Node.Chain.Control.CallAsync("evm_setAutomine", [atOnce], CancellationToken.None);
        if (atOnce)
            await commons.Node.Chain.Control.MineAsync(CancellationToken.None);
    }

    internal static async Task<DaoFile> DownloadAsync(Founder founder)
    {
        var downloading = founder.At.Page.WaitForDownloadAsync();
        await founder.At.Button("Download dao.json").ClickAsync();
        var path = Path.Combine(founder.At.Downloads, "dao.json");
        await (await downloading).SaveAsAsync(path);
        return await DaoFile.ReadAsync(path, CancellationToken.None);
    }

    private static Task AnswersAsync(Visitor visitor, Action<JsonNode> lie) => visitor.Context.RouteAsync("**/v1/creation", async route =>
    {
        var answer = await route.FetchAsync();
        var parts = JsonNode.Parse(await answer.TextAsync())!;
        lie(parts);
        await route.FulfillAsync(new() { Response = answer, Body = parts.ToJsonString() });
    });

    /// <summary>Of an EIP-1559 transaction: the fifth item of its list.</summary>
    private static ulong GasOf(byte[] raw) => Rlp.Decode(raw.AsMemory(1)).AsList()[4].AsUInt64();
}

/// <summary>Lets so many transactions from a browser to the chain, and holds the next one back.</summary>
internal sealed class Turnstile
{
    private int _passed;
    private TaskCompletionSource _full = new(TaskCreationOptions.RunContinuationsAsynchronously);
    private TaskCompletionSource<IRoute> _held = new(TaskCreationOptions.RunContinuationsAsynchronously);

    /// <summary>How many may pass in all.</summary>
    public int May
    {
        get;
        set
        {
            field = value;
            _full = new TaskCompletionSource(TaskCreationOptions.RunContinuationsAsynchronously);
            _held = new TaskCompletionSource<IRoute>(TaskCreationOptions.RunContinuationsAsynchronously);
        }
    }

    /// <summary>All that may have passed.</summary>
    public Task Full => Patience.ForAsync($"{May} transactions pass", _full.Task);

    /// <summary>The one that is held back, when it has come. To be aborted: a browser may let go what is held when its tab is closed.</summary>
    public async Task<IRoute> HeldAsync()
    {
        await Patience.ForAsync($"a transaction comes after {May}", _held.Task);
        return await _held.Task;
    }

    public static async Task<Turnstile> InstallAsync(Visitor visitor, Uri chain, int may)
    {
        var turnstile = new Turnstile { May = may };
        await visitor.Context.RouteAsync($"{chain}**", async route =>
        {
            if (route.Request.PostData?.Contains("eth_sendRawTransaction", StringComparison.Ordinal) != true)
            {
                await route.ContinueAsync();
                return;
            }

            if (turnstile._passed >= turnstile.May)
            {
                turnstile._held.TrySetResult(route);
                return;
            }

            turnstile._passed++;
            await route.ContinueAsync();
            if (turnstile._passed == turnstile.May)
                turnstile._full.TrySetResult();
        });
        return turnstile;
    }
}
