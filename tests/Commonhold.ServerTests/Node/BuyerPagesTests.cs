using System.Net;
using System.Text;
using System.Text.Json.Nodes;
using Commonhold.Age;
using Commonhold.Client;
using Commonhold.Client.Contracts;
using Commonhold.Ethereum;
using Commonhold.Server.Access;
using Commonhold.Tests.Cli;

namespace Commonhold.ServerTests.Node;

/// <summary>What a buyer meets over HTTP: the catalogue, a purpose on the shelf, a request's page.</summary>
[Trait("Speed", "slow")]
public sealed class BuyerPagesTests : IDisposable
{
    private const string Purpose = "To study <b>help</b> & \"thanks\".\n<script>alert(1)</script>";
    private readonly Scratch _scratch = new();

    public void Dispose() => _scratch.Dispose();

    [AnvilFact]
    public async Task A_request_is_shown_with_its_purpose_and_its_terms_and_taken_back()
    {
        await using var world = await NodeWorld.CreateAsync();
        await using var node = await RunningNode.StartAsync(world, _scratch.Path);
        Assert.Contains("There is nothing to ask for yet", await PageAsync(node, "requests/new"), StringComparison.Ordinal);
        var file = SampleFile.Make(world);
        await file.ContributeAsync(world, node.Client);
        await TestValidators.UntilAsync(world, node, file.Digest, ContributionState.Committed);

        var catalogue = await PageAsync(node, "catalogue");
        Assert.Contains("comments.csv", catalogue, StringComparison.Ordinal);
        Assert.Contains("Nothing has been granted yet", catalogue, StringComparison.Ordinal);
        // One member is too few for any figure about quality.
        Assert.Contains("too few members to show", catalogue, StringComparison.Ordinal);
        Assert.DoesNotContain(file.Owner.Address.ToString(), catalogue, StringComparison.OrdinalIgnoreCase);
        var croissant = JsonNode.Parse(await node.Http.GetStringAsync("catalogue/croissant.json"))!;
        Assert.Equal("http://mlcommons.org/croissant/1.1", (string)croissant["conformsTo"]!);
        Assert.Equal("application/ld+json", (await node.Http.GetAsync("catalogue/dcat.jsonld")).Content.Headers.ContentType!.MediaType);
        Assert.Contains("approved one", await PageAsync(node, "requests/new"), StringComparison.Ordinal);

        using var buyer = Secp256k1Key.Generate();
        using var reader = X25519Identity.Generate();
        await world.FundAsync(buyer.Address);
        var digest = PurposeShelf.DigestOf(Encoding.UTF8.GetBytes(Purpose));
        await node.Client.PutPurposeAsync(Purpose, default);
        var terms = new GrantTerms(GrantMode.Raw, Pricing.Sale, 0, 0, 864_000, 1, default, Wei.Zero, Bytes32.FromSpan(reader.Recipient.Point), digest, default, default);
        await world.SendAsync(buyer, new AccessMarket(world.Contracts.Market).Request(terms.ToContract()));
        await Eventually.HoldsAsync(async () => (await node.Http.GetAsync("v1/requests/0")).IsSuccessStatusCode, "the request is in the tables");

        var text = await node.Http.GetAsync($"v1/purposes/{digest}");
        Assert.Equal(("text/plain", Purpose), (text.Content.Headers.ContentType!.MediaType, await text.Content.ReadAsStringAsync()));
        Assert.Equal(HttpStatusCode.NotFound, (await node.Http.GetAsync($"v1/purposes/{Bytes32.Zero}")).StatusCode);
        var wrong = await node.Http.PutAsync($"v1/purposes/{digest}", new StringContent("something else"));
        Assert.Equal("purpose.digest_mismatch", (string)JsonNode.Parse(await wrong.Content.ReadAsStringAsync())!["code"]!);
        Assert.Equal(HttpStatusCode.RequestEntityTooLarge, (await node.Http.PutAsync($"v1/purposes/{digest}", new StringContent(new string('a', 5000)))).StatusCode);

        var page = await PageAsync(node, "requests/0");
        Assert.Contains(WebUtility.HtmlEncode("alert(1)"), page, StringComparison.Ordinal);
        Assert.DoesNotContain("<script>alert", page, StringComparison.Ordinal);
        Assert.DoesNotContain("<b>help", page, StringComparison.Ordinal);
        Assert.Contains(reader.Recipient.ToString(), page, StringComparison.Ordinal);
        Assert.Contains("read 1 contribution raw for 10 days for nothing", page, StringComparison.Ordinal);
        Assert.Contains("/requests/0", await PageAsync(node, "requests"), StringComparison.Ordinal);
        foreach (var stranger in (string[])["requests/1", "requests/-1", "requests/99999999999999999999", "requests/x"])
            Assert.Equal(HttpStatusCode.NotFound, (await GetPageAsync(node, stranger)).StatusCode);

        await world.SendAsync(buyer, new AccessMarket(world.Contracts.Market).Refund(new GrantId(0)));
        await Eventually.HoldsAsync(async () => (await PageAsync(node, "requests/0")).Contains("Taken back by the buyer", StringComparison.Ordinal), "the page tells that it was taken back");
    }

    private static async Task<string> PageAsync(RunningNode node, string path) => await (await GetPageAsync(node, path)).EnsureSuccessStatusCode().Content.ReadAsStringAsync();

    private static async Task<HttpResponseMessage> GetPageAsync(RunningNode node, string path)
    {
        using var request = new HttpRequestMessage(HttpMethod.Get, path);
        request.Headers.Accept.ParseAdd("text/html");
        request.Headers.Host = $"localhost:{node.Http.BaseAddress!.Port}"; // People are sent there from an address in digits.
        return await node.Http.SendAsync(request);
    }
}
