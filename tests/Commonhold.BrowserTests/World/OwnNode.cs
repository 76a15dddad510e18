namespace Commonhold.BrowserTests.World;

/// <summary>A node and a browser for the tests of one class alone, because they kill the node.</summary>
internal sealed class OwnNode : IAsyncDisposable
{
    private readonly DirectoryInfo _home;
    private readonly ChromiumBrowser _chromium;

    private OwnNode(DirectoryInfo home, NodeProcess node, ChromiumBrowser chromium) => (_home, Node, _chromium) = (home, node, chromium);

    public NodeProcess Node { get; }

    public static async Task<OwnNode> StartAsync()
    {
        var home = Directory.CreateTempSubdirectory("commonhold-calamity-");
        var browser = ChromiumBrowser.StartAsync();
        return new OwnNode(home, await NodeProcess.StartAsync(Path.Combine(home.FullName, "home")), await browser);
    }

    /// <summary>Plays a journey of some visitors; fails also when a page complained of something else than that the node is dead.</summary>
    public async Task PlayAsync(string name, IReadOnlyList<string> visitors, Func<IReadOnlyList<Visitor>, Task> journey)
    {
        var entered = new List<Visitor>();
        try
        {
            foreach (var visitor in visitors)
            {
                entered.Add(await Visitor.EnterAsync(_chromium.Browser, Node.Home, [Node.Chain], visitor, Habits.Desk, anyLoopback: true));
                // While the node is dead, its pages cannot reach it; that is what is tried here.
                entered[^1].Watch.Expect("ERR_CONNECTION_REFUSED|ERR_EMPTY_RESPONSE|ERR_CONNECTION_RESET|ERR_INCOMPLETE_CHUNKED_ENCODING|Failed to load resource|Failed to fetch");
            }

            await Patience.ForAsync($"the journey {name} ends", Patience.Journey, journey(entered));
            entered.ForEach(visitor => visitor.Watch.AssertQuiet());
        }
        catch
        {
            foreach (var visitor in entered)
                await visitor.SaveAsync(Artefacts.Folder("failed", name));
            throw;
        }
        finally
        {
            foreach (var visitor in entered)
                await visitor.DisposeAsync();
        }
    }

    public async ValueTask DisposeAsync()
    {
        await _chromium.DisposeAsync();
        await Node.DisposeAsync();
        _home.Delete(recursive: true);
    }
}
