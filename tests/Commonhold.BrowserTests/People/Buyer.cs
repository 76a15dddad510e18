using System.Globalization;
using System.Text.RegularExpressions;
using Commonhold.BrowserTests.World;
using Commonhold.Ethereum;

namespace Commonhold.BrowserTests.People;

/// <summary>Somebody who pays for access: asks, opens what was granted, takes back what was not.</summary>
internal sealed partial class Buyer(Visitor visitor) : Person(visitor)
{
    public async Task GetsTestMoneyAsync()
    {
        await At.GoAsync("/requests/new");
        await At.Button("Get test money").ClickAsync();
        await Assertions.Expect(Page.Locator("#ask-status")).ToContainTextAsync("The test money is there");
    }

    /// <summary>Fills in the form; nothing is signed.</summary>
    public async Task WritesRequestAsync(string price, string purpose, string days = "30")
    {
        if (!Page.Url.EndsWith("/requests/new", StringComparison.Ordinal))
            await At.GoAsync("/requests/new");
        await At.Field("For how long?").FillAsync(days);
        await Page.GetByLabel("Price", new() { Exact = true }).FillAsync(price);
        await At.Field("What is it for?").FillAsync(purpose);
        await Assertions.Expect(Page.Locator("#verify-dao")).ToHaveAttributeAsync("data-verify", "checked");
        await Assertions.Expect(Page.Locator("#review-sentence")).ToContainTextAsync(price);
    }

    /// <summary>Pays into escrow; the browser is then at the request's page.</summary>
    /// <returns>The request's number.</returns>
    public async Task<int> RequestsAccessAsync(string price, string purpose)
    {
        await WritesRequestAsync(price, purpose);
        return await AsksAsync();
    }

    /// <summary>The same as a rent that is earned by the second.</summary>
    public async Task<int> RequestsRentAsync(string price, string purpose, string days, string renewals)
    {
        await At.GoAsync("/requests/new");
        await Page.GetByRole(AriaRole.Radio, new() { Name = "As a rent" }).CheckAsync();
        await At.Field("How often may you renew it?").FillAsync(renewals);
        await WritesRequestAsync(price, purpose, days);
        await Assertions.Expect(Page.Locator("#review-sentence")).ToContainTextAsync($"a rent of {price}");
        return await AsksAsync();
    }

    /// <summary>Presses a button of the page of a request or grant, signs, and reads what happened.</summary>
    public async Task ActsAsync(string button, string says)
    {
        await At.Button(button).ClickAsync();
        await ConfirmsAsync();
        await Assertions.Expect(Page.Locator("#act-status")).ToContainTextAsync(says);
    }

    /// <summary>Another currency than those that the form offers.</summary>
    public async Task ChoosesCoinAsync(Address coin)
    {
        await At.GoAsync("/requests/new");
        await Page.GetByLabel("Currency", new() { Exact = true }).SelectOptionAsync("other");
        await At.Field("Address of the currency").FillAsync(coin.ToString());
    }

    /// <summary>Sends what is filled in; the browser is then at the request's page.</summary>
    /// <returns>The request's number.</returns>
    public async Task<int> AsksAsync()
    {
        await At.Button("Pay into escrow and ask").ClickAsync();
        await ConfirmsAsync();
        await Assertions.Expect(Page).ToHaveURLAsync(new Regex("/requests/[0-9]+$"));
        await Assertions.Expect(Page.Locator("#verify-terms")).ToHaveAttributeAsync("data-verify", "checked");
        await Assertions.Expect(Page.Locator("#verify-purpose")).ToHaveAttributeAsync("data-verify", "checked");
        return int.Parse(Number().Match(Page.Url).Value, CultureInfo.InvariantCulture);
    }

    /// <summary>Opens a grant in the browser.</summary>
    /// <returns>The zip.</returns>
    public async Task<string> OpensHereAsync(int grant)
    {
        if (!Page.Url.EndsWith($"/requests/{grant}", StringComparison.Ordinal))
            await At.GoAsync($"/requests/{grant}");
        await Assertions.Expect(At.Button("Open here, into a zip")).ToBeVisibleAsync();
        var downloading = Page.WaitForDownloadAsync();
        await At.Button("Open here, into a zip").ClickAsync();
        await ConfirmsAsync();
        return await KeepAsync(await downloading);
    }

    public async Task TakesPriceBackAsync(int request)
    {
        await At.GoAsync($"/requests/{request}");
        await ActsAsync("Take the price back", "The price is back in your account");
    }

    [GeneratedRegex("[0-9]+$")]
    private static partial Regex Number();
}
