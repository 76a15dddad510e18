using System.Net;
using System.Net.Http.Json;
using System.Text;
using System.Text.Json;
using Commonhold.Ethereum;
using Commonhold.Server.Operate;
using Commonhold.Server.Storage;
using Commonhold.ServerTests.Web;

namespace Commonhold.ServerTests.Node;

/// <summary>Who may act on a node's page, and that whatever was done is there for everybody to read.</summary>
[Trait("Speed", "slow")]
public sealed class OperateTests
{
    [AnvilFact]
    public async Task Only_a_signed_in_operator_acts_and_everybody_reads_what_was_done()
    {
        using var scratch = new Scratch();
        await using var world = await NodeWorld.CreateAsync();
        await using var node = await RunningNode.StartAsync(world, scratch.Path);
        using var alice = Secp256k1Key.Generate();
        using var http = new HttpClient(new SocketsHttpHandler { AllowAutoRedirect = false }) { BaseAddress = new Uri($"http://localhost:{node.Http.BaseAddress!.Port}") };
        http.DefaultRequestHeaders.Accept.ParseAdd("application/json");

        Assert.Equal("operator.not_signed_in", await CodeAsync(await ActAsync(http, "pause", withToken: true)));
        await SignedIn.AsAsync(http, alice);
        Assert.Equal("operator.not_one", await CodeAsync(await ActAsync(http, "pause", withToken: true)));
        await File.WriteAllTextAsync(Path.Combine(scratch.Path, Operators.FileName), alice.Address + "\n");
        Assert.Equal("request.forged", await CodeAsync(await ActAsync(http, "pause", withToken: false)));
        Assert.Empty(await node.Get<OperationsLog>().NewestAsync(10, default));

        Assert.Equal(HttpStatusCode.Redirect, (await ActAsync(http, "pause", withToken: true)).StatusCode);
        var sample = SampleFile.Make(world);
        Assert.Equal("contribution.paused", await CodeAsync(await http.PostAsJsonAsync("v1/uploads", new { ciphertextDigest = sample.Digest.ToString(), size = sample.Age.Length })));
        Assert.Equal(HttpStatusCode.Redirect, (await ActAsync(http, "resume", withToken: true)).StatusCode);
        await sample.ContributeAsync(world, node.Client);

        Assert.Equal(HttpStatusCode.Redirect, (await ActAsync(http, "retry-relay", withToken: true, ("id", "nothing"))).StatusCode);
        var acts = await node.Get<OperationsLog>().NewestAsync(10, default);
        Assert.Equal(["Try a failed relay again: nothing", "Take new contributions again", "Pause new contributions"], acts.Select(act => act.Action));
        Assert.All(acts, act => Assert.Equal(alice.Address, act.Account));
        Assert.StartsWith("Refused", acts[0].Outcome, StringComparison.Ordinal);

        using var stranger = new HttpClient { BaseAddress = http.BaseAddress };
        var page = await stranger.GetStringAsync("operate");
        Assert.Contains("Pause new contributions", page, StringComparison.Ordinal);
        Assert.DoesNotContain("action=\"/operate/", page, StringComparison.Ordinal);

        File.Delete(Path.Combine(scratch.Path, Operators.FileName));
        Assert.Equal("operator.not_one", await CodeAsync(await ActAsync(http, "pause", withToken: true)));
    }

    [AnvilFact]
    public async Task What_was_just_done_is_said_to_who_did_it_and_not_for_long()
    {
        using var scratch = new Scratch();
        await using var world = await NodeWorld.CreateAsync();
        await using var node = await RunningNode.StartAsync(world, scratch.Path);
        using Secp256k1Key alice = Secp256k1Key.Generate(), bob = Secp256k1Key.Generate();
        await File.WriteAllLinesAsync(Path.Combine(scratch.Path, Operators.FileName), [$"{alice.Address}", $"{bob.Address}"]);
        var line = await node.Get<OperationsLog>().AddAsync(alice.Address, "Pause new contributions", "Done.", default);
        var desk = node.Get<OperateDesk>();
        Assert.Equal(line, (await desk.ReadAsync(alice.Address, line, default)).Did?.Id);
        Assert.Null((await desk.ReadAsync(alice.Address, null, default)).Did);
        Assert.Null((await desk.ReadAsync(bob.Address, line, default)).Did);
        Assert.Null((await desk.ReadAsync(null, line, default)).Did);
        await node.Get<Database>().ExecuteAsync("UPDATE operations SET at = at - @seconds", new { seconds = (long)OperateDesk.JustNow.TotalSeconds }, default);
        Assert.Null((await desk.ReadAsync(alice.Address, line, default)).Did);
    }

    [AnvilFact]
    public async Task A_batch_is_made_at_an_operators_wish()
    {
        using var scratch = new Scratch();
        await using var world = await NodeWorld.CreateAsync();
        await using var node = await RunningNode.StartAsync(world, scratch.Path, options => options with { Batching = options.Batching with { MaxAge = TimeSpan.FromDays(1) } });
        var desk = node.Get<OperateDesk>();
        Assert.StartsWith("Refused", await desk.MakeBatchAsync(default), StringComparison.Ordinal);
        var sample = SampleFile.Make(world);
        await sample.ContributeAsync(world, node.Client);
        await TestValidators.UntilAsync(world, node, sample.Digest, Client.ContributionState.Accepted);

        await desk.MakeBatchAsync(default);

        await TestValidators.UntilAsync(world, node, sample.Digest, Client.ContributionState.Committed);
    }

    private static async Task<HttpResponseMessage> ActAsync(HttpClient http, string act, bool withToken, params (string Name, string Value)[] fields)
    {
        var form = fields.Select(field => KeyValuePair.Create(field.Name, field.Value));
        if (withToken)
            form = form.Append(KeyValuePair.Create("_token", (await http.GetFromJsonAsync<JsonElement>("v1/form-token")).GetProperty("token").GetString()!));
        return await http.PostAsync($"operate/{act}", new FormUrlEncodedContent(form));
    }

    private static async Task<string?> CodeAsync(HttpResponseMessage answer) => (await answer.Content.ReadFromJsonAsync<JsonElement>()).GetProperty("code").GetString();
}
