using Commonhold.Server.Operations;

namespace Commonhold.Tests.Server.Web;

public sealed class KeptTests
{
    private readonly Changes _changes = new();

    [Fact]
    public async Task What_many_ask_for_is_made_once_until_it_changes()
    {
        using var kept = new Kept<string>(_changes, Topic.Requests);
        var made = 0;
        Task<string> Make(CancellationToken _) => Task.FromResult($"{++made}");
        Assert.Equal(["1", "1"], new[] { await kept.GetAsync(Make, default), await kept.GetAsync(Make, default) });
        _changes.Announce(Topic.Revenue);
        Assert.Equal("1", await kept.GetAsync(Make, default));
        _changes.Announce(Topic.Requests);
        Assert.Equal(["2", "2"], new[] { await kept.GetAsync(Make, default), await kept.GetAsync(Make, default) });
    }

    [Fact]
    public async Task What_changed_while_it_was_made_is_made_again()
    {
        using var kept = new Kept<string>(_changes, Topic.Requests);
        Assert.Equal("old", await kept.GetAsync(_ =>
        {
            _changes.Announce(Topic.Requests);
            return Task.FromResult("old");
        }, default));
        Assert.Equal("new", await kept.GetAsync(_ => Task.FromResult("new"), default));
    }

    [Fact]
    public async Task A_failure_is_not_kept()
    {
        using var kept = new Kept<string>(_changes, Topic.Requests);
        await Assert.ThrowsAsync<IOException>(async () => await kept.GetAsync(_ => throw new IOException(), default));
        Assert.Equal("now", await kept.GetAsync(_ => Task.FromResult("now"), default));
    }
}
