using Commonhold.Server.Contributions;
using Commonhold.Server.Operations;
using Commonhold.Server.Releases;

namespace Commonhold.Server.Home;

/// <summary>Passes on to open pages what features only say inside the node: a verdict, a line in a guardian's log.</summary>
internal sealed class ChangeWatch(WorkBell bell, ReleaseBook releases, Changes changes) : BackgroundService
{
    protected override Task ExecuteAsync(CancellationToken stoppingToken) => Task.WhenAll(
        PassOnAsync(() => bell.Rang.Next, Topic.Contributions, stoppingToken), PassOnAsync(() => releases.Changed.Next, Topic.Releases, stoppingToken));

    private async Task PassOnAsync(Func<Task> next, Topic topic, CancellationToken stoppingToken)
    {
        var beat = next();
        while (true)
        {
            await beat.WaitAsync(stoppingToken).ConfigureAwait(ConfigureAwaitOptions.SuppressThrowing);
            if (stoppingToken.IsCancellationRequested)
                return;
            beat = next(); // Taken before it is told, so that a beat in between is not lost.
            changes.Announce(topic);
        }
    }
}
