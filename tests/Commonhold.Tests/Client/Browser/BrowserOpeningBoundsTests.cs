using System.Text.Json.Nodes;

namespace Commonhold.Tests.Client.Browser;

/// <summary>Guardians, and the node, that send without end or a byte a second: the browser gives them up, and the others' answers open the file.</summary>
public sealed class BrowserOpeningBoundsTests : IDisposable
{
    private readonly GrantWorld _world = new();

    [BrowserCodeFact]
    public async Task A_guardian_that_sends_without_end_and_one_that_drips_keep_nobody_from_opening()
    {
        _world.Commit(3);
        using var endless = HostileServer.Endless(new byte[65_536]);
        using var dripping = HostileServer.Dripping("age-encryption.org/v1");
        var said = await BrowserOpener.OpenAsync(
            _world, _world.Dao.Guardians(), _world.Terms(), urls: new Dictionary<uint, Uri> { [1] = endless.Url, [2] = dripping.Url });
        Assert.Equal(3, said["report"]!["opened"]!.AsArray().Count);
        Assert.Equal([3, 4, 5], said["report"]!["helped"]!.AsArray().Select(guardian => (int)guardian!));
    }

    [BrowserCodeFact]
    public async Task An_answer_of_a_guardian_is_read_to_its_limit_and_no_longer_than_it_is_waited_for()
    {
        using var endless = HostileServer.Endless(new byte[65_536]);
        using var dripping = HostileServer.Dripping("age-encryption.org/v1");
        await RefusedAsync("guardian.answer_invalid", "does not end after 1048576 bytes", new JsonObject { ["guardian"] = endless.Url.AbsoluteUri, ["patience"] = 60_000 });
        await RefusedAsync("guardian.failed", "did not finish its answer within 1.5 s", new JsonObject { ["guardian"] = dripping.Url.AbsoluteUri, ["patience"] = 1_500 });
    }

    [BrowserCodeFact]
    public async Task A_file_from_the_node_is_read_to_its_length_and_no_longer_than_it_is_waited_for()
    {
        using var endless = HostileServer.Endless(new byte[65_536]);
        using var dripping = HostileServer.Dripping("age-encryption.org/v1");
        var said = await BrowserOpener.CheckAsync(new JsonObject { ["stranger"] = new JsonObject { ["blob"] = endless.Url.AbsoluteUri, ["maxBytes"] = 100_000, ["patience"] = 60_000 } });
        Assert.Equal(0, (int)said["length"]!);
        await RefusedAsync("blob.unavailable", "too slowly", new JsonObject { ["blob"] = dripping.Url.AbsoluteUri, ["maxBytes"] = 1_000, ["patience"] = 1_500 });
    }

    public void Dispose() => _world.Dispose();

    private static async Task RefusedAsync(string code, string detail, JsonObject stranger)
    {
        var said = await BrowserOpener.CheckAsync(new JsonObject { ["stranger"] = stranger });
        Assert.Equal(code, (string)said["refusal"]!["code"]!);
        Assert.Contains(detail, (string)said["refusal"]!["detail"]!, StringComparison.Ordinal);
        // Generous for a machine that does other things; what has no limit runs into the test's own.
        Assert.InRange((double)said["milliseconds"]!, 0, 50_000);
    }
}
