using System.Text.Json;
using Commonhold.Cli.Voice;

namespace Commonhold.Cli.Chain;

/// <summary>The chain's state on disk: `state.json` is always whole; `exit.json` is what anvil writes as it ends, perhaps cut short; `lock` is held as long
/// as anvil lives.</summary>
internal sealed class AnvilState
{
    private readonly string current;
    private readonly string atExit;

    public AnvilState(string directory)
    {
        current = Path.Combine(directory, "state.json");
        atExit = Path.Combine(directory, "exit.json");
        AdoptWhatAnvilSaved();
    }

    /// <summary>Waits until the chain that ran here before has ended: when its node is killed it outlives it for as long as it saves itself.</summary>
    public static async Task UntilLeftAsync(string directory, CancellationToken cancellationToken)
    {
        using var patience = CancellationTokenSource.CreateLinkedTokenSource(cancellationToken);
        patience.CancelAfter(TimeSpan.FromSeconds(60));
        try
        {
            while (Directory.Exists(directory) && !IsLeft(directory))
                await Task.Delay(50, patience.Token).ConfigureAwait(false);
        }
        catch (OperationCanceledException) when (!cancellationToken.IsCancellationRequested)
        {
            throw new CommandFailedException($"the chain that ran in {directory} before has not ended within 60 s");
        }
    }

    /// <summary>Held by the child and its keeper (flock(2)), whoever dies first.</summary>
    public static string LockOf(string directory) => Path.Combine(directory, "lock");

    public string? Current => File.Exists(current) ? current : null;

    public IEnumerable<string> Arguments() =>
        Current is null ? ["--dump-state", atExit] : ["--load-state", current, "--dump-state", atExit];

    public async Task SaveAsync(byte[] json, CancellationToken cancellationToken)
    {
        var temporary = current + ".new";
        await using (var file = new FileStream(temporary, FileMode.Create, FileAccess.Write, FileShare.None))
        {
            await file.WriteAsync(json, cancellationToken).ConfigureAwait(false);
            file.Flush(flushToDisk: true);
        }

        File.Move(temporary, current, overwrite: true);
    }

    public void AdoptWhatAnvilSaved()
    {
        if (!File.Exists(atExit))
            return;
        if (IsWhole(atExit) && File.GetLastWriteTimeUtc(atExit) >= File.GetLastWriteTimeUtc(current))
            File.Move(atExit, current, overwrite: true);
        else
            File.Delete(atExit);
    }

    private static bool IsLeft(string directory)
    {
        try
        {
            using var held = new FileStream(LockOf(directory), FileMode.OpenOrCreate, FileAccess.ReadWrite, FileShare.None);
            return true;
        }
        catch (IOException)
        {
            return false;
        }
    }

    // anvil writes in place: a machine that stopped meanwhile leaves half a document.
    private static bool IsWhole(string path)
    {
        try
        {
            using var file = File.OpenRead(path);
            using var document = JsonDocument.Parse(file);
            return document.RootElement.TryGetProperty("accounts", out _);
        }
        catch (JsonException)
        {
            return false;
        }
    }
}
