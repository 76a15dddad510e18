using Commonhold.Server.Operations;
using Commonhold.Server.Web;
using Commonhold.Server.Web.Live;

namespace Commonhold.Tests.Server.Web;

public sealed class LiveTests
{
    [Fact]
    public async Task A_listener_learns_what_changed_since_it_last_looked_however_often()
    {
        var changes = new Changes();
        var before = changes.Stand();
        var next = changes.Next;
        changes.Announce(Topic.Head, Topic.Revenue);
        changes.Announce(Topic.Head);
        await next.WaitAsync(TimeSpan.FromSeconds(60));
        var after = changes.Stand();
        Assert.Equal([Topic.Head, Topic.Revenue], Changes.Between(before, after));
        Assert.Empty(Changes.Between(after, changes.Stand()));
    }

    [Fact]
    public void Nothing_to_tell_wakes_nobody()
    {
        var changes = new Changes();
        var next = changes.Next;
        changes.Announce();
        Assert.False(next.IsCompleted);
    }

    [Fact]
    public void Connections_are_bounded_for_one_address_and_in_all_and_a_place_that_is_left_is_free()
    {
        var seats = new Seats(total: 3, perAddress: 2);
        Assert.True(seats.TryTake("a"));
        Assert.True(seats.TryTake("a"));
        Assert.False(seats.TryTake("a"));
        Assert.True(seats.TryTake("b"));
        Assert.False(seats.TryTake("c"));
        seats.Free("a");
        Assert.True(seats.TryTake("c"));
        Assert.False(seats.TryTake("a"));
    }
}
