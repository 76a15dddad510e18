using Commonhold.BrowserTests.World;
using Commonhold.Client;
using Commonhold.Ethereum;

namespace Commonhold.BrowserTests.People;

/// <summary>Somebody who sets up a DAO of their own on the pages of "Create a DAO".</summary>
internal sealed class Founder(Visitor visitor)
{
    public Visitor At => visitor;

    public ILocator Detail => visitor.Page.Locator("#creation");

    /// <summary>Types what has no default and saves every page, up to the last one.</summary>
    public async Task FillsInAsync(string name, int guardians = 3)
    {
        await visitor.GoAsync("/create/name");
        await visitor.Field("Name of the DAO").FillAsync(name);
        await visitor.Field("Symbol of its token").FillAsync("TRY");
        await SavesAsync();
        await SavesAsync();
        await visitor.Field("The guardians’ accounts").FillAsync(string.Join('\n', Enumerable.Range(1, guardians).Select(i => $"0x{i:x40}")));
        await SavesAsync();
        await visitor.Field("The validators’ accounts").FillAsync($"0x{9:x40}");
        await SavesAsync();
        await SavesAsync();
        await SavesAsync();
        await Assertions.Expect(visitor.Page).ToHaveURLAsync(new System.Text.RegularExpressions.Regex("/create/review$"));
    }

    public async Task SavesAsync()
    {
        var before = visitor.Page.Url;
        await visitor.Button("Save and go on").ClickAsync();
        await visitor.Page.WaitForURLAsync(url => url != before);
    }

    public Task BeginsAsync() => visitor.Button("Create the DAO").ClickAsync();

    /// <summary>The tab is closed; another one comes back to the last page.</summary>
    public async Task ComesBackAsync()
    {
        var before = visitor.Page;
        await visitor.OpenTabAsync();
        await before.CloseAsync();
        await visitor.GoAsync("/create/review");
    }

    public Task GoesOnAsync() => visitor.Button("Go on with the creation").ClickAsync();

    /// <summary>The account that waits for gas money.</summary>
    public async Task<Address> KeyAsync() => Address.Parse(await visitor.Page.Locator("#creation code[data-copy]").GetAttributeAsync("data-copy") ?? throw new InvalidOperationException("No account is shown."));

    /// <summary>What the page says that the key may need, in wei.</summary>
    public async Task<Wei> PriceAsync()
    {
        await Assertions.Expect(Detail).ToContainTextAsync("The key may need up to");
        var words = (await Detail.InnerTextAsync()).Split("up to ")[1].Split(' ')[0];
        return new Wei(new System.Numerics.BigInteger(decimal.Parse(words, System.Globalization.CultureInfo.InvariantCulture) * 1_000_000_000_000_000_000m));
    }

    public Task HasDaoAsync() => Assertions.Expect(visitor.Page.Locator("#created")).ToBeVisibleAsync(new() { Timeout = 240_000 });
}
