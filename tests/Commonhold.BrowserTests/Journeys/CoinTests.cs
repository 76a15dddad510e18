using System.Numerics;
using Commonhold.BrowserTests.World;
using Commonhold.Client.Contracts;
using Commonhold.Ethereum;
using Commonhold.Tests;

namespace Commonhold.BrowserTests.Journeys;

/// <summary>Buyers who pay in a coin without permits: two transactions, an interruption between them, and their money back in any case.</summary>
[Collection(JourneysCollection.Name)]
[Trait("Speed", "slow")]
public sealed class CoinTests(Commons commons)
{
    [ChromiumFact]
    public Task Buyer_pays_in_a_coin_without_permits_and_takes_it_back_when_it_has_renamed_itself() => commons.PlayAsync(async stage =>
    {
        var coin = await CoinAsync("EURX", 18);
        var buyer = await stage.BuyerAsync();
        await buyer.CreatesAccountWithPassphraseAsync();
        await buyer.GetsTestMoneyAsync();
        await GiveAsync(coin, buyer.Address, 100 * One(18));
        await buyer.ChoosesCoinAsync(coin.Address);
        await Assertions.Expect(buyer.At.Page.Locator("#currency-hint")).ToContainTextAsync("the members have never approved it");
        var request = await buyer.RequestsAccessAsync("12.5", "A study of prices");
        Assert.Equal(125 * One(17), await BalanceAsync(coin, commons.World.Dao.Market));
        Assert.Equal(BigInteger.Zero, await commons.World.ReadAsync(coin.Erc20.Allowance(buyer.Address, commons.World.Dao.Market), default));
        await Assertions.Expect(buyer.At.Page.Locator("#sentence")).ToContainTextAsync("12.5 EURX");
        await buyer.At.SeesAsync("A coin that the members have not approved");

        // The page was written with the old name; whoever holds the escrow has a right to it all the same.
        await SendAsync(coin.Rename("GOLD", 2));
        await buyer.At.GoAsync($"/requests/{request}");
        await Assertions.Expect(buyer.At.Page.Locator("#verify-terms")).ToHaveAttributeAsync("data-verify", "differs");
        await Assertions.Expect(buyer.At.Link("Put it to the vote")).ToHaveCountAsync(0);
        await buyer.TakesPriceBackAsync(request);
        Assert.Equal(100 * One(18), await BalanceAsync(coin, buyer.Address));
    });

    [ChromiumFact]
    public Task Buyer_with_a_wallet_closes_the_tab_after_the_allowance_and_goes_on_without_a_second_one() => commons.PlayAsync(async stage =>
    {
        var coin = await CoinAsync("USDX", 6);
        var buyer = await stage.BuyerAsync();
        using var wallet = await TestWallet.InstallAsync(buyer.At, commons);
        await buyer.ConnectsWalletAsync();
        await buyer.GetsTestMoneyAsync();
        await GiveAsync(coin, buyer.Address, 1_000_000_000);
        await buyer.ChoosesCoinAsync(coin.Address);
        await buyer.WritesRequestAsync("250", "A study of wallets");
        await buyer.At.Button("Pay into escrow and ask").ClickAsync();
        wallet.HangsAfter("eth_sendTransaction", 1);
        await buyer.StartsToConfirmAsync();
        await commons.World.UntilAsync("the market may take the price", async () =>
            await commons.World.ReadAsync(coin.Erc20.Allowance(buyer.Address, commons.World.Dao.Market), default) == 250_000_000, default);
        await commons.World.UntilAsync("the wallet was asked for the request", () => Task.FromResult(Sent(wallet) == 2), default);

        var old = buyer.At.Page;
        await buyer.At.OpenTabAsync();
        await old.CloseAsync();
        wallet.Recovers();
        await buyer.At.GoAsync("/requests/new");
        await buyer.At.SeesAsync("You began to ask for this");
        await Assertions.Expect(buyer.At.Page.GetByLabel("Price", new() { Exact = true })).ToHaveValueAsync("250");
        await Assertions.Expect(buyer.At.Field("What is it for?")).ToHaveValueAsync("A study of wallets");
        await Assertions.Expect(buyer.At.Field("Address of the currency")).ToHaveValueAsync(coin.Address.ToString());
        await buyer.AsksAsync();
        Assert.Equal(3, Sent(wallet)); // The allowance, what was lost with the tab, the request.
        Assert.DoesNotContain("eth_signTypedData_v4:Permit", wallet.Asked);
        Assert.Equal(250_000_000, await BalanceAsync(coin, commons.World.Dao.Market));
        await Assertions.Expect(buyer.At.Page.Locator("#sentence")).ToContainTextAsync("250 USDX");

        // What is done is not offered again.
        await buyer.At.GoAsync("/requests/new");
        await Assertions.Expect(buyer.At.Page.Locator("#verify-dao")).ToHaveAttributeAsync("data-verify", "checked");
        await Assertions.Expect(buyer.At.Main).Not.ToContainTextAsync("You began to ask for this");
    });

    [ChromiumFact]
    public Task Left_over_allowance_is_raised_at_once_or_by_way_of_none_at_all_where_the_coin_wants_that() => commons.PlayAsync(async stage =>
    {
        var coin = await CoinAsync("OLDX", 6);
        var buyer = await stage.BuyerAsync();
        using var wallet = await TestWallet.InstallAsync(buyer.At, commons);
        await buyer.ConnectsWalletAsync();
        await buyer.GetsTestMoneyAsync();
        await GiveAsync(coin, buyer.Address, 1_000_000_000);

        // What is allowed from another time is too little. Most coins let it be changed: one allowance, one request.
        await LeavesAllowanceAsync(1_000_000);
        await buyer.ChoosesCoinAsync(coin.Address);
        await buyer.RequestsAccessAsync("100", "A study of leftovers");
        Assert.Equal(2, Sent(wallet));
        Assert.Equal(BigInteger.Zero, await AllowedAsync());

        // The oldest dollars refuse to change it, and take none at all first.
        await LeavesAllowanceAsync(2_000_000);
        await SendAsync(coin.ChangeByWayOfZero());
        await buyer.ChoosesCoinAsync(coin.Address);
        await buyer.RequestsAccessAsync("150", "A study of old dollars");
        Assert.Equal(2 + 3, Sent(wallet));
        Assert.Equal(BigInteger.Zero, await AllowedAsync());
        Assert.Equal(250_000_000, await BalanceAsync(coin, commons.World.Dao.Market));
        await Assertions.Expect(buyer.At.Page.Locator("#sentence")).ToContainTextAsync("150 OLDX");

        async Task LeavesAllowanceAsync(BigInteger amount)
        {
            using var sender = new TransactionSender(commons.World.Chain, wallet.Key, new TransactionSenderOptions { PollInterval = TimeSpan.FromMilliseconds(100) });
            var approve = coin.Approve(commons.World.Dao.Market, amount);
            await sender.SendAsync(new TransactionRequest(approve.To, approve.Data), default);
            Assert.Equal(amount, await AllowedAsync());
        }

        Task<BigInteger> AllowedAsync() => commons.World.ReadAsync(coin.Erc20.Allowance(wallet.Address, commons.World.Dao.Market), default);
    });

    private static int Sent(TestWallet wallet) => wallet.Asked.Count(method => method == "eth_sendTransaction");

    private static BigInteger One(int decimals) => BigInteger.Pow(10, decimals);

    private async Task<TestCoin> CoinAsync(string symbol, byte decimals)
    {
        using var sender = new TransactionSender(commons.World.Chain, commons.Buyer.Account, new TransactionSenderOptions { PollInterval = TimeSpan.FromMilliseconds(100) });
        var receipt = await sender.SendAsync(new TransactionRequest(null, TestCoin.Creation(symbol, decimals)), default);
        return new TestCoin(receipt.ContractAddress!.Value);
    }

    private Task GiveAsync(TestCoin coin, Address account, BigInteger amount) => SendAsync(coin.Erc20.Mint(account, amount));

    private Task SendAsync(ContractCall call) => commons.World.SendAsync(commons.Buyer, call, "coin", default);

    private Task<BigInteger> BalanceAsync(TestCoin coin, Address account) => commons.World.ReadAsync(coin.Erc20.BalanceOf(account), default);
}
