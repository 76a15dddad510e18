using Commonhold.Cli;
using Commonhold.Cli.Embedded;
using Commonhold.Cli.Voice;
using Commonhold.Client;

namespace Commonhold.Tests.Cli;

[Trait("Speed", "slow")]
public sealed class EmbeddedNodeTests : IDisposable
{
    private readonly string directory = Directory.CreateTempSubdirectory("commonhold-").FullName;

    public void Dispose() => Directory.Delete(directory, recursive: true);

    [AnvilFact]
    public async Task A_second_start_goes_on_with_the_same_DAO_and_the_same_key()
    {
        DaoInfo first, second;
        await using (var node = await StartAsync(CancellationToken.None))
            first = await ReadAsync(node);
        await using (var node = await StartAsync(CancellationToken.None))
            second = await ReadAsync(node);
        Assert.Equal(first.Contracts, second.Contracts);
        Assert.Equal(first.Dataset.Recipient, second.Dataset.Recipient);
        Assert.True(second.Dataset.Active);
        Assert.True(second.Trial);
    }

    [AnvilFact]
    public async Task A_start_that_is_stopped_at_any_step_is_finished_by_the_next()
    {
        foreach (var step in new[] { "Starting the embedded chain", "Creating the DAO", "Starting the node", "Making the dataset key" })
        {
            using var stop = new CancellationTokenSource();
            await Assert.ThrowsAnyAsync<OperationCanceledException>(() => EmbeddedNode.StartAsync(Options(), line =>
            {
                if (line.StartsWith(step, StringComparison.Ordinal))
                    stop.Cancel();
            }, stop.Token));
        }

        await using var node = await StartAsync(CancellationToken.None);
        Assert.True((await ReadAsync(node)).Dataset.Active);
    }

    [AnvilFact]
    public async Task Two_nodes_cannot_share_a_home()
    {
        await using var node = await StartAsync(CancellationToken.None);
        var refused = await Assert.ThrowsAsync<CommandFailedException>(() => StartAsync(CancellationToken.None));
        Assert.Contains("another embedded node runs", refused.Message, StringComparison.Ordinal);
    }

    [AnvilFact]
    public async Task Everything_in_the_home_is_for_its_owner_only()
    {
        await using var node = await StartAsync(CancellationToken.None);
        const UnixFileMode others = UnixFileMode.GroupRead | UnixFileMode.GroupWrite | UnixFileMode.GroupExecute
            | UnixFileMode.OtherRead | UnixFileMode.OtherWrite | UnixFileMode.OtherExecute;
        var home = Path.Combine(directory, "home");
        Assert.Equal(UnixFileMode.None, File.GetUnixFileMode(home) & others);
        var secrets = Directory.GetFiles(home, "*.age", SearchOption.AllDirectories).Concat(Directory.GetFiles(home, "*.passphrase", SearchOption.AllDirectories));
        Assert.All(secrets, file => Assert.Equal(UnixFileMode.None, File.GetUnixFileMode(file) & others));
        Assert.False(Directory.EnumerateFiles(Path.Combine(home, "creation")).Any(), "the creation key was not destroyed");
    }

    private EmbeddedOptions Options() => new(new CommonholdHome(Path.Combine(directory, "home"))) { Port = 0, ChainPort = 0 };

    private Task<EmbeddedNode> StartAsync(CancellationToken cancellationToken) => EmbeddedNode.StartAsync(Options(), _ => { }, cancellationToken);

    private static async Task<DaoInfo> ReadAsync(EmbeddedNode node)
    {
        using var http = NodeClient.CreateHttp(node.Url);
        return await new NodeClient(http).GetDaoAsync(CancellationToken.None);
    }
}
