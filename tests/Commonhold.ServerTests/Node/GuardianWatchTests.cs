using System.Net.Http.Json;
using System.Text.Json;
using Commonhold.Client;
using Commonhold.Ethereum;
using Commonhold.Server.Operations;
using Commonhold.Server.Releases;

namespace Commonhold.ServerTests.Node;

/// <summary>What a node makes of guardians that are honest, dead, or lie about their own log.</summary>
[Trait("Speed", "slow")]
public sealed class GuardianWatchTests : IAsyncLifetime
{
    private readonly Scratch _scratch = new();
    private NodeWorld _world = null!;
    private GuardianStub _guardian = null!;

    public async Task InitializeAsync()
    {
        if (!Commonhold.Tests.Require.Anvil())
            return;
        _world = await NodeWorld.CreateAsync();
        _guardian = await GuardianStub.StartAsync(_world.Guardian.Address);
    }

    public async Task DisposeAsync()
    {
        if (_world is not null)
        {
            await _guardian.DisposeAsync();
            await _world.DisposeAsync();
        }

        _scratch.Dispose();
    }

    [AnvilFact]
    public async Task A_log_is_read_page_by_page_and_on_from_there_after_a_restart()
    {
        _guardian.Log = GuardianStub.Lines(2300);
        await using (var node = await StartAsync())
        {
            await UntilAsync(node, guardian => guardian.Lines == 2300);
            Assert.Equal(_guardian.Log[^1].Digest, (await GuardianAsync(node)).LogHead);
            var page = await node.Http.GetAsync("v1/releases?limit=2");
            Assert.Equal(new long[] { 2299, 2298 }, (await page.Content.ReadFromJsonAsync<JsonElement>()).EnumerateArray().Select(line => line.GetProperty("sequence").GetInt64()));
            Assert.Contains("rel=\"next\"", page.Headers.GetValues("Link").Single(), StringComparison.Ordinal);
        }

        _guardian.Log = GuardianStub.Lines(2303);
        await using var again = await StartAsync();
        await UntilAsync(again, guardian => guardian.Lines == 2303);
        Assert.True((await GuardianAsync(again)).IsWell);
        var opened = Assert.Single(await again.Get<ReleaseBook>().OfContributionAsync(new BatchId(0), 7, default));
        Assert.Equal((new GrantId(0), true), (opened.Grant, opened.IsOpenable));
        Assert.Empty(await again.Get<ReleaseBook>().OfContributionAsync(new BatchId(0), 5, default));
    }

    [AnvilFact]
    public async Task A_dead_guardian_is_shown_as_such_and_keeps_nothing_waiting()
    {
        _guardian.Log = GuardianStub.Lines(1);
        await using var node = await StartAsync();
        await UntilAsync(node, guardian => guardian.Lines == 1);

        await _guardian.DisposeAsync();

        await UntilAsync(node, guardian => guardian.State == GuardianState.Silent);
        var page = await node.Http.GetStringAsync("transparency");
        Assert.Contains("does not answer", page, StringComparison.Ordinal);
        Assert.Single(await node.Get<ReleaseBook>().RecentAsync(10, default));
        _guardian = await GuardianStub.StartAsync(_world.Guardian.Address);
    }

    [AnvilFact]
    public async Task A_log_that_is_written_anew_is_named_for_good()
    {
        _guardian.Log = GuardianStub.Lines(3);
        await using (var node = await StartAsync())
        {
            await UntilAsync(node, guardian => guardian.Lines == 3);
            _guardian.Log = GuardianStub.Lines(4, grant: 9);
            await UntilAsync(node, guardian => guardian.State == GuardianState.Faulty);
        }

        // The true log again: what was seen was seen.
        _guardian.Log = GuardianStub.Lines(4);
        await using var again = await StartAsync();
        await UntilAsync(again, guardian => guardian.Lines == 4);
        var standing = await GuardianAsync(again);
        Assert.Equal((false, "guardian.log_forked", 2L), (standing.IsWell, Assert.Single(standing.Faults).Code, standing.Faults[0].Sequence));
        Assert.Contains("cannot be relied on", await again.Http.GetStringAsync("transparency?show=releases"), StringComparison.Ordinal);
    }

    [AnvilFact]
    public async Task Another_guardians_log_is_not_taken_for_the_one_that_should_answer()
    {
        (_guardian.Account, _guardian.Log) = (Address.Parse("0x00000000000000000000000000000000000000a1"), GuardianStub.Lines(2));
        await using var node = await StartAsync();
        await UntilAsync(node, guardian => guardian.State == GuardianState.Other);
        Assert.Equal(0, (await GuardianAsync(node)).Lines);
    }

    private Task<RunningNode> StartAsync() => RunningNode.StartAsync(_world, _scratch.Path, options => options with
    {
        GuardianUrls = [_guardian.Url], Releases = new ReleaseOptions { PollInterval = TimeSpan.FromMilliseconds(100), LongestPause = TimeSpan.FromMilliseconds(300), Timeout = TimeSpan.FromSeconds(10) },
    });

    private static async Task<GuardianStanding> GuardianAsync(RunningNode node) => Assert.Single(await node.Get<ReleaseBook>().GuardiansAsync(default));

    private static Task UntilAsync(RunningNode node, Func<GuardianStanding, bool> holds) =>
        Eventually.HoldsAsync(async () => holds(await GuardianAsync(node)), "the guardian stands as it should");
}
