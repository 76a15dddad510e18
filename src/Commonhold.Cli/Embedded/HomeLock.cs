using Commonhold.Cli.Voice;

namespace Commonhold.Cli.Embedded;

/// <summary>One embedded node a home: two would write the same chain.</summary>
internal sealed class HomeLock : IAsyncDisposable
{
    private readonly FileStream held;

    private HomeLock(FileStream held) => this.held = held;

    public static HomeLock Take(CommonholdHome home)
    {
        var file = Path.Combine(CommonholdHome.Private(home.Root), "lock");
        try
        {
            // flock(2): the kernel lets go of it when the process dies, however it dies.
            return new HomeLock(new FileStream(file, FileMode.OpenOrCreate, FileAccess.ReadWrite, FileShare.None));
        }
        catch (IOException e)
        {
            throw new CommandFailedException(
                new Complaint(ExitCode.Failed, $"another embedded node runs in {home.Root}", "stop it, or use another home: --home DIR"), e);
        }
    }

    public ValueTask DisposeAsync() => held.DisposeAsync();
}
